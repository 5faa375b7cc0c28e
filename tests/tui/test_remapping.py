"""Every action of the registry can be given another key, and what moves has the letters of vi beside the arrows."""

import pytest

from mlx_tui.config import KeyChoice
from mlx_tui.study import Study
from mlx_tui.tui.actions import ACTIONS, BY_ID, DIALOGS, TYPED_INTO, WIDGET_SCOPES, WIDGETS_OF, Action
from mlx_tui.tui.actions.keymap import DEFAULT, read_key_map
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.keys_markdown import keys_markdown

VI = {
    "up": "k",
    "down": "j",
    "left": "h",
    "right": "l",
    "home": "g",
    "end": "G",
    "pageup": "ctrl+b",
    "pagedown": "ctrl+f",
}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_takes_another_key_and_loses_its_own(action: Action) -> None:
    keys = read_key_map([KeyChoice(action.id, ("f12",), "here")])
    assert keys.keys(action) == ("f12",) and keys.label(action.id) == "f12"
    bound = {binding.id: binding.key for binding in keys.bindings(action.scope)}
    assert bound[action.id] == "f12"
    others = {each.id: keys.keys(each) for each in ACTIONS if each is not action}
    assert others == {each.id: each.keys for each in ACTIONS if each is not action}
    assert f"| `f12` | {action.title} |" in keys_markdown(keys)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_with_another_way_can_go_without_a_key(action: Action) -> None:
    if action.scope not in DIALOGS:
        assert read_key_map([KeyChoice(action.id, (), "here")]).keys(action) == ()


def test_the_keys_of_the_whole_program_and_of_every_widget_are_taken_where_they_are_live(demo_study: Study) -> None:
    assert {widget for widgets in WIDGETS_OF.values() for widget in widgets} == set(WIDGET_SCOPES) - {"line"}
    app = MlxTuiApp(demo_study)
    bound = {binding.id for bindings in app._bindings.key_to_bindings.values() for binding in bindings}
    assert {action.id for action in ACTIONS if action.scope == "app" and action.keys} <= bound


@pytest.mark.parametrize("scope", sorted(set(WIDGET_SCOPES) - TYPED_INTO))
def test_the_letters_of_vi_stand_beside_the_arrows(scope: str) -> None:
    moved = {key: action for action in ACTIONS if action.scope == scope for key in action.keys}
    assert {arrow: letter for arrow, letter in VI.items() if moved[arrow] is not moved[letter]} == {}
    assert BY_ID[f"{scope}.half_up"].keys == ("ctrl+u",) and BY_ID[f"{scope}.half_down"].keys == ("ctrl+d",)
    assert DEFAULT.keys(BY_ID[f"{scope}.up"]) == ("up", "k")
