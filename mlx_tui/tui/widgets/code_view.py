"""A file of a repository: numbered, highlighted lines, every finding of the file marked in the gutter."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.geometry import Size
from textual.strip import Strip

from mlx_tui.tui.actions.keymap import DEFAULT
from mlx_tui.tui.presentation.document import Block, Document, Line, LineKind
from mlx_tui.tui.presentation.highlight import BEFORE, KINDS, Span, find_lexer, highlight
from mlx_tui.tui.presentation.wrapping import Piece, wrap
from mlx_tui.tui.text import ROLES
from mlx_tui.tui.widgets.line_cursor import LineCursor

AROUND = 60
"""Lines before and behind a row that are highlighted with it."""


@dataclass(frozen=True, slots=True)
class GutterMark:
    """What the gutter shows beside a row: one character, and a role of `mlx_tui.tui.text.ROLE_STYLES`."""

    sign: str
    role: str = "accent"


def warm_up(document: Document) -> None:
    """Computes in a worker what showing a document would otherwise compute in the interface's thread."""
    _ = document.width, document.highest_number
    for language in {block.language for block in document.blocks}:
        find_lexer(language)


class CodeView(LineCursor, can_focus=True):
    """Shows a document; the evidence's row has an arrow, a bold number and a background of its own.

    A line that is longer than the view goes on below, or, where it isn't wrapped, to the right.
    """

    SCOPE: ClassVar[str] = "code"
    BINDINGS: ClassVar[list[BindingType]] = [*DEFAULT.bindings("code")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "code--gutter",
        "code--evidence",
        "code--cursor",
        "code--heading",
        "code--note",
        "code--output",
        *(f"code--{kind}" for kind in KINDS),
        *(f"role--{role}" for role in ROLES),
    }
    DEFAULT_CSS = """
    CodeView .code--gutter { color: $quiet; }
    CodeView .code--evidence { background: $warning-muted; text-style: bold; }
    CodeView .code--cursor { background: $primary-muted; }
    CodeView .code--heading { color: $text-primary; text-style: bold; background: $panel; }
    CodeView .code--note { color: $quiet; }
    CodeView .code--output { color: $quiet; background: $surface; }
    CodeView .code--comment { color: $quiet; text-style: italic; }
    CodeView .code--string { color: $text-success; }
    CodeView .code--number { color: $text-warning; }
    CodeView .code--keyword { color: $text-accent; text-style: bold; }
    CodeView .code--decorator { color: $text-warning; }
    CodeView .code--function { color: $text-primary; }
    CodeView .code--builtin { color: $text-secondary; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        """Shows nothing yet."""
        super().__init__(id=id)
        self.evidence: int | None = None
        self._marks: Mapping[int, GutterMark] = {}
        self._highlighted: dict[int, list[Span]] = {}
        self._digits = 1
        self._wrapped = True
        self._tops: list[int] = []  # where each row begins, and behind the last; empty where each is one line
        self._pieces: dict[int, list[Piece]] = {}  # of the rows that are more than one line

    @property
    def wrapped(self) -> bool:
        """Whether what doesn't fit goes on below."""
        return self._wrapped

    @wrapped.setter
    def wrapped(self, wrapped: bool) -> None:
        self._wrapped = wrapped
        self._lay_out()

    def show(self, document: Document, marks: Mapping[int, GutterMark], evidence: int | None) -> None:
        """Shows a document.

        Args:
            document: What to show.
            marks: The gutter's mark of each row that has a finding.
            evidence: The row to bring into sight and to point at.
        """
        same = document is self.document
        self.document, self._marks, self.evidence = document, marks, evidence
        if not same:
            self._highlighted.clear()
            self._digits = len(str(document.highest_number))
            self._lay_out()
        if evidence is not None:
            self.place_cursor(evidence)
        elif not same:
            self.place_cursor(0)
        self._centre(evidence, keep=same)
        self.refresh()

    @property
    def _gutter_width(self) -> int:
        return self._digits + 4

    @property
    def _room(self) -> int:
        """Cells for code in a row, beside the gutter and a scroll bar."""
        return max(1, self.size.width - self._gutter_width - 1)

    def _lay_out(self) -> None:
        """Works out which lines take several rows; the line at the top stays there."""
        top = self.row_at(self.scroll_offset.y)
        self._pieces, self._tops = {}, []
        lines = self.document.lines
        width = self._gutter_width + self.document.width + 1
        if self._wrapped and self.size.width and self.document.width > (room := self._room):
            width, y = self.size.width - 1, 0
            for row, line in enumerate(lines):
                self._tops.append(y)
                pieces = wrap(line.text, room) if len(line.text) > room // 2 else ()
                if len(pieces) > 1:
                    self._pieces[row] = list(pieces)
                y += max(1, len(pieces))
            self._tops.append(y)
        self.virtual_size = Size(width, self._tops[-1] if self._tops else len(lines))
        if self.scroll_offset.y != (y := self.y_of(min(top, len(lines)))):
            self.scroll_to(y=y, animate=False, immediate=True, force=True)
        self.refresh()

    def y_of(self, row: int) -> int:
        """Where a row of the document begins."""
        return self._tops[row] if self._tops else row

    def row_at(self, y: int) -> int:
        """The row of the document at a line of the scrolled area."""
        return bisect_right(self._tops, y) - 1 if self._tops else y

    def _centre(self, row: int | None, *, keep: bool) -> None:
        """Brings a row into sight with its context; stays where it is if the row is seen well already."""
        height = self.page_rows()
        top = self.scroll_offset.y
        if row is None:
            if not keep:
                self.scroll_to(0, 0, animate=False, immediate=True, force=True)
            return
        first, last = self.y_of(row), self.y_of(row + 1) - 1
        if not (keep and top + 2 <= first and last < top + height - 2):
            self.scroll_to(0, max(0, first - height // 3), animate=False, immediate=True, force=True)

    def on_resize(self) -> None:
        """Wraps anew, and keeps the evidence in sight."""
        self._lay_out()
        self._centre(self.evidence, keep=True)

    # Rendering

    def render_line(self, y: int) -> Strip:
        """Renders one line of the view: a row of the document, or a piece of one."""
        y += self.scroll_offset.y
        row = self.row_at(y)
        width = self.scrollable_content_region.width or self.size.width
        if row >= len(self.document.lines):
            return Strip.blank(width, self.component(""))
        line = self.document.lines[row]
        base = self._base(row, line)
        piece = y - self.y_of(row)
        gutter = Strip(self._gutter(row, line, base, begins=not piece))
        code = Strip(
            [Segment(text, self._over(base, f"code--{kind}") if kind else base) for text, kind in self._spans(row)]
        )
        room = max(0, width - gutter.cell_length)
        if row in self._pieces:
            code = self._piece(code, self._pieces[row][piece], base)
        else:
            code = code.crop_extend(self.scroll_offset.x, self.scroll_offset.x + room, base)
        return Strip.join([gutter, code]).crop_extend(0, width, base)

    def _piece(self, code: Strip, piece: Piece, base: Style) -> Strip:
        """What one row shows of a line that takes several; `…` stands for what is too long even so."""
        start, stop, indent = piece
        room = self._room - indent
        shown = code.crop(start, min(stop, start + room))
        if stop - start > room:
            shown = Strip.join([shown.crop(0, room - 1), Strip([Segment("…", self._over(base, "code--gutter"))])])
        return Strip.join([Strip([Segment(" " * indent, base)]), shown])

    def _gutter(self, row: int, line: Line, base: Style, *, begins: bool) -> list[Segment]:
        number = str(line.number) if line.number and begins else ""
        mark = self._marks.get(row) if begins else None
        arrow = "▶" if row == self.evidence and begins else " "
        return [
            Segment(number.rjust(self._digits), base if row == self.evidence else self._over(base, "code--gutter")),
            Segment(arrow, self._over(base, "role--warn")),
            Segment(mark.sign if mark else " ", self._over(base, f"role--{mark.role}") if mark else base),
            Segment("│ ", self._over(base, "code--gutter")),
        ]

    def _base(self, row: int, line: Line) -> Style:
        if row == self.evidence:
            return self.component("") + self.component("code--evidence")
        if row in self.selection and self.has_focus:
            return self.component("") + self.component("code--cursor")
        if line.kind is LineKind.CODE:
            return self.component("")
        return self.component("") + self.component(f"code--{line.kind.value}")

    def _spans(self, row: int) -> list[Span]:
        if row not in self._highlighted:
            block = next((block for block in self.document.blocks if block.start <= row < block.stop), None)
            if block is None:
                return [(self.document.lines[row].text, "")]
            self._highlight(block, row)
        return self._highlighted[row]

    def _highlight(self, block: Block, row: int) -> None:
        """Highlights the lines around a row that aren't yet: what is seen, and a little more, in one go."""
        start, stop = max(block.start, row - AROUND), min(block.stop, row + AROUND)
        while start < row and start in self._highlighted:
            start += 1
        while stop > row + 1 and stop - 1 in self._highlighted:
            stop -= 1
        first = max(block.start, start - BEFORE)
        lines = [line.text for line in self.document.lines[first:stop]]
        spans = highlight(lines, start - first, stop - first, find_lexer(block.language))
        self._highlighted.update(zip(range(start, stop), spans, strict=True))

    def _over(self, base: Style, name: str) -> Style:
        return base + self.component(name)
