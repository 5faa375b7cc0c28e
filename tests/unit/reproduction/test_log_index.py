"""The line index over a growing log."""

import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.reproduction import log_index
from mlx_tui.reproduction.log_index import LogIndex


def indexed(path: Path, data: bytes) -> LogIndex:
    path.write_bytes(data)
    index = LogIndex(path)
    assert index.refresh()
    return index


def expected_lines(data: bytes) -> list[str]:
    parts = data.split(b"\n")
    if parts[-1] == b"":
        parts.pop()
    return [part.rstrip(b"\r").rpartition(b"\r")[2].decode("utf-8", "replace") for part in parts]


@given(
    pieces=st.lists(st.sampled_from([b"a", b"loss", b"\n", b"\r", b"\xff", "é".encode(), b"x" * 50]), max_size=60),
    cut=st.integers(0, 200),
)
def test_same_as_splitting_whatever_the_pieces_and_wherever_the_file_grew(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], cut: int
) -> None:
    path = tmp_path_factory.mktemp("log") / "log"
    data = b"".join(pieces)
    original, log_index.BLOCK = log_index.BLOCK, 16
    try:
        with indexed(path, data[:cut]) as index:
            path.write_bytes(data)
            index.refresh()
            assert index.lines(0, index.line_count) == expected_lines(data)
            wanted = [number for number, line in enumerate(expected_lines(data)) if "loss" in line]
            assert index.find("LOSS") == (wanted[0] if wanted else None)
            assert index.find("loss", index.line_count, backward=True) == (wanted[-1] if wanted else None)
            for number in wanted:
                assert index.find("loss", number) == number
                assert index.find("loss", number, backward=True) == number
    finally:
        log_index.BLOCK = original


def test_progress_bar_shows_its_last_state(tmp_path: Path) -> None:
    with indexed(tmp_path / "log", b"start\n 0%\r 50%\r100%\r\nend") as index:
        assert index.lines(0, 10) == ["start", "100%", "end"]
        assert index.find("50%") is None


def test_a_file_that_comes_later_and_one_that_is_replaced(tmp_path: Path) -> None:
    index = LogIndex(tmp_path / "log")
    assert index.refresh()
    assert index.line_count == 0
    (tmp_path / "log").write_bytes(b"one\ntwo\n")
    assert index.refresh()
    assert index.line_count == 2
    with pytest.raises(IndexError):
        index.line(2)
    (tmp_path / "log").write_bytes(b"1\n")
    index.refresh()
    assert index.lines(0, 5) == ["1"]
    index.close()


def test_a_line_of_ten_megabytes_is_cut(tmp_path: Path) -> None:
    with indexed(tmp_path / "log", b"x" * 10_000_000 + b"\nnext\n") as index:
        assert len(index.line(0)) == log_index.LONGEST_LINE + 1
        assert index.line(1) == "next"


def test_indexing_in_slices_reaches_the_end(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"line\n" * 100_000)
    with LogIndex(path) as index:
        slices = 1
        while not index.refresh(at_most=100_000):
            slices += 1
        assert slices == 5
        assert index.line_count == 100_000


def test_a_large_log_costs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "log"
    line = b"epoch 17 loss 0.123456 accuracy 0.9 and more text to fill the line with words\n"
    path.write_bytes(line * 1_000_000)
    code = (
        "import resource, sys; from pathlib import Path; from mlx_tui.reproduction.log_index import LogIndex;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "index = LogIndex(Path(sys.argv[1])); index.refresh();"
        "assert index.line_count == 1_000_000 and index.line(999_999).startswith('epoch 17');"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert int(done.stdout) * 1024 < path.stat().st_size / 10


@given(
    pieces=st.lists(
        st.sampled_from([b"a", b"b", b"ab", b"B", b"\n", b"\r", b"\r\n", b"\xff", "é".encode()]), max_size=40
    ),
    text=st.sampled_from(["a", "ab", "AB", "b\xe9", "\xe9"]),
    start=st.integers(0, 12),
    block=st.integers(1, 9),
)
def test_a_search_finds_the_nearest_line_that_shows_the_text_and_each_once(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], text: str, start: int, block: int
) -> None:
    original, log_index.BLOCK = log_index.BLOCK, block
    data = b"".join(pieces)
    shown = [text.lower() in line.lower() for line in expected_lines(data)]
    try:
        with indexed(tmp_path_factory.mktemp("log") / "log", data) as index:
            after = next((number for number in range(start, len(shown)) if shown[number]), None)
            assert index.find(text, start) == after
            before = next((number for number in range(min(start, len(shown) - 1), -1, -1) if shown[number]), None)
            assert index.find(text, start, backward=True) == before
            assert list(index.hits(text, start)) == [number for number in range(start, len(shown)) if shown[number]]
    finally:
        log_index.BLOCK = original


def test_hits_of_redrawn_and_undecodable_lines(tmp_path: Path) -> None:
    data = b"loss 1\rdone\n\xff\xfe loss\nLoss loss loss\n\rstep\rloss 2\r\nnothing\nloss at the end"
    with indexed(tmp_path / "log", data) as index:
        assert list(index.hits("loss")) == [1, 2, 3, 5]
        assert list(index.hits("loss", 3)) == [3, 5]
        assert list(index.hits("\ufffd loss")) == []  # what can't be decoded isn't looked for
        assert list(index.hits("")) == []
    with LogIndex(tmp_path / "none") as index:
        assert index.refresh() and list(index.hits("loss")) == []


def test_the_first_thousand_hits_are_found_without_reading_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    with indexed(tmp_path / "log", b"epoch loss 0.1\nother\n" * 100_000) as index:
        read = index._read
        monkeypatch.setattr(index, "_read", lambda offset, length: reads.append(offset) or read(offset, length))
        assert list(islice(index.hits("LOSS"), 1_001)) == list(range(0, 2_002, 2))
        assert max(reads) < log_index.BLOCK
        assert len(list(index.hits("loss", 199_998))) == 1


def test_lines_that_were_redrawn_are_not_read_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[int] = []
    with indexed(tmp_path / "log", b"\r 50%\r100%\n" * 100_000) as index:
        read = index._read
        monkeypatch.setattr(index, "_read", lambda offset, length: reads.append(length) or read(offset, length))
        assert index.find("50%") is None
        assert index.find("50%", 99_999, backward=True) is None
        assert index.find("100%", 50_000) == 50_000
    assert sum(reads) < 10 * (tmp_path / "log").stat().st_size
