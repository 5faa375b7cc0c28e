"""Sends MLflow's runs into the attempt's own store, whatever tracking URI the code asks for.

A `.pth` file in the attempt's environment loads `mlx_tui_redirect.py`, which wraps MLflow's functions once they are
imported. That works for scripts, `python -I`, notebooks and subprocesses, and leaves `sitecustomize` alone.
"""

import re
from pathlib import Path

from packaging.version import InvalidVersion, Version

from mlx_tui.reproduction.project_names import site_packages

DATABASE = "mlflow.db"
FILE_STORE = "mlruns"
ARTIFACTS = "artifacts"
RECORD = "asked.jsonl"
_MODULE = "mlx_tui_redirect"
_VARIABLE = "MLX_TUI_REDIRECT"


def install(environment: Path) -> None:
    """Puts the redirect into a virtual environment; without `variables` it does nothing there.

    Raises:
        OSError: The environment has no site-packages, or can't be written.
    """
    packages = site_packages(environment)
    if packages is None:
        raise FileNotFoundError(f"{environment} is no virtual environment")
    source = Path(__file__).with_name(f"{_MODULE}.py").read_bytes()
    (packages / f"{_MODULE}.py").write_bytes(source)
    (packages / f"{_MODULE}.pth").write_text(f"import os; os.environ.get('{_VARIABLE}') and __import__('{_MODULE}')\n")


def variables(store: Path, environment: Path) -> dict[str, str]:
    """The environment variables that put the redirect in force.

    Args:
        store: The attempt's store.
        environment: Its virtual environment: the MLflow in it decides on the kind of store.
    """
    own = _own_uri(store, environment)
    return {
        _VARIABLE: own,
        f"{_VARIABLE}_ARTIFACTS": str(store / ARTIFACTS),
        f"{_VARIABLE}_RECORD": str(store / RECORD),
        "MLFLOW_TRACKING_URI": own,
    }


def _own_uri(store: Path, environment: Path) -> str:
    """A database where the environment's MLflow can make one, else files.

    MLflow 1.x breaks on SQLAlchemy 2, and `mlflow-skinny` comes without SQLAlchemy.
    """
    mlflow = _installed(environment, "mlflow") or _installed(environment, "mlflow_skinny")
    sqlalchemy = _installed(environment, "sqlalchemy")
    fits = sqlalchemy is not None and mlflow is not None and (mlflow.major >= 2 or sqlalchemy.major < 2)
    return f"sqlite:///{store / DATABASE}" if fits else (store / FILE_STORE).as_uri()


def _installed(environment: Path, name: str) -> Version | None:
    """The version of a distribution, from the name of its metadata folder."""
    packages = site_packages(environment)
    for path in packages.iterdir() if packages else ():
        match = re.fullmatch(r"(.+?)-([^-]+)\.(?:dist|egg)-info", path.name)
        if match and match[1].lower() == name:
            try:
                return Version(match[2])
            except InvalidVersion:
                return None
    return None
