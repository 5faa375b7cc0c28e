"""The journal: durable, undoable, shared with other programs and spreadsheets."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mlx_tui.annotation.annotations_file import read_annotations, render_header, render_row
from mlx_tui.annotation.journal import Journal, LoadError, SaveError
from mlx_tui.annotation.model import Judgement, JudgementKey, Verdict

START = datetime(2026, 11, 22, 12, 0, 0, 500, UTC)


def key(line: int = 1, annotator: str = "alice") -> JudgementKey:
    return JudgementKey("owner/name", "c" * 40, "metrics.logged", "train.py", None, line, annotator)


def judgement(line: int = 1, verdict: Verdict = Verdict.CONFIRMED, seconds: float = 0, note: str = "") -> Judgement:
    return Judgement(key(line), verdict, note, "", START + timedelta(seconds=seconds))


def on_disk(path: Path) -> dict[JudgementKey, Verdict]:
    content = read_annotations(path.read_bytes(), START)
    return {row.judgement.key: row.judgement.verdict for row in content.rows}


def verdicts(journal: Journal) -> dict[JudgementKey, Verdict]:
    return {item.key: item.verdict for item in journal.judgements()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "annotations.csv"


@pytest.fixture
def clock() -> Iterator[datetime]:
    """Times after every judgement of a test, each later than the one before."""
    return (START + timedelta(hours=1, seconds=second) for second in range(1000))


@pytest.fixture
def journal(path: Path, clock: Iterator[datetime]) -> Journal:
    return Journal(path, lambda: next(clock))


@pytest.fixture
def other(path: Path, clock: Iterator[datetime]) -> Journal:
    """A second program on the same study."""
    return Journal(path, lambda: next(clock))


def test_nothing_there_is_nothing_judged_and_nothing_written(journal: Journal, path: Path) -> None:
    assert journal.judgements() == ()
    assert not path.exists()


def test_a_judgement_is_on_disk_when_record_returns(journal: Journal, path: Path) -> None:
    report = journal.record(judgement())
    assert on_disk(path) == {key(): Verdict.CONFIRMED}
    assert [change.after for change in report.saved] == [judgement()]
    assert journal.pending == ()


def test_the_previous_version_is_kept(journal: Journal, path: Path) -> None:
    journal.record(judgement())
    before = path.read_bytes()
    journal.record(judgement(2))
    assert path.with_name("annotations.csv.bak").read_bytes() == before
    assert not list(path.parent.glob(".*.tmp"))


def test_what_is_recorded_reads_back_as_it_is_in_memory(journal: Journal, path: Path) -> None:
    journal.record(judgement(note="a\r\nb\t\x1b[31m"))
    assert Journal(path).judgements() == journal.judgements()


def test_a_later_version_replaces_the_earlier(journal: Journal, path: Path) -> None:
    journal.record(judgement())
    report = journal.record(judgement(verdict=Verdict.REJECTED, seconds=5))
    assert on_disk(path) == {key(): Verdict.REJECTED}
    assert report.conflicts == ()


def test_a_later_statement_counts_although_its_clock_is_behind(journal: Journal, path: Path) -> None:
    journal.record(judgement(seconds=3600))
    journal.record(judgement(verdict=Verdict.REJECTED))
    assert on_disk(path) == {key(): Verdict.REJECTED}
    assert verdicts(Journal(path)) == {key(): Verdict.REJECTED}


def test_undo_and_redo_are_on_disk(journal: Journal, path: Path) -> None:
    journal.record(judgement())
    journal.record(judgement(verdict=Verdict.REJECTED, seconds=5))
    assert journal.undo() is not None
    assert on_disk(path) == {key(): Verdict.CONFIRMED}
    journal.undo()
    assert on_disk(path) == {}
    assert not journal.can_undo
    assert journal.undo() is None
    journal.redo()
    assert on_disk(path) == {key(): Verdict.CONFIRMED}
    journal.redo()
    assert on_disk(path) == {key(): Verdict.REJECTED}
    assert journal.redo() is None


def test_undo_after_redo_and_a_new_change_ends_redo(journal: Journal) -> None:
    journal.record(judgement())
    journal.undo()
    journal.redo()
    journal.undo()
    assert journal.can_redo
    journal.record(judgement(2))
    assert not journal.can_redo
    assert set(verdicts(journal)) == {key(2)}


def test_removing_is_undone_with_its_note(journal: Journal, path: Path) -> None:
    journal.record(judgement(note="why"))
    journal.remove(key())
    assert on_disk(path) == {}
    journal.undo()
    assert [item.note for item in journal.judgements()] == ["why"]
    assert on_disk(path) == {key(): Verdict.CONFIRMED}


def test_many_are_one_write_and_one_undo(journal: Journal, path: Path) -> None:
    journal.record_all(judgement(line) for line in range(1, 6))
    assert len(on_disk(path)) == 5
    journal.undo()
    assert on_disk(path) == {}


def test_two_programs_keep_each_others_work(journal: Journal, other: Journal, path: Path) -> None:
    assert other.judgements() == ()
    journal.record(judgement(1))
    report = other.record(judgement(2))
    assert [change.key for change in report.updated] == [key(1)]
    assert set(on_disk(path)) == {key(1), key(2)}
    assert journal.load().updated[0].key == key(2)
    assert verdicts(journal) == verdicts(other)


def test_the_newest_version_wins_and_the_other_is_reported(journal: Journal, other: Journal, path: Path) -> None:
    other.judgements()
    journal.record(judgement(seconds=10))
    report = other.record(judgement(verdict=Verdict.REJECTED, seconds=5))
    (conflict,) = report.conflicts
    assert (conflict.kept.verdict, conflict.dropped.verdict) == (Verdict.CONFIRMED, Verdict.REJECTED)
    assert report.saved == ()
    assert on_disk(path) == {key(): Verdict.CONFIRMED}


def test_an_older_version_of_another_program_is_reported_when_overruled(journal: Journal, other: Journal) -> None:
    other.judgements()
    journal.record(judgement(seconds=5))
    report = other.record(judgement(verdict=Verdict.REJECTED, seconds=10))
    (conflict,) = report.conflicts
    assert (conflict.kept.verdict, conflict.dropped.verdict) == (Verdict.REJECTED, Verdict.CONFIRMED)


def test_undo_survives_a_program_that_still_holds_the_judgement(journal: Journal, other: Journal, path: Path) -> None:
    journal.record(judgement(1))
    assert len(other.judgements()) == 1
    journal.undo()
    report = other.record(judgement(2))
    assert set(on_disk(path)) == {key(2)}
    assert [(change.key, change.after) for change in report.updated] == [(key(1), None)]
    assert report.restored == ()


def test_undo_survives_an_older_copy_saved_over_the_file(journal: Journal, path: Path) -> None:
    journal.record(judgement(1))
    older = path.read_bytes()
    journal.undo()
    path.write_bytes(older)
    assert Journal(path).judgements() == ()
    journal.record(judgement(2))
    assert set(on_disk(path)) == {key(2)}


def test_a_judgement_removed_and_made_again_stays(journal: Journal, other: Journal, path: Path) -> None:
    journal.record(judgement())
    journal.remove(key())
    assert other.judgements() == ()
    other.record(judgement(verdict=Verdict.UNSURE))
    assert on_disk(path) == {key(): Verdict.UNSURE}
    journal.load()
    assert verdicts(journal) == {key(): Verdict.UNSURE}


def test_an_older_copy_saved_over_the_file_loses_nothing(journal: Journal, path: Path) -> None:
    journal.record(judgement(1))
    older = path.read_bytes()
    journal.record(judgement(1, Verdict.REJECTED, seconds=5))
    journal.record(judgement(2))
    path.write_bytes(older)
    report = journal.record(judgement(3))
    assert on_disk(path) == {key(1): Verdict.REJECTED, key(2): Verdict.CONFIRMED, key(3): Verdict.CONFIRMED}
    assert [item.key for item in report.restored] == [key(2)]
    assert [(c.kept.verdict, c.dropped.verdict) for c in report.conflicts] == [(Verdict.REJECTED, Verdict.CONFIRMED)]


def test_a_file_deleted_under_way_is_written_again(journal: Journal, path: Path) -> None:
    journal.record(judgement(1))
    path.unlink()
    journal.record(judgement(2))
    assert set(on_disk(path)) == {key(1), key(2)}


def test_a_verdict_edited_in_a_spreadsheet_is_taken(journal: Journal, path: Path) -> None:
    journal.record(judgement())
    text = path.read_text().replace("confirmed", "rejected").replace(",", ";").replace("12:00:00.000500Z", "12:00:00")
    path.write_text(text, encoding="utf-8-sig")
    report = journal.load()
    assert verdicts(journal) == {key(): Verdict.REJECTED}
    assert len(report.updated) == 1
    journal.record(judgement(2))
    assert on_disk(path) == {key(): Verdict.REJECTED, key(2): Verdict.CONFIRMED}


def test_undo_leaves_alone_what_somebody_else_changed_since(journal: Journal, other: Journal, path: Path) -> None:
    journal.record(judgement())
    journal.record(judgement(verdict=Verdict.REJECTED, seconds=1))
    other.record(judgement(verdict=Verdict.UNSURE, seconds=2))
    report = journal.undo()
    assert report is not None
    assert [conflict.kept.verdict for conflict in report.conflicts] == [Verdict.UNSURE]
    assert on_disk(path) == {key(): Verdict.UNSURE}


def test_rows_that_cannot_be_read_and_further_columns_stay(path: Path) -> None:
    header = render_header(["Score"])
    path.write_text(header + render_row(judgement(1), ["7"]) + "o/n,c,f,a.py,,x,,perhaps,mine,bob,yesterday,9\r\n")
    journal = Journal(path)
    (unread,) = journal.load().unread
    assert unread.line == 3
    journal.record(judgement(2))
    assert path.read_bytes().decode() == (
        header
        + render_row(judgement(1), ["7"])
        + render_row(judgement(2))
        + "o/n,c,f,a.py,,x,,perhaps,mine,bob,yesterday,9\r\n"
    )


def test_rows_of_one_key_in_the_file_are_reported(path: Path) -> None:
    path.write_text(render_header() + render_row(judgement(seconds=5)) + render_row(judgement(verdict=Verdict.UNSURE)))
    (conflict,) = Journal(path).load().conflicts
    assert (conflict.kept.verdict, conflict.dropped.verdict) == (Verdict.CONFIRMED, Verdict.UNSURE)


def test_a_spreadsheet_document_is_refused_and_left_alone(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04")
    journal = Journal(path)
    with pytest.raises(LoadError, match="save it as CSV"):
        journal.judgements()
    with pytest.raises(SaveError, match="save it as CSV"):
        journal.record(judgement())
    assert path.read_bytes() == b"PK\x03\x04"
    path.unlink()
    journal.save()
    assert on_disk(path) == {key(): Verdict.CONFIRMED}


def test_merging_another_file_is_one_step(journal: Journal, path: Path, tmp_path: Path) -> None:
    journal.record(judgement(1))
    (tmp_path / "theirs").mkdir()
    theirs = Journal(tmp_path / "theirs" / "annotations.csv")
    theirs.record_all([judgement(1, Verdict.REJECTED, seconds=5), judgement(2)])
    report = journal.merge_file(theirs.path)
    assert on_disk(path) == {key(1): Verdict.REJECTED, key(2): Verdict.CONFIRMED}
    assert [(c.kept.verdict, c.dropped.verdict) for c in report.conflicts] == [(Verdict.REJECTED, Verdict.CONFIRMED)]
    journal.undo()
    assert on_disk(path) == {key(1): Verdict.CONFIRMED}


def test_what_was_taken_back_stays_away_from_a_later_merge_and_is_told(journal: Journal, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    theirs = Journal(tmp_path / "theirs" / "annotations.csv")
    theirs.record_all([judgement(1), judgement(2)])
    journal.merge_file(theirs.path)
    journal.undo()
    report = journal.merge_file(theirs.path)
    assert (report.saved, report.notices) == ((), ("2 judgements stay away: they were taken back later",))


def test_merging_a_missing_file_is_an_error(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(LoadError):
        journal.merge_file(tmp_path / "nowhere.csv")
