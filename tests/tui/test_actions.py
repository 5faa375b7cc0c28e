import importlib
import pkgutil

import pytest
from textual.binding import Binding
from textual.widgets import Input, TextArea

import mlx_tui.tui.screens
from mlx_tui.tui.actions import (
    ACTIONS,
    DIALOGS,
    SCOPES,
    TYPING,
    WIDGET_SCOPES,
    WIDGETS_OF,
    Action,
    actions_of,
    key_label,
)
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.editing_keys import editing_keys
from mlx_tui.tui.keys_markdown import keys_markdown
from mlx_tui.tui.palette import Palette
from mlx_tui.tui.screens.about import About
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.screens.file_picker import FilePicker
from mlx_tui.tui.screens.form import ChoiceLine, Form
from mlx_tui.tui.screens.missed import MissedPrompt
from mlx_tui.tui.screens.modals import Confirm, NoteEditor, TextPrompt
from mlx_tui.tui.widgets.chart_view import ChartView
from mlx_tui.tui.widgets.code_view import CodeView
from mlx_tui.tui.widgets.filter_line import FilterLine
from mlx_tui.tui.widgets.log_view import LogView
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.text_pane import TextPane

from .support import screen_text, until_shown

DONE_BY: dict[str, tuple[type, ...]] = {
    "dialog": (Confirm, TextPrompt, NoteEditor, MissedPrompt, FilePicker, Form, About),
    "confirm": (Confirm,),
    "typed": (TextPrompt, NoteEditor, MissedPrompt, FilePicker, Form),
    "prompt": (TextPrompt, MissedPrompt, FilePicker, Form),
    "choice": (ChoiceLine,),
    "picker": (FilePicker,),
    "about": (About,),
    "text": (ChartView, TextPane),
    "palette": (Palette,),
    "table": (VirtualTable,),
    "code": (CodeView,),
    "log": (LogView,),
    "line": (FilterLine,),
}


def screens() -> dict[str, type[StudyScreen]]:
    for module in pkgutil.iter_modules(mlx_tui.tui.screens.__path__):
        importlib.import_module(f"mlx_tui.tui.screens.{module.name}")
    found = {}
    waiting = StudyScreen.__subclasses__()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found[kind.SCOPE] = kind
    return found


def test_ids_are_unique_and_of_a_known_scope() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    assert {action.scope for action in ACTIONS} <= set(SCOPES)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_is_done_by_something_and_explained(action: Action) -> None:
    if action.scope in WIDGET_SCOPES or action.scope in DIALOGS:
        for kind in DONE_BY[action.scope]:
            assert callable(getattr(kind, f"action_{action.name}"))
    else:
        owner = MlxTuiApp if action.scope == "app" else screens()[action.scope]
        assert callable(getattr(owner, f"do_{action.name}"))
    assert action.description.endswith(".") and action.title


@pytest.mark.parametrize("scope", [scope for scope in SCOPES if scope != "app"])
def test_a_key_means_one_thing_where_it_is_pressed(scope: str) -> None:
    keys = [key for action in actions_of(scope) for key in action.keys]
    assert len(keys) == len(set(keys))
    everywhere = [key for action in actions_of("app") for key in action.keys]
    assert len(everywhere) == len(set(everywhere))
    assert scope == TYPING or scope in DIALOGS or not set(everywhere) & set(keys)


@pytest.mark.parametrize("kind", screens().values(), ids=lambda kind: kind.__name__)
def test_no_widget_of_a_screen_takes_its_keys(kind: type[StudyScreen]) -> None:
    """A focused widget's keys come first: only keys of the log and table may hide those of a screen on purpose."""
    own = {key for action in actions_of(kind.SCOPE) for key in action.keys} if kind.SCOPE else set()
    taken = {key for action in actions_of(*WIDGETS_OF.get(kind.SCOPE, ("table",))) for key in action.keys}
    assert not own & taken


def test_no_key_that_terminals_multiplexers_or_keyboards_take() -> None:
    forbidden = {"ctrl+j", "ctrl+o", "ctrl+s", "ctrl+c", "ctrl+q", *"[]{}"}
    assert not forbidden & {key for action in ACTIONS for key in action.keys}


def test_labels() -> None:
    assert key_label("ctrl+d") == "^d"
    assert key_label("question_mark") == "?"


def test_the_guides_tables_name_every_action() -> None:
    text = keys_markdown()
    assert all(f"| {action.title} | {action.description} |" in text for action in ACTIONS)
    assert all(line.count("|") == 4 for line in text.splitlines() if line.startswith("| `"))


def test_the_keys_that_edit_a_text_are_those_of_its_widgets() -> None:
    for place, widget in (("field", Input), ("note", TextArea)):
        listed = {key for action in editing_keys() if action.scope == place for key in action.keys}
        bound = {each.key for each in Binding.make_bindings(widget.BINDINGS) if not each.key.startswith("super+")}
        assert bound - listed <= {"enter"}, "a dialog has a key of its own for it"
        assert listed - bound == ({"tab", "shift+tab"} if place == "field" else set())
    told = {action.id for action in editing_keys()}
    assert len(told) == len(editing_keys()) and not told & {action.id for action in ACTIONS}


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (300, 80)])
async def test_the_help_lists_them(app: MlxTuiApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await until_shown(pilot, "6/6")
        await pilot.press("question_mark", "slash", *'"text field" left', "enter")
        await until_shown(pilot, "^shift+←")
        assert "In a text field" in screen_text(app)
        await pilot.press("slash", *"note undo", "enter")
        await until_shown(pilot, "^z")
