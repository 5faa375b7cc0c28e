"""What is typed and accepted in one go, as it arrives over a slow connection: nothing of it is lost."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from textual import events
from textual.widgets import Input

from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.presentation.plan_form import Field
from mlx_tui.tui.screens.file_picker import FilePicker
from mlx_tui.tui.screens.form import Form
from mlx_tui.tui.screens.missed import MissedFinding, MissedPrompt
from mlx_tui.tui.screens.modals import NoteEditor, Question, TextPrompt

from .support import until, until_shown

ANYTHING: Callable[[Mapping[str, str]], str] = lambda values: ""  # noqa: E731
DIALOGS: dict[str, tuple[Callable[[], Question[Any]], str, object]] = {
    "note": (lambda: NoteEditor("on it", ""), "f2", "typed at once"),
    "line": (lambda: TextPrompt("What?", ""), "enter", "typed at once"),
    "form": (lambda: Form("What?", [Field("a", "a", "")], ANYTHING), "f2", {"a": "typed at once"}),
    "file": (lambda: FilePicker(["a.py", "typed at once.py"]), "enter", "typed at once.py"),
    "missed": (
        lambda: MissedPrompt(["typed at once"], MissedFinding("", "a.py:1", "")),
        "enter",
        MissedFinding("typed at once", "a.py:1", ""),
    ),
}


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_key_that_accepts_comes_after_the_letters_before_it(app: MlxTuiApp, name: str) -> None:
    make, accepts, expected = DIALOGS[name]
    given: list[object] = []
    async with app.run_test(size=(100, 30)) as pilot:
        await until_shown(pilot, "14 repositories")
        app.push_screen(make(), given.append)
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.pause()
        if app.focused is None:
            app.screen.query_one(Input).focus()
        for letter in "typed at once":
            app.post_message(events.Key("space" if letter == " " else letter, letter))
        app.post_message(events.Key(accepts, None))
        await until(pilot, lambda: bool(given))
        assert given == [expected]
