"""Keys of the user's own: read, checked, in force, and shown wherever a key is named."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.command import CommandPalette

from mlx_tui.config import ConfigError, KeyChoice, read_options, user_config
from mlx_tui.study import Study
from mlx_tui.tui.actions import ACTIONS
from mlx_tui.tui.actions.key_names import KeyNameError, read_key
from mlx_tui.tui.actions.keymap import DEFAULT, read_key_map
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.keys_markdown import keys_markdown
from mlx_tui.tui.screens.about import About
from mlx_tui.tui.screens.attempts import AttemptsScreen
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.screens.corpus import CorpusScreen
from mlx_tui.tui.screens.file_picker import FilePicker
from mlx_tui.tui.screens.form import Form
from mlx_tui.tui.screens.help import HelpScreen
from mlx_tui.tui.screens.modals import Confirm, NoteEditor, TextPrompt
from mlx_tui.tui.screens.statistics import StatisticsScreen
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.text_pane import TextPane

from .support import screen_text, until, until_shown


def configure(study: Path, text: str) -> None:
    (study / "mlx-tui.toml").write_text(text)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("?", "question_mark"),
        ("a", "a"),
        ("A", "A"),
        ("shift+a", "A"),
        ("^d", "ctrl+d"),
        ("Ctrl+D", "ctrl+d"),
        ("^", "circumflex_accent"),
        ("+", "plus"),
        ("ctrl++", "ctrl+plus"),
        (",", "comma"),
        ("PgUp", "pageup"),
        ("esc", "escape"),
        ("space", "space"),
        (" f5 ", "f5"),
        ("question_mark", "question_mark"),
        ("shift+tab", "shift+tab"),
        ("alt+ctrl+x", "ctrl+alt+x"),
        ("é", "é"),
    ],
)
def test_keys_as_a_person_writes_them(written: str, key: str) -> None:
    assert read_key(written) == key


@pytest.mark.parametrize("written", ["", "  ", "ctrl+", "foo", "ab", "ctrl+foo", "\n", "f99", "<any>"])
def test_what_is_no_key_is_refused(written: str) -> None:
    with pytest.raises(KeyNameError, match="is no key"):
        read_key(written)


@given(st.text(max_size=12))
def test_every_text_is_a_key_or_is_refused(text: str) -> None:
    try:
        key = read_key(text)
    except KeyNameError:
        return
    assert key and not set(key) & set(", \n")


@pytest.mark.parametrize("character", string.ascii_letters + string.digits + string.punctuation)
def test_every_character_of_a_keyboard_is_a_key(character: str) -> None:
    assert read_key(read_key(character)) == read_key(character)


def test_the_registrys_own_keys_are_valid_and_do_not_clash() -> None:
    read_key_map([KeyChoice(action.id, action.keys, "here") for action in ACTIONS])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[keys]\ncorpus.detct = "D"', r"toml:2: there is no action `corpus.detct`; did you mean `corpus.detect`"),
        ('\n[keys]\ncorpus.detect = "D D"', r"toml:3: `corpus.detect`: `D D` is no key"),
        ('[keys]\n"corpus.detect" = "f"', r"toml:2: `corpus.detect` can't be f: that is `corpus.fetch` \(fetch\)"),
        ('[keys.corpus]\ndetect = "?"', r"toml:2: `corpus.detect` can't be \?: that is `app.help`"),
        ('[keys]\ncorpus.detect = "s"', r"toml:2: `corpus.detect` can't be s: that is `table.sort`"),
        ('[keys]\nlog.next = ["n", "e"]', r"toml:2: `log.next` can't be e: that is `attempt.error`"),
        ('[keys]\napp.quit = "ctrl+q"', r"toml:2: `app.quit` can't be ctrl\+q"),
        ('[keys]\ndialog.close = "q"', r"toml:2: `dialog.close` can't be q: that key writes or edits what is typed"),
        ('[keys]\nline.keep = "backspace"', r"toml:2: `line.keep` can't be backspace: that key writes or edits"),
        ("[keys]\nconfirm.yes = []", r"toml:2: `confirm.yes` needs a key: there is no other way to do it"),
        ('[keys]\nconfirm.yes = "esc"', r"toml:2: `confirm.yes` can't be esc: that is `dialog.close`"),
        (
            '[keys]\ncorpus.remove = "y"',
            r"`corpus.remove` can't be y: `corpus.remove` would ask and `confirm.yes`",
        ),
        ('[keys]\nconfirm.yes = "x"', r"`confirm.yes` can't be x: `attempts.cancel` would ask and `confirm.yes`"),
        ('[keys]\ntyped.keep = "enter"', r"toml:2: `typed.keep` can't be enter: that is `prompt.enter`"),
        ("[keys]\napp.quit = 3", r"toml:2: `app.quit` is a key or a list of keys"),
        ("keys = 3", r"toml:1: `keys` is a table"),
    ],
)
def test_a_wrong_key_is_told_with_file_line_and_key(demo_folder: Path, text: str, told: str) -> None:
    configure(demo_folder, text)
    with pytest.raises(ConfigError, match=told):
        MlxTuiApp(Study(demo_folder))


def test_two_actions_may_swap_their_keys(demo_folder: Path) -> None:
    configure(demo_folder, '[keys]\ncorpus.detect = "f"\ncorpus.fetch = "d"')
    keys = read_key_map(Study(demo_folder).options.keys)
    assert (keys.label("corpus.detect"), keys.label("corpus.fetch")) == ("f", "d")


def test_the_users_own_file_holds_for_every_study_and_the_study_has_the_last_word(
    demo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    user_config().parent.mkdir(parents=True)
    user_config().write_text('annotator = "ada"\n[keys]\napp.statistics = "f7"\napp.attempts = "f6"\n')
    configure(demo_folder, '[keys]\napp.attempts = "f8"\n')
    options = read_options(demo_folder)
    assert options.annotator == "ada"
    keys = read_key_map(options.keys)
    assert (keys.label("app.statistics"), keys.label("app.attempts")) == ("f7", "f8")
    user_config().write_text("\ntimeout = 3\n")
    with pytest.raises(ConfigError, match=r"toml:2: `timeout` belongs into a study's"):
        read_options(demo_folder)


async def test_remapped_keys_act_and_footer_help_and_palette_show_them(demo_folder: Path) -> None:
    configure(
        demo_folder,
        '[keys]\napp.statistics = "f7"\ntable.filter = ["F5", "ä"]\napp.help = "f2"\napp.palette = "ctrl+k"\n'
        'app.export = "Ö"\n'
        "corpus.columns = []\n",
    )
    app = MlxTuiApp(Study(demo_folder))
    async with app.run_test(size=(160, 40)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        footer = screen_text(app).splitlines()[-1]
        assert "f7 stats" in footer and "f5 filter" in footer and "f2 help" in footer and "features" not in footer
        await pilot.press("t", "v")  # their old keys do nothing
        assert isinstance(app.screen, CorpusScreen)
        assert not any(column.id == "usage.mlflow" for column in app.screen.table.model.columns)
        await pilot.press("ä", "Ö", "t")  # typed into the filter, not obeyed
        line = app.screen.query_one(FilteredTable).line
        assert line.has_focus and line.value == "Öt"
        await pilot.press("escape", "f7")
        await until(pilot, lambda: isinstance(app.screen, StatisticsScreen))
        await pilot.press("escape", "f2")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("f5", *"prevalences")
        await until_shown(pilot, "f7          stats")
        await pilot.press("escape", "escape", "ctrl+p")
        assert not isinstance(app.screen, CommandPalette)
        await pilot.press("ctrl+k")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await pilot.press(*"stats")
        await until_shown(pilot, "stats  (f7)")


async def test_remapped_keys_of_dialogs_act_and_are_named_where_they_do(demo_folder: Path) -> None:
    configure(
        demo_folder,
        '[keys]\ndialog.close = "f9"\nconfirm.yes = "J"\ntyped.keep = "ctrl+t"\nprompt.enter = "f8"\n'
        'about.close = "f3"\ntext.down = "ö"\nchoice.next = "+"\npicker.down = "ctrl+n"\npalette.close = "f10"\n',
    )
    app = MlxTuiApp(Study(demo_folder))
    async with app.run_test(size=(120, 24)) as pilot:

        async def opened(key: str, kind: type, *told: str) -> None:
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, kind))
            for text in told:
                await until_shown(pilot, text)

        async def closed(*keys: str) -> None:
            await pilot.press(*keys)
            await until(pilot, lambda: isinstance(app.screen, StudyScreen))

        await until_shown(pilot, "sklearn-mlproject")
        await opened("D", Confirm, "J yes · f9 no")
        await pilot.press("y", "escape")
        assert isinstance(app.screen, Confirm)
        await closed("f9")
        assert len(app.study.corpus.entries()) == 14
        await opened("D", Confirm)
        await closed("J")
        await until(pilot, lambda: len(app.study.corpus.entries()) == 13)
        await until_shown(pilot, "13 repositories")
        await opened("e", NoteEditor, "^t keep · f9 leave as it was")
        await closed(*"hm", "ctrl+t")
        await until(pilot, lambda: "hm" in (demo_folder / "annotations.csv").read_text())
        await opened("A", TextPrompt, "f8 accept · f9 leave as it was")
        await pilot.press(*"/nowhere", "enter")
        assert isinstance(app.screen, TextPrompt)
        await closed("f8")
        await until_shown(pilot, "nothing was changed")
        await opened("ctrl+p", CommandPalette)
        await pilot.press("escape")
        assert isinstance(app.screen, CommandPalette)
        await closed("f10")
        await pilot.press("p")
        await until_shown(pilot, "What is run")
        await opened("o", Form, "f8 accept · tab next · + switches ‹ › · f9 leave as it was")
        await pilot.press("tab", "tab", "tab", "tab", "plus", "enter")
        await until_shown(pilot, "‹ yes ›")
        await closed("f8")
        await until_shown(pilot, "chosen by you: repair")
        plan = app.screen.query_one(TextPane)
        await pilot.press("tab", "ö", "ö")
        await until(pilot, lambda: plan.scroll_offset.y == 2)
        await pilot.press("escape", "escape", "enter")  # back to the alternatives, then to the corpus
        await until_shown(pilot, "left to judge")
        await opened("v", About, "↑ ö scroll · f9 f3 close")
        await pilot.press("v", "escape")
        assert isinstance(app.screen, About)
        await closed("f3")
        await opened("b", FilePicker, "↑ ^n choose · f8 open · f9 cancel")
        table = app.screen.query_one(VirtualTable)
        await pilot.press("ctrl+n", "down")
        await until(pilot, lambda: table.cursor == 1)
        await closed("f8")
        await opened("question_mark", HelpScreen)
        await pilot.press("/", *"question yes", "enter")
        await until_shown(pilot, "── A question")


async def test_without_a_configuration_the_registrys_keys_hold(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))


def test_the_guides_tables_can_show_the_users_keys() -> None:
    keys = read_key_map([KeyChoice("app.statistics", ("f7",), "here"), KeyChoice("app.theme", (), "here")])
    assert "| `f7` | stats |" in keys_markdown(keys)
    assert keys_markdown() == keys_markdown(DEFAULT) != keys_markdown(keys)


async def test_while_a_filter_is_typed_the_footer_says_how_to_end(demo_folder: Path) -> None:
    configure(demo_folder, '[keys]\nline.keep = ["f4"]\n')
    app = MlxTuiApp(Study(demo_folder))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "6/6")
        await pilot.press("/", *"noisy")
        await until(pilot, lambda: screen_text(app).splitlines()[-1].split() == ["f4", "keep", "esc", "clear"])
        await pilot.press("f4")
        await until(pilot, lambda: "? help" in screen_text(app).splitlines()[-1])
        assert "1 of 14" in screen_text(app)
        await pilot.press("/", "escape")
        await until_shown(pilot, "lookalike")
