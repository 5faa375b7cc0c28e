"""What judging needs of the whole program: undo and redo, judging blind, and going on from repository to repository."""

from abc import abstractmethod
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from textual import work

from mlx_tui.annotation.journal import SaveReport
from mlx_tui.annotation.merge import Change
from mlx_tui.annotation.model import JudgementKey
from mlx_tui.annotation.progress import Progress
from mlx_tui.annotation.store import JournalError
from mlx_tui.corpus.entries import CorpusError
from mlx_tui.counted import counted
from mlx_tui.error_text import error_text
from mlx_tui.study import Study, StudyError
from mlx_tui.tui.actions.keymap import DEFAULT, KeyMap, key_map_of
from mlx_tui.tui.position import Position, read_position
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.screens.modals import Confirm
from mlx_tui.tui.theme import ThemedApp

NAMED = 3
"""How many judgements are named when they are taken back; more are counted."""


class JudgingApp(ThemedApp):
    """An app on a study, with one thread in which judgements are saved in the order of the keys."""

    keys: KeyMap = DEFAULT
    """Which keys do what."""

    def __init__(self, study: Study) -> None:
        """Works on a study that was opened already."""
        super().__init__()
        self.study = study
        self.blind = study.options.blind
        self.judging = ThreadPoolExecutor(max_workers=1, thread_name_prefix="judging")

    @property
    def open_screen(self) -> StudyScreen | None:
        """The screen on top, where it is one of the program's own."""
        return self.screen if isinstance(self.screen, StudyScreen) else None

    @abstractmethod
    def changed(self) -> None:
        """Something was judged."""

    @abstractmethod
    def tell_report(self, report: SaveReport) -> None:
        """Tells what else happened to the judgements' file."""

    def tell(self, text: str, error: bool) -> None:
        """Tells the user something, on whatever screen of the program's own is open."""
        screen = self.open_screen
        if screen is not None and error:
            screen.complain(text, error=True)
            screen.status(text, "bad")
        elif screen is not None:
            screen.deny(text)

    # Undo and redo

    def do_undo(self) -> None:
        """Takes the last judgement back."""
        self._step(backwards=True)

    def do_redo(self) -> None:
        """Makes a judgement again."""
        self._step(backwards=False)

    def _step(self, backwards: bool) -> None:
        def work() -> None:
            journal = self.study.annotations.journal
            try:
                report = journal.undo() if backwards else journal.redo()
            except JournalError as error:
                self.call_later(self.tell, str(error), True)
                return
            self.call_later(self._stepped, report, backwards)

        self.judging.submit(work)

    def _stepped(self, report: SaveReport | None, backwards: bool) -> None:
        screen = self.open_screen
        if report is None:
            self.tell(_nothing_to_step(self.keys, backwards=backwards), False)
        elif screen is not None:
            keys = [change.key for change in report.saved]
            done = f"{_noun(report.saved)}{'taken back' if backwards else 'made again'}"
            screen.status(f"{done}: {_named(keys)}" if keys else "nothing was changed", "good")
            self.tell_report(report)
            for each in self.screen_stack:
                if isinstance(each, StudyScreen):
                    each.stepped(keys)
            screen.reload()
            self.changed()

    # Judging blind

    def do_blind(self) -> None:
        """Hides the program's answer and other people's judgements, or shows them again."""
        if self.blind and self.study.options.blind:
            question = "Show the program's answer and other people's judgements?"
            detail = "This study is to be judged blind (mlx-tui.toml): what you judge from now on isn't."
            self.push_screen(Confirm(question, detail), lambda sure: self._set_blind(False) if sure else None)
        else:
            self._set_blind(not self.blind)

    def _set_blind(self, blind: bool) -> None:
        self.blind = blind
        screen = self.open_screen
        if screen is not None and blind and screen.TELLS_ANSWERS:
            self.pop_screen()
            screen = self.open_screen
        if screen is not None:
            screen.reload()
            told = "you judge blind: the program's answer and other people's judgements are hidden"
            screen.status(told if blind else "the program's answer and all judgements are shown", "good")

    # Going on

    def do_resume(self) -> None:
        """Goes to the next that has no verdict."""
        self.clear_notifications()  # what asked for this key would cover where it leads
        screen = self.open_screen
        if screen is None or screen.go_on():
            return
        self._find_next(screen.repo if screen.JUDGES else "")

    @work(thread=True, exclusive=True, group="resume")
    def _find_next(self, after: str) -> None:
        try:
            progress = self.study.progress(blind=self.blind)
        except (JournalError, StudyError, CorpusError, OSError) as error:
            self.call_later(self.tell, error_text(error), True)
            return
        position = None if after else read_position(self.study.path)
        found = next_to_judge(progress, after, position)
        self.call_later(self._go_on, found, position, bool(progress))

    def _go_on(self, found: Progress | None, position: Position | None, any_scanned: bool) -> None:
        screen = self.open_screen
        if screen is None:
            return
        if found is None:
            scans = f"{key_map_of(self).label('corpus.detect')} scans the corpus"
            self.tell("everything is judged" if any_scanned else f"nothing is scanned yet: {scans}", False)
            return
        from mlx_tui.tui.screens.repository import RepositoryScreen

        start = position if position is not None and position.repo == found.repo else None
        following = RepositoryScreen(found.repo, start, go_on=True)
        if screen.JUDGES:
            self.switch_screen(following)
        else:
            self.push_screen(following)


def next_to_judge(progress: Sequence[Progress], after: str, position: Position | None) -> Progress | None:
    """Returns the repository in which judging goes on, going round at the end; None where nothing is left.

    Args:
        progress: Of all repositories.
        after: The repository that is open, which comes last; empty where none is.
        position: Where judging stopped in the last session; its repository comes first.
    """
    names = [each.repo for each in progress]
    if after in names:
        at = names.index(after) + 1
    else:
        at = names.index(position.repo) if position is not None and position.repo in names else 0
    return next((each for each in chain(progress[at:], progress[:at]) if each.left), None)


def _nothing_to_step(keys: KeyMap, *, backwards: bool) -> str:
    """Says why nothing is taken back or made again, and what can be done about an earlier judgement."""
    if not backwards:
        return f"nothing to make again: {keys.label('app.undo')} took nothing back since the last judgement"
    verdicts = " ".join(keys.label(f"repository.{name}") for name in ("confirm", "reject", "unsure"))
    return f"nothing to take back in this session; {verdicts} on a finding change an earlier verdict"


def _noun(changes: Sequence[Change]) -> str:
    """What was taken back, where it isn't the judgement itself."""
    return ("note " if len(changes) == 1 else "notes ") if all(change.is_of_note for change in changes) else ""


def _named(keys: Sequence[JudgementKey]) -> str:
    if len(keys) > NAMED:
        return f"{counted(len(keys), 'judgement')} in {', '.join(dict.fromkeys(key.repo for key in keys))}"
    return ", ".join(
        f"{key.feature or 'repository'}{f' at {key.place}' if key.path else ''} in {key.repo}" for key in keys
    )
