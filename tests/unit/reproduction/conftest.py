"""No test leaves an attempt running, also not one that fails."""

from collections.abc import Iterator

import attempt_support
import pytest

from mlx_tui.reproduction.attempts import cancel_attempt
from mlx_tui.reproduction.model import Phase


@pytest.fixture(autouse=True)
def _no_attempt_goes_on() -> Iterator[None]:
    yield
    while attempt_support.STARTED:
        attempt = attempt_support.STARTED.pop()
        try:
            if attempt_support.again(attempt).state.phase is not Phase.FINISHED:
                cancel_attempt(attempt)
        except Exception:
            continue
