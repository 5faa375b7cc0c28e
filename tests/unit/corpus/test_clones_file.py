from datetime import UTC, datetime, timedelta, timezone

import pytest

from mlx_tui.corpus.clones_file import read_clones, write_clones
from mlx_tui.corpus.entries import CorpusError
from mlx_tui.corpus.model import Clone, CloneStatus

WHEN = datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_what_is_written_is_read_without_the_machines_path(tmp_path):
    clones = (
        Clone("o/n", "https://x.org/o/n", "a" * 40, WHEN, tmp_path / "cache", CloneStatus.READY, "", WHEN),
        Clone("local", str(tmp_path / "repositories/local"), status=CloneStatus.FAILED, error="=it, failed"),
        Clone("later", "https://x.org/o/later"),
    )
    path = tmp_path / "clones.csv"
    write_clones(path, clones)
    assert str(tmp_path) not in path.read_text()
    read = read_clones(path)
    assert read[0] == Clone("o/n", "https://x.org/o/n", "a" * 40, WHEN, None, CloneStatus.READY, "", WHEN)
    assert read[1:] == clones[1:]


def test_times_are_written_in_utc(tmp_path):
    local = WHEN.astimezone(timezone(timedelta(hours=5, minutes=30)))
    write_clones(tmp_path / "clones.csv", (Clone("o/n", "https://x.org/o/n", "a" * 40, local),))
    assert ",2024-02-03T04:05:06+00:00," in (tmp_path / "clones.csv").read_text()
    assert read_clones(tmp_path / "clones.csv")[0].committed_at == local


def test_no_file_is_no_clones(tmp_path):
    assert read_clones(tmp_path / "clones.csv") == ()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("repo,url\n", "line 1: no column `commit`"),
        ("repo,url,commit\na,b,main\n", "line 2, column `commit`: not a full commit: main"),
        ("repo,url,commit,status\na,b,,gone\n", "line 2, column `status`: gone, not missing, ready, failed"),
        ("repo,url,commit,fetched_at\na,b,,soon\n", "line 2, column `fetched_at`: not a time: soon"),
    ],
)
def test_errors_name_line_and_column(tmp_path, data, message):
    (tmp_path / "clones.csv").write_text(data)
    with pytest.raises(CorpusError, match=message):
        read_clones(tmp_path / "clones.csv")
