"""Fixtures of the interface's tests."""

from pathlib import Path
from typing import Any

import pytest

from mlx_tui.tui.app import MlxTuiApp


@pytest.fixture(autouse=True)
def _own_preferences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees what another one let the interface remember for the user."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user-config"))


@pytest.fixture
def app(demo_study: Any) -> MlxTuiApp:
    """The interface on a study of the sample corpus that the test may change."""
    return MlxTuiApp(demo_study)
