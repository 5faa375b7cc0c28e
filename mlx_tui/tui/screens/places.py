"""Taking a place elsewhere: to the editor, the clipboard, the web."""

import os
import sys

from textual import work
from textual.app import SuspendNotSupported

from mlx_tui.corpus.entries import CorpusError
from mlx_tui.counted import counted
from mlx_tui.error_text import error_text
from mlx_tui.safe_text import safe_text
from mlx_tui.study import StudyError
from mlx_tui.study.editor import edit, editor_command
from mlx_tui.study.places import Place
from mlx_tui.tui.browser import has_browser, open_page
from mlx_tui.tui.clipboard import copy
from mlx_tui.tui.presentation.document import Line, LineKind
from mlx_tui.tui.screens.about import About
from mlx_tui.tui.screens.missed import MissedFinding
from mlx_tui.tui.screens.reading import ReadingScreen

TAKEN = {"editor", "web", "copy_place", "copy_code"}


class PlaceScreen(ReadingScreen):
    """A screen on which a line of a file is under the cursor."""

    has_page = True
    """Whether the repository's files have pages on a forge."""

    def place(self) -> Place | None:
        """The line under the code's cursor, which is that of the finding until it is moved; None without a file."""
        line = self.code.current
        if self._document is None or line is None:
            return None
        return Place(self._document.path, line.cell, line.number or 1)

    def place_under_cursor(self) -> str:
        """The same as text; empty where it isn't a line of a file."""
        place, line = self.place(), self.code.current
        return place.text if place is not None and line is not None and line.number else ""

    def proposal(self) -> MissedFinding:
        """The line that the code shows, with the feature where that was chosen by itself: on its own line.

        Of a finding the program knows the feature at that place already. On a feature's own line the code still shows
        the finding before, which says nothing of this feature until one goes to the code.
        """
        row, blind = self.chosen(), self.mlx_app.blind
        feature = row.feature.id if row is not None and (blind or row.finding is None) else ""
        chose_line = blind or not feature or self._looked is not None or self.focused is self.code
        return MissedFinding(feature, self.place_under_cursor() if chose_line else "", "")

    def why_not(self, action: str) -> str:
        """Says why an action can't be done now."""
        if action in TAKEN and self.place() is None:
            return "no file is shown"
        if action == "web" and not self.has_page:
            return "the repository comes from no forge whose pages are known"
        return super().why_not(action)

    # The editor

    def do_editor(self) -> None:
        """Opens a copy of the file in the user's editor, at the line."""
        place = self.place()
        if place is None:
            return
        if self.app.is_web:
            self.deny("the program runs in a browser, which has no editor: `mlx-tui show --edit` opens it there")
            return
        try:
            command = editor_command(os.environ, "", 1)
            if command.takes_terminal:
                name = edit(self.study.files, self.repo, place, suspended=self.app.suspend)
                self.status(f"back from {name}; the copy is gone, the repository as it was")
            else:
                self.status(f"opened in {command.name}")
                self._edit_beside(place)
        except SuspendNotSupported:
            self.deny("the terminal can't be given to an editor here")
        except (StudyError, CorpusError, OSError) as error:
            self.complain(error_text(error), error=True)

    @work(thread=True, group="editor")
    def _edit_beside(self, place: Place) -> None:
        try:
            edit(self.study.files, self.repo, place)
        except (StudyError, CorpusError, OSError) as error:
            self.call_later(self.complain, error_text(error), error=True)

    # The clipboard

    def do_copy_place(self) -> None:
        """Copies `path:line`."""
        place = self.place()
        if place is not None:
            self._copy(place.text, f"copied {place.text}")

    def do_copy_code(self) -> None:
        """Copies the marked lines of code, or the one under the cursor."""
        place = self.place()
        rows = [self.code.document.lines[row] for row in self.code.selection]
        lines = [line for line in rows if line.kind is LineKind.CODE]
        if place is not None and lines:
            self._copy_lines(place.path, lines)
        else:
            self.deny("no code is under the cursor")

    @work(thread=True, group="copy")
    def _copy_lines(self, path: str, lines: list[Line]) -> None:
        """Copies lines as they stand in the file: what is shown has its tabs expanded and long lines cut."""
        try:
            cells = {cell: self.study.files.lines(self.repo, path, cell) for cell in {line.cell for line in lines}}
        except (StudyError, CorpusError, OSError) as error:
            self.call_later(self.complain, error_text(error), error=True)
            return
        text = "\n".join(cells[line.cell][line.number - 1] for line in lines)
        first = Place(path, lines[0].cell, lines[0].number).text
        what = counted(len(lines), "line") + f" from {first}" if len(lines) > 1 else first
        self._put(text, f"copied the code of {what}")

    @work(thread=True, group="copy")
    def _copy(self, text: str, told: str) -> None:
        self._put(text, told)

    def _put(self, text: str, told: str) -> None:
        """Copies in a thread: a program of the desktop may take its time."""
        copied = copy(
            text, os.environ, sys.platform, lambda shown: self.app.call_later(self.app.copy_to_clipboard, shown)
        )
        rest = f"; {counted(copied.left_out, 'line')} were too many" if copied.left_out else ""
        self.call_later(self.status, f"{told} {copied.way}{rest}", "warn" if rest else "good")

    # The web

    def do_web(self) -> None:
        """Opens the file's page on its forge."""
        place = self.place()
        if place is not None:
            self._find_page(place)

    @work(thread=True, group="web")
    def _find_page(self, place: Place) -> None:
        try:
            address = self.study.files.page(self.repo, place)
        except (StudyError, CorpusError) as error:
            self.call_later(self.complain, str(error))
        else:
            self.call_later(self._open_page, address)

    def _open_page(self, address: str) -> None:
        if self.app.is_web:
            self.app.open_url(address)
        elif has_browser(os.environ, sys.platform):
            open_page(address)
        else:
            note = ("There is no browser here; the address:", "")
            self.app.push_screen(About([("The file on the web", "title"), note, (safe_text(address), "accent")]))
            self._copy(address, "copied the address")
            return
        self.status(f"opened {address}", "good")
