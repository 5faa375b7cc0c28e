"""Sends MLflow's runs into the attempt's own store, whatever tracking URI the code asks for.

A `.pth` file in the attempt's environment loads `mlx_tui_redirect.py`, which wraps MLflow's functions once they are
imported. That works for scripts, `python -I`, notebooks and subprocesses, and leaves `sitecustomize` alone.
"""

import re
from pathlib import Path

from packaging.version import Version

from mlx_tui.formats.versions import version_of
from mlx_tui.reproduction.project_names import site_packages

DATABASE = "mlflow.db"
FILE_STORE = "mlruns"
ARTIFACTS = "artifacts"
RECORD = "asked.jsonl"
_MODULE = "mlx_tui_redirect"
PROJECT_RUN = Path(__file__).with_name("project_run.py")
"""Runs a command within a run of MLflow's."""
_OLD_POOL = re.compile(r"^from sqlalchemy\.pool import \([^)]*FallbackAsyncAdaptedQueuePool", re.MULTILINE)
_VARIABLE = "MLX_TUI_REDIRECT"


def install(environment: Path) -> None:
    """Puts the redirect into a virtual environment; without `variables` it does nothing there.

    Raises:
        OSError: The environment has no site-packages, or can't be written.
    """
    packages = site_packages(environment)
    if packages is None:
        raise FileNotFoundError(f"{environment} is no virtual environment")
    for name, content in files():
        (packages / name).write_bytes(content)


def files() -> tuple[tuple[str, bytes], ...]:
    """The names and contents of the files that, among an interpreter's packages, are the redirect."""
    loader = f"import os; os.environ.get('{_VARIABLE}') and __import__('{_MODULE}')\n"
    return (f"{_MODULE}.py", Path(__file__).with_name(f"{_MODULE}.py").read_bytes()), (
        f"{_MODULE}.pth",
        loader.encode(),
    )


def variables(store: Path, *, database: bool) -> dict[str, str]:
    """The environment variables that put the redirect in force.

    Args:
        store: The attempt's store.
        database: Whether it is a database, as `makes_database` tells; else it is files.
    """
    own = f"sqlite:///{store / DATABASE}" if database else (store / FILE_STORE).as_uri()
    return {
        _VARIABLE: own,
        f"{_VARIABLE}_ARTIFACTS": str(store / ARTIFACTS),
        f"{_VARIABLE}_RECORD": str(store / RECORD),
        "MLFLOW_TRACKING_URI": own,
    }


def makes_database(environment: Path) -> bool:
    """Whether a virtual environment's MLflow can make a database."""
    mlflow = _installed(environment, "mlflow") or _installed(environment, "mlflow_skinny")
    return fits(mlflow, _installed(environment, "sqlalchemy"), old_pool=_imports_old_pool(environment))


def fits(mlflow: Version | None, sqlalchemy: Version | None, *, old_pool: bool) -> bool:
    """Whether an MLflow can make a database with a SQLAlchemy; None for what isn't installed.

    `mlflow-skinny` comes without SQLAlchemy; MLflow 1.x breaks on SQLAlchemy 2, and later ones up to some 3.x on
    SQLAlchemy 2.1, where what they import at the top of a module is gone.

    Args:
        mlflow: The version of MLflow.
        sqlalchemy: The version of SQLAlchemy.
        old_pool: Whether MLflow's database module imports a class that SQLAlchemy 2.1 removed.
    """
    if mlflow is None or sqlalchemy is None:
        return False
    if mlflow.major < 2:
        return sqlalchemy.major < 2
    return sqlalchemy < Version("2.1") or not old_pool


def _imports_old_pool(environment: Path) -> bool:
    """Whether MLflow's database module can't be imported beside SQLAlchemy 2.1."""
    packages = site_packages(environment)
    module = packages / "mlflow" / "store" / "db" / "utils.py" if packages else None
    return module is not None and module.is_file() and bool(_OLD_POOL.search(module.read_text(errors="replace")))


def _installed(environment: Path, name: str) -> Version | None:
    """The version of a distribution, from the name of its metadata folder."""
    packages = site_packages(environment)
    for path in packages.iterdir() if packages else ():
        match = re.fullmatch(r"(.+?)-([^-]+)\.(?:dist|egg)-info", path.name)
        if match and match[1].lower() == name:
            return version_of(match[2])
    return None
