"""The interface: one study, a stack of screens."""

import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import ClassVar

from textual import events, work
from textual.binding import BindingType
from textual.command import CommandPalette
from textual.screen import Screen

from mlx_tui.config import ConfigError
from mlx_tui.counted import counted
from mlx_tui.execution.priority import give_way
from mlx_tui.preferences import Preferences
from mlx_tui.reproduction.model import Phase
from mlx_tui.study import Study
from mlx_tui.tui.actions import BY_ID
from mlx_tui.tui.actions.keymap import DEFAULT, read_key_map
from mlx_tui.tui.commands import ActionProvider, RepositoryProvider, ThemeProvider
from mlx_tui.tui.keeping import Keeper
from mlx_tui.tui.palette import Palette
from mlx_tui.tui.pasting import guard_pastes
from mlx_tui.tui.position import read_position
from mlx_tui.tui.presentation.attempts_view import leaving_text
from mlx_tui.tui.presentation.charts import ASCII, UNICODE
from mlx_tui.tui.screens.corpus import CorpusScreen
from mlx_tui.tui.screens.help import HelpScreen, help_with
from mlx_tui.tui.screens.modals import Confirm
from mlx_tui.tui.theme import DARK, THEMES, theme_called, theme_name
from mlx_tui.tui.widgets.typed import typed_ahead
from mlx_tui.tui.writing import WritingApp

SAVING_TOLD_AFTER = 0.5
STILL_SAVING = "Saving what you judged; then the program ends."
SWITCH_SECONDS = 0.0005
"""How long a worker thread may keep the interface's thread from going on; Python's own 5 ms add up within one key."""


