"""Where things live on this machine and inside the package."""

import os
from importlib.resources import files
from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_data_path, user_state_path

APP = "mlx-tui"


def cache_dir() -> Path:
    """The cache: clones, scan results, environments. `MLX_TUI_CACHE_DIR` overrides the platform's folder."""
    override = os.environ.get("MLX_TUI_CACHE_DIR")
    return Path(override) if override else user_cache_path(APP)


def config_dir() -> Path:
    """The user's own settings, shared by all studies."""
    return user_config_path(APP)


def state_dir() -> Path:
    """What the interface remembers of how each study was last looked at."""
    return user_state_path(APP)


def demo_dir() -> Path:
    """The folder of the study that `mlx-tui demo` opens when no other is named."""
    return user_data_path(APP) / "demo"


def sample_corpus_dir() -> Path:
    """The sample repositories: inside an installed package, or beside it in a source checkout.

    Raises:
        FileNotFoundError: The installation lacks them.
    """
    package = Path(str(files("mlx_tui")))
    for candidate in (package / "sample_corpus", package.parent / "sample_corpus"):
        if (candidate / "corpus.csv").is_file():
            return candidate
    raise FileNotFoundError("the sample corpus is missing from this installation: reinstall mlx-tui")
