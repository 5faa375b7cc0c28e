"""Fixtures of the interface's tests."""

from pathlib import Path
from typing import Any

import pytest

from mlx_tui.preferences import Preferences
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.presentation.first_hints import FIRST_HINTS


@pytest.fixture(autouse=True)
def _own_preferences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees what another one let the interface remember; the user isn't here for the first time."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user-config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "user-state"))
    preferences = Preferences()
    for scope in FIRST_HINTS:
        preferences.read_hint(scope)
    preferences.write()


@pytest.fixture
def app(demo_study: Any) -> MlxTuiApp:
    """The interface on a study of the sample corpus that the test may change."""
    return MlxTuiApp(demo_study)
