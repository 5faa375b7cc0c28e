"""`annotations.csv` as bytes, to judgements and back.

Written: RFC 4180 in UTF-8, the columns of `COLUMNS`, then the file's own further ones. Read: also what a spreadsheet
makes of it on saving (byte-order mark, other delimiter, columns moved or added, reformatted times). What can't be read
is kept, cell by cell, and reported.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice

from mlx_tui.annotation.model import Judgement, JudgementKey, Verdict
from mlx_tui.annotation.timestamps import format_timestamp, parse_timestamp
from mlx_tui.safe_text import csv_cell, csv_text, safe_text

COLUMNS = (
    "repo",
    "commit",
    "feature",
    "path",
    "cell",
    "line",
    "excerpt_hash",
    "verdict",
    "note",
    "annotator",
    "annotated_at",
)
_REQUIRED = {"repo", "commit", "feature", "path", "verdict"}
_LINE_END = "\r\n"
_DELIMITERS = ",;\t|"
_ENCODINGS = (
    ((b"\xef\xbb\xbf",), "utf-8-sig"),
    ((b"\xff\xfe", b"\xfe\xff"), "utf-16"),
)
# A cell that a spreadsheet takes for a number or a date and saves as another text: 0012, 1/2, 3.10, 1234e56789012345.
_NUMBER_OR_DATE = re.compile(r"'*\d[\d.,:/eE+\- ]*%?\Z")
csv.field_size_limit(1 << 30)  # a note may be longer than the standard library's 128 KiB


class AnnotationsFileError(ValueError):
    """The file isn't a CSV file; the message says what to do."""


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row that isn't a judgement; it stays in the file.

    Attributes:
        line: Its first line in the file, from 1.
        cells: Its cells as they are, in the order in which they will be written.
        reason: Why it can't be read, for a person.
    """

    line: int
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that was read.

    Attributes:
        judgement: What it says.
        extra: The cells of columns that aren't ours, in the file's order.
    """

    judgement: Judgement
    extra: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnnotationsContent:
    """A file's content.

    Attributes:
        rows: In the file's order.
        unread: Rows that aren't judgements, in the file's order.
        extra_columns: Names of the columns that aren't ours.
        notices: What was unusual about the file as a whole, for a person.
    """

    rows: tuple[ReadRow, ...] = ()
    unread: tuple[UnreadRow, ...] = ()
    extra_columns: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def canonical(judgement: Judgement) -> Judgement:
    """A judgement as it reads back from the file: safe texts, time in UTC."""
    key = judgement.key
    return Judgement(
        JudgementKey(
            safe_text(key.repo),
            safe_text(key.commit),
            safe_text(key.feature),
            safe_text(key.path),
            key.cell,
            key.line,
            safe_text(key.annotator),
        ),
        judgement.verdict,
        safe_text(judgement.note, multiline=True),
        safe_text(judgement.excerpt_hash),
        judgement.annotated_at.astimezone(UTC),
    )


def render_header(extra_columns: Sequence[str] = ()) -> str:
    """The first line, with its line end."""
    return render_cells([*COLUMNS, *extra_columns])


def render_row(judgement: Judgement, extra: Sequence[str] = ()) -> str:
    """A judgement's line (several where its note has several), with its line end."""
    key = judgement.key
    texts = (key.repo, key.commit, key.feature, key.path)
    cells = [
        *map(_cell, texts),
        "" if key.cell is None else str(key.cell),
        "" if key.line is None else str(key.line),
        _cell(judgement.excerpt_hash),
        judgement.verdict.value,
        _note_cell(judgement.note),
        _cell(key.annotator),
        format_timestamp(judgement.annotated_at),
        *extra,
    ]
    return render_cells(cells)


