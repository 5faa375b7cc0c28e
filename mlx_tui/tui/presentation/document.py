"""A file of a repository as lines to show: code with line numbers, notebooks cell by cell, or why it can't be shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import islice

from rich.cells import cell_len

from mlx_tui.formats.notebook import Cell, Notebook, NotebookError, parse_notebook
from mlx_tui.formats.notebook_outputs import Output, OutputKind, describe_outputs, read_outputs
from mlx_tui.safe_text import safe_text
from mlx_tui.text_files import decode

LONGEST_LINE = 2_000
"""Characters of a line that are shown."""
MOST_OUTPUT = 200
"""Lines of a cell's outputs that are shown."""
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
"""UTF-16 and UTF-32, in which a zero byte is no sign of a binary file."""


class LineKind(StrEnum):
    """What a line is."""

    CODE = "code"
    HEADING = "heading"
    """Where a notebook's cell begins."""
    NOTE = "note"
    """Something said about the file, not in it."""
    OUTPUT = "output"
    """A line of a cell's output, or where it stands."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document.

    Attributes:
        text: Safe text, tabs expanded, at most `LONGEST_LINE` characters and an ellipsis.
        kind: What it is.
        number: Line number from 1, within the cell for a notebook; 0 for what isn't in the file.
        cell: Cell of the notebook, from 0; None outside notebooks.
    """

    text: str
    kind: LineKind = LineKind.CODE
    number: int = 0
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Rows `start` up to `stop` are code of one language, which is the name of a Pygments lexer or of a file."""

    start: int
    stop: int
    language: str


@dataclass(frozen=True)
class Document:
    """A file as it is shown.

    Attributes:
        path: The file within the repository, raw.
        lines: What is shown, one row each.
        blocks: Which rows are code.
    """

    path: str
    lines: tuple[Line, ...]
    blocks: tuple[Block, ...]

    @cached_property
    def width(self) -> int:
        """The longest line in terminal cells."""
        return max((len(t) if t.isascii() else cell_len(t) for t in (line.text for line in self.lines)), default=0)

    @cached_property
    def highest_number(self) -> int:
        """The largest line number."""
        return max((line.number for line in self.lines), default=0)

    def row_of(self, cell: int | None, line: int) -> int | None:
        """Returns the row of a line of the file, or of a cell of the notebook; None where there is no such line."""
        for row, shown in enumerate(self.lines):
            if shown.number == line and shown.cell == cell:
                return row
        return None


def read_document(path: str, data: bytes, *, outputs: bool = False) -> Document:
    """Makes a document of a file's bytes; every input gives one.

    Args:
        path: The file within the repository, raw.
        data: Its bytes.
        outputs: Of a notebook, show the text of its outputs, at most `MOST_OUTPUT` lines a cell; else only where they
            are.
    """
    if not decode(data[:4]):
        return message_document(path, "The file is empty.")
    if path.lower().endswith(".ipynb"):
        try:
            return _notebook(path, parse_notebook(data), read_outputs(data), outputs)
        except NotebookError as error:
            note = f"This isn't a readable notebook ({error}); its text follows."
            return _text(path, data, note)
    return _text(path, data)


def message_document(path: str, *messages: str) -> Document:
    """Makes a document that only says something about a file."""
    return Document(path, tuple(Line(safe_text(message), LineKind.NOTE) for message in messages), ())


def _text(path: str, data: bytes, note: str = "") -> Document:
    if b"\0" in data[:8192] and not data.startswith(_WIDE_BOMS):
        return message_document(path, f"A binary file of {len(data):,} bytes: not shown.")
    head = (Line(safe_text(note), LineKind.NOTE),) if note else ()
    lines = tuple(Line(_shown(line), number=number) for number, line in enumerate(_split(decode(data)), 1))
    return Document(path, head + lines, (Block(len(head), len(head) + len(lines), path),))


def _notebook(path: str, notebook: Notebook, outputs: Mapping[int, tuple[Output, ...]], shown: bool) -> Document:
    lines: list[Line] = []
    blocks: list[Block] = []
    if not notebook.cells:
        return message_document(path, "A notebook without cells.")
    for cell in notebook.cells:
        lines.append(Line(_heading(cell, notebook), LineKind.HEADING, cell=cell.index))
        start = len(lines)
        source = _split(cell.source) if cell.source else []
        lines += [Line(_shown(text), number=number, cell=cell.index) for number, text in enumerate(source, 1)]
        blocks.append(Block(start, len(lines), notebook.language if cell.kind == "code" else cell.kind))
        if cell.index in outputs:
            texts = _outputs(outputs[cell.index], shown)
            lines += [Line(text, LineKind.OUTPUT, cell=cell.index) for text in texts]
    return Document(path, tuple(lines), tuple(blocks))


def _heading(cell: Cell, notebook: Notebook) -> str:
    kind = f"code · {notebook.language}" if cell.kind == "code" else cell.kind
    return safe_text(f"cell {cell.index} · {kind}")


def _outputs(outputs: tuple[Output, ...], shown: bool) -> Iterator[str]:
    """Yields a line that says what there is, and below it the text where it is asked for."""
    yield safe_text(f"⤷ output: {describe_outputs(outputs)}")
    if not shown:
        return
    texts = (text for output in outputs for text in _output_lines(output))
    yield from (f"  {_shown(text)}" for text in islice(texts, MOST_OUTPUT))
    left_out = sum(1 for _ in texts)
    if left_out:
        yield f"  … {left_out:,} more lines"


def _output_lines(output: Output) -> Iterator[str]:
    if not output.text or output.kind in (OutputKind.HTML, OutputKind.OTHER):
        yield f"[{output.kind.value} {output.media_type}, {output.size:,} characters]"
    yield from output.lines


def _split(text: str) -> list[str]:
    """Splits as detection counts lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return lines


def _shown(line: str) -> str:
    if len(line) > LONGEST_LINE:
        line = f"{line[:LONGEST_LINE]}… ({len(line):,} characters)"
    return safe_text(line.expandtabs(4))
