"""annotations.csv as bytes: round trips, and what spreadsheets make of it."""

import csv
import io
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlx_tui.annotation.annotations_file import (
    AnnotationsFileError,
    canonical,
    read_annotations,
    render_header,
    render_row,
    reread_annotations,
)
from mlx_tui.annotation.model import Judgement, JudgementKey, Verdict
from mlx_tui.annotation.row_parser import COLUMNS, ReadRow
from mlx_tui.annotation.timestamps import format_timestamp, parse_timestamp

NOW = datetime(2026, 11, 22, 22, 21, 42, 123456, UTC)
KEY = JudgementKey("owner/name", "a" * 40, "parameters.logged", "src/train.py", None, 12, "alice")
JUDGEMENT = Judgement(KEY, Verdict.CONFIRMED, "looks right", "0123456789abcdef", NOW)

texts = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(
    [
        "=1+1",
        "'=1+1",
        "-",
        "0012",
        "'0012",
        "1/2",
        "1234e56789012345",
        "a,b",
        'say "yes"',
        "\r\n",
        "a\nb",
        "\n=1",
        "\ufeff",
    ]
)
keys = st.builds(
    JudgementKey,
    repo=texts.map(lambda text: f"r{text}"),
    commit=texts,
    feature=texts,
    path=texts,
    cell=st.none() | st.integers(0, 10**6),
    line=st.none() | st.integers(1, 10**9),
    annotator=texts,
)
judgements = st.builds(
    Judgement,
    key=keys,
    verdict=st.sampled_from(Verdict),
    note=texts,
    excerpt_hash=texts,
    annotated_at=st.datetimes(datetime(2, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC)),
)


def read(text: str | bytes):
    return read_annotations(text if isinstance(text, bytes) else text.encode(), NOW)


def judged(text: str | bytes) -> list[Judgement]:
    content = read(text)
    assert not content.unread, content.unread
    return [row.judgement for row in content.rows]


HALF_OF_A_FLAG = "\U0001f1e6"
"""A file keeps it, a screen shows its number."""


@given(st.lists(judgements, max_size=8))
@example([Judgement(JudgementKey("r", "", "", "", None, None, ""), Verdict.CONFIRMED, "", HALF_OF_A_FLAG, NOW)])
def test_every_judgement_reads_back_unchanged(written: list[Judgement]) -> None:
    expected = [canonical(judgement) for judgement in written]
    assert judged(render_header() + "".join(map(render_row, expected))) == expected


@given(judgements)
def test_canonical_is_idempotent(judgement: Judgement) -> None:
    assert canonical(canonical(judgement)) == canonical(judgement)


@given(judgements)
def test_no_cell_is_a_formula_or_holds_a_control_character(judgement: Judgement) -> None:
    for cell in next(csv.reader(io.StringIO(render_row(canonical(judgement)), newline=""))):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert all(character == "\n" or ord(character) >= 0x20 for character in cell)


@given(st.lists(judgements, max_size=8), st.data())
def test_rereading_says_what_reading_says(written: list[Judgement], data: st.DataObject) -> None:
    rows = [ReadRow(canonical(judgement), ()) for judgement in written]
    known = {render_row(row.judgement).encode(): row for row in rows if data.draw(st.booleans())}
    lines = [render_row(row.judgement).encode() for row in rows]
    broken = [b'o/n,c,"never closed,,,,,confirmed,,bob,\r\n'] if data.draw(st.booleans()) else []
    content = b"".join(data.draw(st.permutations([*lines, *broken])))
    reread = reread_annotations(render_header().encode() + content, known, NOW)
    assert reread == (None if broken else read(render_header().encode() + content))


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\xef\xbb\xbf" + render_header().encode(),
        render_header().replace(",", ";").encode(),
        b"annotated_at,repo\r\n",
    ],
)
def test_a_file_of_another_form_is_not_reread(header: bytes) -> None:
    line = render_row(JUDGEMENT).encode()
    assert reread_annotations(header + line, {line: ReadRow(JUDGEMENT, ())}, NOW) is None


def test_columns_are_those_of_the_design() -> None:
    assert render_header() == (
        "repo,commit,feature,path,cell,line,excerpt_hash,verdict,note,annotator,annotated_at\r\n"
    )


def test_a_note_of_several_lines_is_a_cell_of_several_lines() -> None:
    line = render_row(canonical(Judgement(KEY, Verdict.NOTE, 'one\r\n"two"\tthree', "", NOW)))
    assert ',note,"one\n""two""    three",alice,' in line


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    try:
        content = read(data)
    except AnnotationsFileError:
        return
    assert len(content.rows) + len(content.unread) <= data.count(b"\n") + data.count(b"\r") + 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_what_a_spreadsheet_saves_reads_back(delimiter: str, encoding: str, line_end: str) -> None:
    several = Judgement(KEY, Verdict.NOTE, "one; two,\nthree", "1234e56789012345", NOW)
    rows = csv.reader(io.StringIO(render_header() + render_row(several), newline=""))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator=line_end).writerows(rows)
    assert judged(out.getvalue().encode(encoding)) == [several]


