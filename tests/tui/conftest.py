"""Fixtures of the interface's tests."""

from typing import Any

import pytest

from mlx_tui.tui.app import MlxTuiApp


@pytest.fixture
def app(demo_study: Any) -> MlxTuiApp:
    """The interface on a study of the sample corpus that the test may change."""
    return MlxTuiApp(demo_study)
