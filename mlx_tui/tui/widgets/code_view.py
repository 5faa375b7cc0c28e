"""A file of a repository: numbered, highlighted lines, every finding of the file marked in the gutter."""

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
    """Shows a document; the evidence's row has an arrow, a bold number and a background of its own."""

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
            self.virtual_size = Size(self._gutter_width + document.width + 1, len(document.lines))
        if evidence is not None:
            self.place_cursor(evidence)
        elif not same:
            self.place_cursor(0)
        self._centre(evidence, keep=same)
        self.refresh()

    @property
    def _gutter_width(self) -> int:
        return self._digits + 4

    def _centre(self, row: int | None, *, keep: bool) -> None:
        """Brings a row into sight with its context; stays where it is if the row is seen well already."""
        height = self.page_rows()
        top = self.scroll_offset.y
        if row is None:
            if not keep:
                self.scroll_to(0, 0, animate=False, immediate=True, force=True)
        elif not (keep and top + 2 <= row < top + height - 2):
            self.scroll_to(0, max(0, row - height // 3), animate=False, immediate=True, force=True)

    def on_resize(self) -> None:
        """Keeps the evidence in sight."""
        self._centre(self.evidence, keep=True)

    # Rendering

    def render_line(self, y: int) -> Strip:
        """Renders one row."""
        row = self.scroll_offset.y + y
        width = self.scrollable_content_region.width or self.size.width
        if row >= len(self.document.lines):
            return Strip.blank(width, self.component(""))
        line = self.document.lines[row]
        base = self._base(row, line)
        gutter = Strip(self._gutter(row, line, base))
        code = Strip(
            [Segment(text, self._over(base, f"code--{kind}") if kind else base) for text, kind in self._spans(row)]
        )
        x, room = self.scroll_offset.x, max(0, width - gutter.cell_length)
        return Strip.join([gutter, code.crop_extend(x, x + room, base)]).crop_extend(0, width, base)

    def _gutter(self, row: int, line: Line, base: Style) -> list[Segment]:
        number = str(line.number) if line.number else ""
        mark = self._marks.get(row)
        arrow = "▶" if row == self.evidence else " "
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
