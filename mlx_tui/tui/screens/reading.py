"""Reading files of a repository: that of the finding under the cursor, or any other, every finding in it marked."""

from abc import abstractmethod
from collections.abc import Sequence

from textual import on, work
from textual.widget import Widget
from textual.worker import get_current_worker

from mlx_tui.corpus.entries import CorpusError
from mlx_tui.error_text import error_text
from mlx_tui.study import StudyError
from mlx_tui.study.places import Place
from mlx_tui.tui.presentation.blind import MARK
from mlx_tui.tui.presentation.document import Document, message_document, read_document
from mlx_tui.tui.presentation.evidence import EvidenceRow, findings_in
from mlx_tui.tui.screens.file_picker import FilePicker
from mlx_tui.tui.screens.judging import JUDGING, JudgingScreen
from mlx_tui.tui.screens.repository_events import Failed, FileRead, Names
from mlx_tui.tui.text import plain
from mlx_tui.tui.widgets.bars import OneLine
from mlx_tui.tui.widgets.code_view import CodeView, GutterMark, warm_up


class FileLine(OneLine):
    """Names the file below."""


class ReadingScreen(JudgingScreen):
    """A screen with a file of the repository beside its findings."""

    def __init__(self) -> None:
        """Starts without a file."""
        super().__init__()
        self._document: Document | None = None
        self._outputs = False
        self._before_full: Widget | None = None  # what had the keys before the code got the whole screen
        self._looked: Place | None = None  # what was opened by itself; None while the code follows the findings
        self.places: Sequence[Place] = ()  # where the program found something, for who judges blind

    @property
    def code(self) -> CodeView:
        """The code."""
        return self.query_one(CodeView)

    def follow(self) -> None:
        """Shows the finding under the cursor, in its file."""
        row = self.chosen()
        if row is not None and row.finding is not None:
            self._looked = None
            self._show_file(row.finding.path)

    def look_at(self, place: Place) -> None:
        """Shows a place, whatever is under the cursor, which goes to the finding there, if any; line 0 is the file."""
        self._looked = place
        self._show_file(place.path)
        found = None if self.mlx_app.blind else next((row for row in self.shown() if _is_at(row, place)), None)
        if found is not None:
            self.move_to(found)
            self.follow()
        self.update_hints()

    @property
    def looks_elsewhere(self) -> bool:
        """Whether the code shows another place than the finding that would be judged."""
        return self._looked is not None and not self.mlx_app.blind

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now: what isn't seen isn't judged."""
        if action in JUDGING and self.looks_elsewhere and not self.marked():
            following, here = self.keys.label("repository.next"), self.keys.label("repository.missed")
            return f"no finding is shown; {following} goes to the next, {here} adds one here"
        return super().why_not(action)

    def step_places(self, direction: int) -> bool:
        """Goes to the next place where the program found something, or the previous; returns whether there is one."""
        if self._looked in self.places and self._looked is not None:
            at = self.places.index(self._looked) + direction
        else:
            at = 0
        if 0 <= at < len(self.places):
            self.look_at(self.places[at])
            return True
        return False

    def _evidence(self) -> Place | None:
        """The place that the code points at."""
        if self._looked is not None:
            return self._looked
        row = self.chosen()
        return Place(row.finding.path, row.finding.cell, row.finding.line) if row and row.finding else None

    def show_no_file(self, told: str) -> None:
        """Shows no code and says why; a file that is being read isn't waited for."""
        self.workers.cancel_group(self, "file")
        self._document = None
        self.code.show(message_document("", told), {}, None)
        self.query_one(FileLine).put(plain("no file", "muted"))

    def mark_document(self) -> None:
        """Shows the file with every finding in it; that under the cursor is the evidence."""
        document, evidence = self._document, self._evidence()
        if document is None or evidence is None or document.path != evidence.path:
            return
        marks = self._marks(document)
        self.code.show(document, marks, document.row_of(evidence.cell, evidence.line) if evidence.line else None)
        found = f" · {len(marks)} marked" if marks else " · nothing marked"
        self.query_one(FileLine).put(plain(document.path, "strong") + plain(found, "muted"))

    def _marks(self, document: Document) -> dict[int, GutterMark]:
        at_places = [(place, MARK) for place in self.places if place.path == document.path]
        at_findings = [
            (Place(finding.path, finding.cell, finding.line), mark)
            for finding, mark in findings_in(self.rows, document.path)
        ]
        marks: dict[int, GutterMark] = {}
        for place, mark in [*at_places, *at_findings]:
            row = document.row_of(place.cell, place.line)
            if row is not None:
                marks[row] = GutterMark(*mark)
        return marks

    def _show_file(self, path: str) -> None:
        if self._document is not None and self._document.path == path:
            self.mark_document()
        else:
            self._read_file(path, self._outputs)

    @work(thread=True, exclusive=True, group="file")
    def _read_file(self, path: str, outputs: bool) -> None:
        try:
            document = read_document(path, self.study.files.read(self.repo, path), outputs=outputs)
            warm_up(document)
        except (StudyError, CorpusError, OSError) as error:
            document = message_document(path, f"{path} can't be shown: {error_text(error)}")
        if not get_current_worker().is_cancelled:
            self.post_message(FileRead(document))

    @on(FileRead)
    def _file_read(self, event: FileRead) -> None:
        before, line = self._document, self.code.current
        self._document = event.document
        self.mark_document()
        if before is not None and line is not None and before.path == event.document.path:
            at = event.document.row_of(line.cell, line.number or 1)
            self.code.move_to(at if at is not None else 0)

    def do_outputs(self) -> None:
        """Shows what a notebook's cells put out, or only where."""
        self._outputs = not self._outputs
        if self._document is not None:
            self._read_file(self._document.path, self._outputs)
        self.status("outputs are shown" if self._outputs else "of outputs only the place is shown")

    def do_full(self) -> None:
        """Gives the code the whole screen, or shows the findings beside it again."""
        if self.close_something():
            return
        self._before_full = self.focused
        self.add_class("-full")
        self.code.focus()

    @property
    def is_full(self) -> bool:
        """Whether the code has the whole screen."""
        return self.has_class("-full")

    def close_something(self) -> bool:
        """Shows the findings beside the code again, and gives the keys back to what had them."""
        if not self.is_full:
            return False
        self.remove_class("-full")
        if self._before_full is not None:
            self._before_full.focus()
        return True

    def do_file(self) -> None:
        """Asks for a file."""
        self._list_files()

    @work(thread=True, exclusive=True, group="names")
    def _list_files(self) -> None:
        try:
            self.post_message(Names(self.study.files.names(self.repo)))
        except (StudyError, CorpusError, OSError) as error:
            self.post_message(Failed(error_text(error)))

    @on(Names)
    def _ask_for_file(self, event: Names) -> None:
        self.app.push_screen(FilePicker(event.names), self._browse)

    def _browse(self, path: str | None) -> None:
        if path is None:
            return
        self.look_at(Place(path, None, 0))
        self.show_code()

    @abstractmethod
    def show_code(self) -> None:
        """Brings the code into sight and moves the focus there."""


def _is_at(row: EvidenceRow, place: Place) -> bool:
    found = row.finding
    return found is not None and (found.path, found.cell, found.line) == (place.path, place.cell, place.line)
