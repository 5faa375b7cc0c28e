"""The environment variables of an attempt: an allow-list, so that no token, secret or key of the user reaches it."""

import os
import pwd
from pathlib import Path

from mlx_tui.paths import cache_dir
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.container_engine import engine_variables
from mlx_tui.reproduction.leftovers import MARK
from mlx_tui.reproduction.model import Deviation, Isolation

_KEPT = frozenset(
    ["LANG", "LANGUAGE", "TZ", "JAVA_HOME", "CUDA_HOME", "CUDA_PATH", "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS"]
)
CERTIFICATES = frozenset(
    ["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "NODE_EXTRA_CA_CERTS"]
)
_PROXIES = frozenset(["http_proxy", "https_proxy", "all_proxy", "no_proxy", "ftp_proxy"])
_INSTALL = (
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_INDEX_STRATEGY"),
    *("UV_OFFLINE", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS", "UV_CACHE_DIR", "UV_LINK_MODE", "UV_HTTP_TIMEOUT"),
    *("UV_CONFIG_FILE", "UV_PYTHON_INSTALL_DIR", "UV_PYTHON_DOWNLOADS", "UV_INSECURE_HOST", "UV_CONCURRENT_BUILDS"),
    *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_CERT", "PIP_CONFIG_FILE"),
)

# What every run gets, and a project did not ask for; `standing_deviations` says what matters of it.
_RUN = {
    "PYTHONUNBUFFERED": "1",
    "MPLBACKEND": "Agg",
    "TERM": "dumb",
    "COLUMNS": "120",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_ALLOW_FILE_STORE": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "1",
    # Hydra hides the exception that ended a run unless it is asked for it.
    "HYDRA_FULL_ERROR": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "mlx-tui",
    "GIT_AUTHOR_EMAIL": "mlx-tui@localhost",
    "GIT_COMMITTER_NAME": "mlx-tui",
    "GIT_COMMITTER_EMAIL": "mlx-tui@localhost",
    "PIP_NO_INPUT": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}


def scrubbed_environment(*, network: bool = True) -> dict[str, str]:
    """The variables of this process that an attempt may see: locale, certificates, and proxies without credentials.

    Args:
        network: Whether proxies and certificates are of use.
    """
    kept = {name: value for name, value in os.environ.items() if name in _KEPT or name.startswith("LC_")}
    kept.setdefault("LANG", "C.UTF-8")
    if network:
        kept |= {name: value for name, value in os.environ.items() if name in CERTIFICATES} | proxies()
    return kept


def proxies() -> dict[str, str]:
    """The proxies of this process, without those whose URL holds credentials."""
    return {name: value for name, value in os.environ.items() if name.lower() in _PROXIES and "@" not in value}


def install_environment(files: AttemptFiles) -> dict[str, str]:
    """The variables for building the environment: also the package index, where its URL holds no credentials."""
    home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    settings = {"UV_CACHE_DIR": os.environ.get("XDG_CACHE_HOME", str(home / ".cache")) + "/uv"}
    config = Path(os.environ.get("XDG_CONFIG_HOME", home / ".config")) / "uv" / "uv.toml"
    if config.is_file():
        settings["UV_CONFIG_FILE"] = str(config)
    kept = {name: os.environ[name] for name in _INSTALL if "@" not in os.environ.get(name, "@")}
    own = {"MLX_TUI_CACHE_DIR": str(cache_dir()), "PATH": os.environ.get("PATH", os.defpath), "PYTHONUNBUFFERED": "1"}
    return scrubbed_environment() | settings | kept | _own_folders(files) | own


def image_environment(files: AttemptFiles) -> dict[str, str]:
    """The variables for making an image ready: those of the engine's own command, which runs no foreign code itself."""
    own = {MARK: str(files.folder), "MLX_TUI_CACHE_DIR": str(cache_dir()), "PYTHONUNBUFFERED": "1"}
    return proxies() | engine_variables() | own


def run_environment(files: AttemptFiles, network: bool, more: dict[str, str]) -> dict[str, str]:
    """The variables of the steps.

    Args:
        files: The attempt's files.
        network: Whether the run may use the network.
        more: Variables of the tracking redirect.
    """
    return (
        scrubbed_environment(network=network)
        | _RUN
        | _own_folders(files)
        | {
            "PATH": f"{files.environment / 'bin'}:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
            "VIRTUAL_ENV": str(files.environment),
            # The environment is read-only: without this, each process would compile every module again. Compiling all
            # of it on install made 50 s of 5 s (MLflow, scikit-learn, pandas), and 8 s of the 20 s of a first import.
            "PYTHONPYCACHEPREFIX": str(files.temporary / "pycache"),
            "UV_OFFLINE": "0" if network else "1",
        }
        | more
    )


def container_environment(files: AttemptFiles, network: bool, user: str, more: dict[str, str]) -> dict[str, str]:
    """The variables of the steps in a container, beside those of the image.

    Args:
        files: The attempt's files.
        network: Whether the run may use the network.
        user: `uid:gid` of the steps.
        more: Variables of the tracking redirect.
    """
    own = {MARK: str(files.folder)}
    if user != "0:0":  # nobody whom the image knows
        own |= {"HOME": str(files.home), "LOGNAME": "mlx-tui", "USER": "mlx-tui"}
    elif any(files.home.iterdir()):
        own["HOME"] = str(files.home)
    return _RUN | (proxies() if network else {}) | own | more


def _own_folders(files: AttemptFiles) -> dict[str, str]:
    return {MARK: str(files.folder), "HOME": str(files.home), "TMPDIR": str(files.temporary)}


def standing_deviations(isolation: Isolation, network: bool) -> tuple[Deviation, ...]:
    """What every run does otherwise than a user's shell would, with the reason."""
    told = [
        Deviation("MLflow's store", "the project's tracking URI", "the attempt's own store", "runs are captured there"),
        Deviation("matplotlib's backend", "the project's choice", "Agg (MPLBACKEND)", "there is no display"),
        Deviation("environment variables", "the user's", "a short allow-list", "no secret reaches the code"),
        Deviation("HTTP retries of MLflow", "5 or 7", "1", "a dead tracking server would eat minutes"),
    ]
    if not network:
        told.append(_no_network(isolation))
    return tuple(told)


def _no_network(isolation: Isolation) -> Deviation:
    if isolation is Isolation.NONE:
        return Deviation("network", "none", "as it is", "only bubblewrap can cut it off here")
    return Deviation("network", "as it is", "none", "asked for")