def test_moved_and_further_columns() -> None:
    content = read("verdict,Score,commit,repo,path,feature,line,annotator,mine\nconfirmed,7,c,o/n,a.py,f,3,bob,x\n")
    (row,) = content.rows
    assert row.judgement.key == JudgementKey("o/n", "c", "f", "a.py", None, 3, "bob")
    assert content.extra_columns == ("Score", "mine")
    assert row.extra == ("7", "x")


def test_a_row_added_by_hand_takes_the_time_of_the_file() -> None:
    (judgement,) = judged(render_header() + "o/n,c,f,a.py,,3.0,, Missed ,found by hand,bob,\r\n")
    assert (judgement.verdict, judgement.annotated_at, judgement.key.line) == (Verdict.MISSED, NOW, 3)


def test_a_header_that_sorting_moved_is_found() -> None:
    assert judged(render_row(JUDGEMENT) + render_header()) == [JUDGEMENT]


def test_a_file_without_header_is_read_in_our_order() -> None:
    assert judged(render_row(JUDGEMENT)) == [JUDGEMENT]


def test_excels_line_that_names_the_delimiter_is_skipped() -> None:
    assert judged("sep=,\r\n" + render_header() + render_row(JUDGEMENT)) == [JUDGEMENT]


def test_windows_1252_is_read_and_told() -> None:
    content = read(render_header().encode() + render_row(JUDGEMENT).replace("looks", "sch\xf6n").encode("cp1252"))
    assert content.rows[0].judgement.note == "schön right"
    assert "Windows-1252" in content.notices[0]


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0", b"repo\0,\0"])
def test_documents_that_are_not_text_are_refused(data: bytes) -> None:
    with pytest.raises(AnnotationsFileError):
        read(data)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("o/n,c,f,a.py,,3,,perhaps,,bob,2026-11-22T22:21:42Z", "verdict"),
        ("o/n,c,f,a.py,,three,,confirmed,,bob,2026-11-22T22:21:42Z", "line"),
        ("o/n,c,f,a.py,,3,,confirmed,,bob,yesterday", "annotated_at"),
        ("o/n,c,f,a.py,,3,,confirmed,,bob,01/02/26 10:00", "day/month"),
        (",c,f,a.py,,3,,confirmed,,bob,2026-11-22T22:21:42Z", "repo"),
        ("only this", "verdict"),
    ],
)
def test_a_row_that_cannot_be_read_is_kept_with_its_line_and_reason(row: str, reason: str) -> None:
    content = read(render_header() + render_row(JUDGEMENT) + row + "\r\n" + render_row(JUDGEMENT))
    assert len(content.rows) == 2
    (unread,) = content.unread
    assert unread.line == 3
    assert reason in unread.reason
    assert [cell for cell in unread.cells if cell] == [cell for cell in row.split(",") if cell]


@pytest.mark.parametrize(
    "broken", ['o/n,c,f,a.py,,3,,confirmed,"never closed,bob,2026-11-22T22:21:42Z', 'x,"', 'x,"y" z']
)
def test_a_quote_that_is_never_closed_costs_its_own_line_only(broken: str) -> None:
    second = Judgement(
        JudgementKey("o/m", "c", "f", "b.py", 0, 1, "bob"), Verdict.UNSURE, 'with "quotes"\nand lines', "", NOW
    )
    content = read(
        render_header() + render_row(JUDGEMENT) + broken + "\r\n" + render_row(second) + render_row(JUDGEMENT)
    )
    assert [row.judgement for row in content.rows] == [JUDGEMENT, second, JUDGEMENT]
    (unread,) = content.unread
    assert unread.line == 3
    assert "quote" in unread.reason


def test_blank_rows_are_nothing() -> None:
    assert judged(render_header() + ",,,,,,,,,,\r\n\r\n" + render_row(JUDGEMENT)) == [JUDGEMENT]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22T22:21:42.123456Z", NOW),
        ("'2026-11-22T22:21:42.123456Z", NOW),
        ("2026-11-22 22:21:42", NOW.replace(microsecond=0)),
        ("2026-11-22T23:21:42.123456+01:00", NOW),
        ("22.11.2026 22:21", NOW.replace(second=0, microsecond=0)),
        ("22/11/2026 22:21:42", NOW.replace(microsecond=0)),
        ("11/22/26 10:21 PM", NOW.replace(second=0, microsecond=0)),
        ("11/11/26, 12:05 AM", datetime(2026, 11, 11, 0, 5, tzinfo=UTC)),
    ],
)
def test_times_as_spreadsheets_write_them(text: str, expected: datetime) -> None:
    assert parse_timestamp(text) == expected


def test_times_are_written_in_utc_to_the_microsecond() -> None:
    local = NOW.replace(microsecond=0).astimezone(timezone(timedelta(hours=5)))
    assert format_timestamp(local) == "2026-11-22T22:21:42.000000Z"


def test_column_names_are_unique() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS)