def render_cells(cells: Sequence[str]) -> str:
    """Cells as they are, as a line of RFC 4180."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=_LINE_END).writerow(cells)
    return out.getvalue()


def read_annotations(data: bytes, modified_at: datetime) -> AnnotationsContent:
    """Reads a file's content.

    Args:
        data: The whole file.
        modified_at: When the file was last written, timezone-aware: the time of rows added by hand without one.

    Raises:
        AnnotationsFileError: It isn't text.
    """
    text, notices = _decode(data)
    lines = list(io.StringIO(text, newline=""))
    if lines and lines[0].lower().startswith("sep="):  # Excel's own way to name the delimiter
        lines[0] = "\r\n"
    header_line, delimiter, header = _find_header(lines)
    parser = _RowParser(header, modified_at)
    rows: list[ReadRow] = []
    unread: list[UnreadRow] = []
    for row in _rows(lines, delimiter, parser):
        if isinstance(row, ReadRow):
            rows.append(row)
        elif row.line != header_line and any(cell.strip() for cell in row.cells):
            unread.append(row)
    return AnnotationsContent(tuple(rows), tuple(unread), parser.extra_columns, notices)


def reread_annotations(data: bytes, known: Mapping[bytes, ReadRow], modified_at: datetime) -> AnnotationsContent | None:
    """Reads a file of which most rows are known; the rest alone is parsed.

    Args:
        data: The whole file.
        known: Rows by the bytes that `render_row` makes of them.
        modified_at: As in `read_annotations`.

    Returns:
        The content; None where the file isn't as this program writes it, or holds rows that can't be read.
    """
    end = _LINE_END.encode()
    header, *chunks = data.split(end)  # a row's own line breaks are single line feeds
    ours = render_header().removesuffix(_LINE_END).encode()
    if not chunks or chunks.pop() or not (header + b",").startswith(ours + b","):
        return None
    lines = [chunk + end for chunk in chunks]
    others = [line for line in lines if line not in known]
    content = read_annotations(b"".join([header, end, *others]), modified_at)
    if content.unread or content.notices or len(content.rows) != len(others):
        return None
    parsed = iter(content.rows)
    rows = tuple(known.get(line) or next(parsed) for line in lines)
    return AnnotationsContent(rows, extra_columns=content.extra_columns)


@lru_cache(maxsize=1 << 16)  # names come again and again
def _cell(text: str) -> str:
    return "'" + text if _NUMBER_OR_DATE.match(text) else csv_cell(text)


def _note_cell(note: str) -> str:
    first, newline, rest = safe_text(note, multiline=True).partition("\n")
    return (_cell(first) if not newline else csv_cell(first)) + newline + rest


def _text(cell: str) -> str:
    cell = safe_text(cell, multiline=True)
    return cell[1:] if cell.startswith("'") and _NUMBER_OR_DATE.match(cell) else csv_text(cell)


def _decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise AnnotationsFileError("it was saved as a spreadsheet document: open it there and save it as CSV (UTF-8)")
    encoding = next((name for marks, name in _ENCODINGS if data.startswith(marks)), "utf-8")
    notices: tuple[str, ...] = ()
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        # What older Excel saves as "CSV"; Latin-1 for the five bytes that Windows-1252 lacks.
        text = data.decode("cp1252") if not set(data) & set(b"\x81\x8d\x8f\x90\x9d") else data.decode("latin-1")
        notices = ("it isn't UTF-8 and was read as Windows-1252: letters may be wrong",)
    if "\0" in text:
        raise AnnotationsFileError("it isn't a text file: restore it from annotations.csv.bak")
    return text, notices


def _find_header(lines: Sequence[str]) -> tuple[int, str, tuple[str, ...]]:
    """Line (0 where there is none), delimiter and column names; sorting in a spreadsheet may have moved the header."""
    for number, line in enumerate(lines, 1):
        if "verdict" not in line.lower():
            continue
        for delimiter in _DELIMITERS:
            names = tuple(name.strip() for name in _split(line, delimiter))
            if {name.lower() for name in names} >= _REQUIRED:
                return number, delimiter, names
    return 0, ",", COLUMNS


def _split(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])


def _rows(lines: Sequence[str], delimiter: str, parser: "_RowParser") -> Iterator[ReadRow | UnreadRow]:
    """Every row; a quote that is never closed costs its own line, not the rest of the file."""
    start = 0
    while start < len(lines):
        reader = csv.reader(islice(lines, start, None), delimiter=delimiter, strict=True)
        first = start
        try:
            for cells in reader:
                end = start + reader.line_num
                row = parser.parse(first + 1, cells)
                if isinstance(row, UnreadRow) and _swallowed(lines[first + 1 : end], delimiter, parser):
                    break
                yield row
                first = end
            else:
                return
            reason = "a quote isn't closed"
        except csv.Error as error:
            reason = f"a quote isn't closed ({error})"
        yield parser.unread(first + 1, _split(lines[first], delimiter), reason)
        start = first + 1


def _swallowed(lines: Sequence[str], delimiter: str, parser: "_RowParser") -> bool:
    return any(isinstance(parser.parse(0, _split(line, delimiter)), ReadRow) for line in lines)


class _RowParser:
    """Rows of a file with a given header."""

    def __init__(self, header: Sequence[str], modified_at: datetime) -> None:
        lowered = [name.lower() for name in header]
        self._positions = [lowered.index(name) if name in lowered else -1 for name in COLUMNS]
        self._extra = [position for position in range(len(header)) if position not in self._positions]
        self._width = len(header)
        self._modified_at = modified_at
        self.extra_columns = tuple(header[position] for position in self._extra)

    def parse(self, line: int, cells: Sequence[str]) -> ReadRow | UnreadRow:
        try:
            return ReadRow(self._judgement(self._ours(cells)), self._theirs(cells))
        except ValueError as error:
            return self.unread(line, cells, str(error))

    def unread(self, line: int, cells: Sequence[str], reason: str) -> UnreadRow:
        return UnreadRow(line, (*self._ours(cells), *self._theirs(cells)), reason)

    def _ours(self, cells: Sequence[str]) -> list[str]:
        return [cells[position] if 0 <= position < len(cells) else "" for position in self._positions]

    def _theirs(self, cells: Sequence[str]) -> tuple[str, ...]:
        named = [cells[position] if position < len(cells) else "" for position in self._extra]
        return (*named, *cells[self._width :])

    def _judgement(self, cells: Sequence[str]) -> Judgement:
        repo, commit, feature, path, cell, line, excerpt_hash, verdict, note, annotator, annotated_at = cells
        if not repo.strip():
            raise ValueError("the column repo is empty")
        key = JudgementKey(
            _line_text(repo),
            _line_text(commit),
            _line_text(feature),
            _line_text(path),
            _number("cell", cell),
            _number("line", line),
            _line_text(annotator),
        )
        when = parse_timestamp(annotated_at) if annotated_at.strip() else self._modified_at
        return Judgement(key, _verdict(verdict, note), _text(note), _line_text(excerpt_hash), when)


@lru_cache(maxsize=1 << 16)
def _line_text(cell: str) -> str:
    return safe_text(_text(cell))


def _number(column: str, cell: str) -> int | None:
    if not cell.strip():
        return None
    match = re.fullmatch(r"\s*'?(\d{1,18})(?:[.,]0+)?\s*", cell)  # pandas writes 12.0 where a column has gaps
    if match is None:
        raise ValueError(f"the column {column} isn't a number: {safe_text(cell)}")
    return int(match[1])


def _verdict(cell: str, note: str) -> Verdict:
    text = cell.strip().lower()
    if not text and note.strip():
        return Verdict.NOTE
    try:
        return Verdict(text)
    except ValueError:
        raise ValueError(f"the verdict is none of {', '.join(Verdict)}: {safe_text(cell)}") from None
