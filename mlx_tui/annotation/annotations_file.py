"""`annotations.csv` as bytes, to judgements and back.

Written: RFC 4180 in UTF-8, the columns of `COLUMNS`, then the file's own further ones. Read: also what a spreadsheet
makes of it on saving (byte-order mark, other delimiter, columns moved or added, reformatted times). What can't be read
is kept, cell by cell, and reported.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from mlx_tui.annotation.cells import note_cell, text_cell
from mlx_tui.annotation.model import Judgement, JudgementKey
from mlx_tui.annotation.row_parser import COLUMNS, ReadRow, RowParser, UnreadRow
from mlx_tui.annotation.timestamps import format_timestamp
from mlx_tui.safe_text import safe_record

_REQUIRED = {"repo", "commit", "feature", "path", "verdict"}
_LINE_END = "\r\n"
_DELIMITERS = ",;\t|"
_ENCODINGS = (
    ((b"\xef\xbb\xbf",), "utf-8-sig"),
    ((b"\xff\xfe", b"\xfe\xff"), "utf-16"),
)
csv.field_size_limit(1 << 30)  # a note may be longer than the standard library's 128 KiB


class AnnotationsFileError(ValueError):
    """The file isn't a CSV file; the message says what to do."""


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
            safe_record(key.repo),
            safe_record(key.commit),
            safe_record(key.feature),
            safe_record(key.path),
            key.cell,
            key.line,
            safe_record(key.annotator),
        ),
        judgement.verdict,
        safe_record(judgement.note, multiline=True),
        safe_record(judgement.excerpt_hash),
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
        *map(text_cell, texts),
        "" if key.cell is None else str(key.cell),
        "" if key.line is None else str(key.line),
        text_cell(judgement.excerpt_hash),
        judgement.verdict.value,
        note_cell(judgement.note),
        text_cell(key.annotator),
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
    parser = RowParser(header, modified_at)
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


def _rows(lines: Sequence[str], delimiter: str, parser: RowParser) -> Iterator[ReadRow | UnreadRow]:
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


def _swallowed(lines: Sequence[str], delimiter: str, parser: RowParser) -> bool:
    return any(isinstance(parser.parse(0, _split(line, delimiter)), ReadRow) for line in lines)
