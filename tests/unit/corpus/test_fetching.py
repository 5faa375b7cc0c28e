import threading
import time

from mlx_tui.corpus.clone_cache import CloneCache
from mlx_tui.corpus.fetching import fetch_all
from mlx_tui.corpus.model import CloneStatus, CorpusEntry, FetchProgress


def test_every_repository_is_told_once_and_a_failure_stops_no_other(tmp_path, make_repository):
    entries = []
    for name in ("a", "b", "c", "d"):
        made = make_repository(tmp_path / name)
        made.commit(x=name)
        entries.append(CorpusEntry(name, str(made.path)))
    entries.insert(2, CorpusEntry("gone", str(tmp_path / "gone")))
    told: list[FetchProgress] = []
    clones = fetch_all(entries, CloneCache(tmp_path / "cache"), {}, 3, told.append, threading.Event())
    assert [clone.repo for clone in clones] == ["a", "b", "gone", "c", "d"]
    assert [clone.status for clone in clones].count(CloneStatus.READY) == 4
    assert clones[2].status is CloneStatus.FAILED
    assert sorted(p.clone.repo for p in told if p.clone) == ["a", "b", "c", "d", "gone"]


def test_pins_are_kept_and_answered_without_the_source(tmp_path, make_repository):
    made = make_repository(tmp_path / "a")
    first = made.commit(x="1")
    cache, entry = CloneCache(tmp_path / "cache"), CorpusEntry("a", str(tmp_path / "a"))
    assert fetch_all([entry], cache, {}, 1, lambda p: None, threading.Event())[0].commit == first
    made.commit(x="2")
    assert fetch_all([entry], cache, {"a": first}, 1, lambda p: None, threading.Event())[0].commit == first


def test_cancelling_many_is_quick(tmp_path, silent_server):
    entries = [CorpusEntry(f"o/n{number}", f"{silent_server}{number}") for number in range(40)]
    cancelled = threading.Event()
    threading.Timer(0.5, cancelled.set).start()
    began = time.monotonic()
    clones = fetch_all(entries, CloneCache(tmp_path / "cache"), {}, 4, lambda p: None, cancelled)
    assert time.monotonic() - began < 5
    assert {(clone.status, clone.error) for clone in clones} == {(CloneStatus.MISSING, "")}
