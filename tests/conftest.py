"""Fixtures that many tests share. No test sees the user's own settings, caches or git configuration."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Where a change is judged, the same examples every time; at a desk, new ones.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("desk", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Caches, settings and data of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        root = tmp_path_factory.mktemp("user")
        patch.setenv("MLX_TUI_CACHE_DIR", str(root / "cache"))
        patch.setenv("XDG_CONFIG_HOME", str(root / "config"))
        patch.setenv("XDG_DATA_HOME", str(root / "data"))
        patch.setenv("XDG_STATE_HOME", str(root / "state"))
        patch.setenv("MLX_TUI_ANNOTATOR", "tester")
        patch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        yield


@pytest.fixture(scope="session")
def scanned_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a fetched, scanned and exported study on the sample corpus. Don't change it: use `demo_study`."""
    from mlx_tui.demo import create_demo

    study = create_demo(tmp_path_factory.mktemp("demo") / "study")
    study.corpus.fetch()
    study.scan(jobs=1)
    study.export()
    return study.path


@pytest.fixture
def demo_folder(scanned_demo: Path, tmp_path: Path) -> Path:
    """A copy of the demo's study that a test may change."""
    folder = tmp_path / "study"
    shutil.copytree(scanned_demo, folder, symlinks=True)
    return folder


@pytest.fixture
def demo_study(demo_folder: Path):  # type: ignore[no-untyped-def]
    """A study on the sample corpus, fetched and scanned, that a test may change."""
    from mlx_tui.study import Study

    return Study(demo_folder)