class MlxTuiApp(WritingApp):
    """Opens a study and shows its corpus; everything that takes time runs in workers."""

    TITLE = "mlx-tui"
    BINDINGS: ClassVar[list[BindingType]] = [*DEFAULT.bindings("app")]
    COMMANDS = {ActionProvider, RepositoryProvider, ThemeProvider}  # noqa: RUF012 - as Textual types it
    ENABLE_COMMAND_PALETTE = False
    """Textual's own key for it couldn't be changed; the action `app.palette` opens it."""

    def __init__(self, study: Study) -> None:
        """Shows a study that was opened already.

        Raises:
            ConfigError: The configuration names an action, a key or a theme that doesn't exist.
        """
        super().__init__(study)
        self.preferences = Preferences()
        self.keeper = Keeper(study.path)
        self.keys = read_key_map(study.options.keys)
        self._bindings = self.keys.rebind(self._bindings, "app")
        if study.options.theme and theme_called(study.options.theme) not in self.available_themes:
            known = ", ".join(sorted(map(theme_name, self.available_themes)))
            raise ConfigError(
                f"{study.options.theme_place}: there is no theme `{study.options.theme}`; there are {known}"
            )
        self.signs = ASCII if study.options.ascii or not _is_unicode() else UNICODE

    def on_mount(self) -> None:
        """Opens the corpus, and says where one stopped."""
        self.theme = self._first_theme()
        self.push_screen(CorpusScreen())
        self._tell_position()

    def on_unmount(self) -> None:
        """Waits until what is remembered is on disk."""
        self.keeper.close()

    @work(thread=True, group="position")
    def _tell_position(self) -> None:
        position = read_position(self.study.path)
        if position is not None:
            told = f"You stopped at {position.text}: press {self.keys.label('app.resume')} to go on from there"
            self.call_later(self.inform, told)

    def on_key(self, event: events.Key) -> None:
        """Keeps text that was typed ahead from being taken for commands."""
        if typed_ahead(self.focused, event):
            event.prevent_default()

    def inform(self, text: str) -> None:
        """Tells the user something that is good to know, on whatever screen of the program's own is open."""
        if self.open_screen is not None:
            self.open_screen.inform(text)

    async def action_run(self, action_id: str) -> None:
        """Does an action that applies everywhere."""
        getattr(self, f"do_{BY_ID[action_id].name}")()

    def do_help(self) -> None:
        """Opens the list of keys."""
        if not isinstance(self.screen, HelpScreen):
            screen = self.open_screen
            self.push_screen(HelpScreen("") if screen is None else help_with(screen))

    def do_palette(self) -> None:
        """Opens the command palette."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(Palette())

    def do_back(self) -> None:
        """Closes what is open on the screen, or the screen."""
        screen = self.open_screen
        if screen is not None and (screen.dismiss_hint() or screen.close_something()):
            return
        if len(self.screen_stack) > 2:
            self.pop_screen()

    def do_theme(self) -> None:
        """Switches to the next theme, and remembers it."""
        self.choose_theme(THEMES[(THEMES.index(self.theme) + 1) % len(THEMES)] if self.theme in THEMES else DARK)

    def choose_theme(self, theme: str) -> None:
        """Switches to a theme, and remembers it for the user."""
        self.theme = theme
        self.preferences.choose_theme(theme)
        self._tell_theme(theme)
        self.keeper.do(partial(self._remember_theme, theme))

    def _remember_theme(self, theme: str) -> None:
        try:
            self.preferences.write()
        except OSError as error:
            self.call_later(self._tell_theme, theme, f"; not remembered: {error.strerror or error}")

    def _tell_theme(self, theme: str, lacking: str = "") -> None:
        again = self.study.options.theme and f"; the next start has that of {self.study.options.theme_place} again"
        if self.open_screen is not None:
            self.open_screen.status(f"theme {theme_name(theme)}{lacking}{again}")

    def _first_theme(self) -> str:
        """The theme that is configured, else the one that was chosen last, else the dark one."""
        chosen = theme_called(self.study.options.theme or self.preferences.remembered.theme)
        return chosen if chosen in self.available_themes else DARK

    async def action_quit(self) -> None:
        """Leaves, by the key that Textual keeps for it; asks as `do_quit` does."""
        self.do_quit()

    def do_quit(self) -> None:
        """Leaves once what was judged is saved; asks where it can't be, or long work would be stopped."""
        with suppress(RuntimeError):  # it is being left already
            counted_after = self.judging.submit(self._count_unsaved)
            self.set_timer(SAVING_TOLD_AFTER, lambda: None if counted_after.done() else self.inform(STILL_SAVING))

    def _count_unsaved(self) -> None:
        self.call_later(self._leave, len(self.study.annotations.journal.pending))

    def _leave(self, unsaved: int) -> None:
        if unsaved and not isinstance(self.screen, Confirm):
            detail = "They couldn't be written to annotations.csv, and are lost when the program ends."
            self._confirm(f"Leave with {counted(unsaved, 'judgement')} not saved?", detail, self.exit)
            return
        if self.written is not None and not isinstance(self.screen, Confirm):
            detail = "The files stay as they were before."
            self._confirm(f"Stop {self.written.what}?", detail, self.exit)
            return
        corpus = next((screen for screen in self.screen_stack if isinstance(screen, CorpusScreen)), None)
        if corpus is None or not corpus.busy:
            self.exit()
        else:
            corpus.ask_to_stop(self.exit)

    def _confirm(self, question: str, detail: str, then: Callable[[], object]) -> None:
        def answered(yes: bool | None) -> None:
            if yes:
                then()

        self.push_screen(Confirm(question, detail), answered)

    def do_statistics(self) -> None:
        """Opens the statistics."""
        from mlx_tui.tui.screens.statistics import StatisticsScreen

        if self.blind:
            self.tell(f"hidden while you judge blind; {self.keys.label('app.blind')} shows everything", False)
        else:
            self._open_once(StatisticsScreen)

    def do_search(self) -> None:
        """Opens the search of the corpus' files."""
        from mlx_tui.tui.screens.search import SearchScreen

        self._open_once(SearchScreen)

    def do_attempts(self) -> None:
        """Opens the attempts of the repository that is open, or of all."""
        from mlx_tui.tui.screens.attempts import AttemptsScreen

        repo = self.open_screen.repo if self.open_screen else ""
        if not isinstance(self.screen, AttemptsScreen):
            self.push_screen(AttemptsScreen(repo))

    @property
    def repositories(self) -> Sequence[str]:
        """The corpus's repositories, as far as they were read."""
        corpus = next((screen for screen in self.screen_stack if isinstance(screen, CorpusScreen)), None)
        return [row.result.repo for row in corpus.rows] if corpus is not None else []

    def go_to(self, repo: str) -> None:
        """Closes what is open and opens a repository."""
        while len(self.screen_stack) > 2:
            self.pop_screen()
        if isinstance(self.screen, CorpusScreen):
            self.screen.go_to(repo)

    def _open_once(self, kind: type[Screen[None]]) -> None:
        if not isinstance(self.screen, kind):
            self.push_screen(kind())


def _is_unicode() -> bool:
    encoding = getattr(sys.__stdout__, "encoding", None) or "utf-8"
    return "utf" in encoding.lower()


def run_app(study: Study) -> None:
    """Opens the interface on a study and returns when the user leaves."""
    sys.setswitchinterval(SWITCH_SECONDS)
    give_way()
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # from here on the terminal must be set back first
        signal.signal(signal.SIGINT, signal.default_int_handler)
    app = MlxTuiApp(study)
    guard_pastes(app.driver_class)
    app.run()
    _tell_what_goes_on(study)


def _tell_what_goes_on(study: Study) -> None:
    """Tells which attempts outlive the program, once the terminal is the user's again."""
    under_way = [attempt for attempt in study.attempts.list() if attempt.state.phase is not Phase.FINISHED]
    sys.stdout.write(leaving_text(under_way, shlex.quote(str(study.path))))
