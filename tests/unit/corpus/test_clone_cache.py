import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mlx_tui.corpus.clone_cache import CloneCache
from mlx_tui.corpus.git import head_commit, is_sha
from mlx_tui.corpus.model import Clone, CloneStatus, CorpusEntry, FetchProgress


@pytest.fixture
def cache(tmp_path) -> CloneCache:
    return CloneCache(tmp_path / "cache")


def entry_of(repository, ref: str = "") -> CorpusEntry:
    return CorpusEntry("project", str(repository.path), ref)


def fetched(cache: CloneCache, entry: CorpusEntry, pinned: str = "") -> Clone:
    return cache.fetch(entry, pinned, lambda progress: None, threading.Event())


def test_a_clone_stands_at_its_commit_and_knows_its_date(cache, repository, tmp_path):
    steps: list[FetchProgress] = []
    clone = cache.fetch(entry_of(repository), "", steps.append, threading.Event())
    assert clone.status is CloneStatus.READY
    assert clone.commit == repository.git("rev-parse", "HEAD")
    assert clone.path == tmp_path / "cache/local/project" / clone.commit
    assert clone.committed_at is not None
    assert clone.committed_at.isoformat() == "2024-02-03T04:05:06+05:30"
    assert clone.fetched_at is not None
    assert (clone.path / "train").read_text() == "import mlflow\n"
    assert head_commit(clone.path) == clone.commit
    assert steps[0].message == "connecting"


def test_layout_by_host_and_owner(cache):
    assert cache.folder("https://GitHub.com/Owner/name.git") == cache.root / "github.com/Owner/name"
    assert cache.folder("git@host.org:a/../../b") == cache.root / "host.org/a/_/_/b"
    assert cache.folder("https://host.org/.hidden/x") == cache.root / "host.org/hidden/x"


def test_the_pin_holds_while_the_source_moves_and_even_when_it_is_gone(cache, repository):
    first = fetched(cache, entry_of(repository)).commit
    second = repository.commit(train="changed\n")
    assert fetched(cache, entry_of(repository), first).commit == first
    assert fetched(cache, entry_of(repository)).commit == second
    shutil.rmtree(repository.path)
    again = fetched(cache, entry_of(repository), first)
    assert again.status is CloneStatus.READY
    assert again.path is not None
    assert (again.path / "train").read_text() == "import mlflow\n"


def test_a_pinned_commit_that_no_branch_leads_to(cache, repository):
    lost = repository.commit(train="lost\n")
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    assert fetched(cache, entry_of(repository), lost).commit == lost


def test_branch_tag_and_commit_as_ref(cache, repository):
    first = repository.git("rev-parse", "HEAD")
    repository.git("tag", "-a", "v1", "-m", "one")
    repository.git("checkout", "--quiet", "-b", "side")
    side = repository.commit(side="x")
    repository.git("checkout", "--quiet", "main")
    repository.commit(more="x")
    assert fetched(cache, entry_of(repository, "v1")).commit == first
    assert fetched(cache, entry_of(repository, "side")).commit == side
    assert fetched(cache, entry_of(repository, first)).commit == first


@pytest.mark.parametrize(
    ("ref", "reason"), [("nowhere", "it has no `nowhere`"), ("f" * 40, "it has no `fff"), ("-x", "it has no `-x`")]
)
def test_a_ref_that_is_missing(cache, repository, ref, reason):
    clone = fetched(cache, entry_of(repository, ref))
    assert (clone.status, clone.path) == (CloneStatus.FAILED, None)
    assert reason in clone.error


def test_reasons_of_folders(cache, repository, tmp_path):
    gone = CorpusEntry("gone", str(tmp_path / "gone"))
    assert "doesn't exist; correct its `url`" in fetched(cache, gone).error
    (tmp_path / "plain").mkdir()
    assert "isn't a git repository" in fetched(cache, CorpusEntry("p", str(tmp_path / "plain"))).error
    repository.git("checkout", "--quiet", "--orphan", "fresh")
    assert "its default branch has no commit" in fetched(cache, entry_of(repository)).error
    assert fetched(cache, entry_of(repository, "main")).status is CloneStatus.READY


def test_a_damaged_source(cache, repository):
    for path in (repository.path / ".git/objects").glob("??/*"):
        if repository.git("cat-file", "-t", path.parent.name + path.name) == "blob":
            path.unlink()
    assert "the repository at its source is damaged" in fetched(cache, entry_of(repository)).error


def test_reasons_of_servers(cache):
    refused = CorpusEntry("a/b", "http://user:secret@127.0.0.1:1/a/b")
    clone = fetched(cache, refused)
    assert "the network failed" in clone.error
    assert "secret" not in clone.error
    unknown = fetched(cache, CorpusEntry("a/b", "https://no-such-host.invalid/a/b"))
    assert "no-such-host.invalid can't be found" in unknown.error


def test_nothing_dangerous_is_checked_out(cache, repository, tmp_path):
    (repository.path / "link").symlink_to("/etc/passwd")
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n"
    repository.commit(**{".gitattributes": "*.bin filter=lfs\n", "weights.bin": pointer})
    inner = tmp_path / "inner"
    shutil.copytree(repository.path, inner)
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "vendored")
    repository.commit()
    path = fetched(cache, entry_of(repository)).path
    assert path is not None
    assert not (path / "link").is_symlink()
    assert (path / "link").read_text() == "/etc/passwd"
    assert (path / "weights.bin").read_text() == pointer
    assert list((path / "vendored").iterdir()) == []
    assert not (path / ".git/hooks").exists()
    assert cache.verify() == ()


def test_locate_derives_the_path_and_notices_a_pruned_clone(cache, repository):
    entry = entry_of(repository)
    clone = fetched(cache, entry)
    pinned = dataclasses.replace(clone, path=None, status=CloneStatus.READY)
    assert cache.locate(entry, pinned) == clone
    assert clone.path is not None
    assert cache.prune(()) == (clone.path,)
    assert cache.locate(entry, pinned).status is CloneStatus.MISSING
    assert cache.locate(entry, pinned).commit == clone.commit


def test_listing_verify_and_prune(cache, repository):
    first = fetched(cache, entry_of(repository))
    repository.commit(train="changed\n")
    second = fetched(cache, entry_of(repository))
    assert first.path is not None
    assert second.path is not None
    assert {clone.path for clone in cache.listing()} == {first.path, second.path}
    assert all(clone.size > 100 for clone in cache.listing())
    (first.path / "train").write_text("tampered\n")
    assert [path for path, _ in cache.verify()] == [first.path]
    assert "train" in cache.verify()[0][1]
    assert cache.prune({second.path}) == (first.path,)
    assert [clone.path for clone in cache.listing()] == [second.path]


def test_a_damaged_cache_is_found(cache, repository):
    clone = fetched(cache, entry_of(repository))
    assert clone.path is not None
    (clone.path / ".git/HEAD").write_text("0" * 40)
    assert cache.verify() == ((clone.path, "stands on another commit"),)


def test_cancel_is_quick_and_leaves_nothing(cache, silent_server):
    cancelled = threading.Event()
    threading.Timer(0.3, cancelled.set).start()
    began = time.monotonic()
    clone = cache.fetch(CorpusEntry("owner/name", silent_server), "", lambda progress: None, cancelled)
    assert time.monotonic() - began < 4
    assert (clone.status, clone.error) == (CloneStatus.MISSING, "")
    assert [path.name for path in cache.folder(silent_server).iterdir()] == [".lock"]


def test_a_silent_connection_is_given_up(cache, silent_server, monkeypatch):
    monkeypatch.setattr("mlx_tui.corpus.git_process._IDLE_SECONDS", 0.5)
    clone = fetched(cache, CorpusEntry("owner/name", silent_server))
    assert clone.error == "the network failed (timed out: not a word for 0 s): fetch again later"


_FETCH = """
import sys, threading
from pathlib import Path
from mlx_tui.corpus.clone_cache import CloneCache
from mlx_tui.corpus.model import CorpusEntry
def told(progress):
    print(progress.message, flush=True)
clone = CloneCache(Path(sys.argv[1])).fetch(CorpusEntry("r", sys.argv[2]), "", told, threading.Event())
print(clone.status, clone.commit, clone.error, flush=True)
"""


def start_fetch(root: Path, url: str, *prefix: str) -> "subprocess.Popen[str]":
    command = [*prefix, sys.executable, "-c", _FETCH, str(root), url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def temporary(cache: CloneCache) -> list[Path]:
    return list(cache.root.rglob(".fetching-*"))


def test_a_killed_fetch_leaves_no_half_clone_and_is_swept_by_the_next(cache, repository, silent_server):
    program = start_fetch(cache.root, silent_server)
    assert program.stdout is not None
    assert program.stdout.readline() == "connecting\n"
    os.kill(program.pid, signal.SIGKILL)
    program.communicate()
    assert len(temporary(cache)) == 1
    assert cache.listing() == ()
    assert not any(is_sha(path.name) for path in cache.root.rglob("*"))
    # The lock died with its program: the next fetch gets it at once, and sweeps.
    cancelled = threading.Event()
    steps: list[str] = []

    def told(progress: FetchProgress) -> None:
        steps.append(progress.message)
        cancelled.set()

    cache.fetch(CorpusEntry("r", silent_server), "", told, cancelled)
    assert steps == ["connecting"]
    assert temporary(cache) == []


def test_prune_sweeps_what_a_killed_fetch_left(cache, repository):
    (cache.folder(str(repository.path)) / ".fetching-1-dead/.git").mkdir(parents=True)
    assert cache.prune(()) == ()
    assert temporary(cache) == []


def test_prune_leaves_a_repository_that_is_being_fetched(cache, repository, silent_server):
    program = start_fetch(cache.root, silent_server)
    assert program.stdout is not None
    assert program.stdout.readline() == "connecting\n"
    kept = fetched(cache, entry_of(repository)).path
    assert cache.prune(()) == (kept,)
    assert len(temporary(cache)) == 1
    program.kill()
    program.communicate()


def test_programs_that_fetch_the_same_repository_do_not_clash(cache, repository):
    for number in range(30):
        repository.commit(**{f"data{number}.txt": "x" * 20_000})
    programs = [start_fetch(cache.root, str(repository.path)) for _ in range(4)]
    results = [program.communicate(timeout=30)[0].splitlines()[-1] for program in programs]
    assert set(results) == {f"ready {repository.git('rev-parse', 'HEAD')} "}
    assert len(cache.listing()) == 1
    assert cache.verify() == ()


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="needs bubblewrap for a read-only and a full file system")
class TestBadDisks:
    def test_a_read_only_cache_still_answers_what_it_holds(self, cache, repository):
        commit = fetched(cache, entry_of(repository)).commit
        read_only = ("bwrap", "--dev-bind", "/", "/", "--ro-bind", str(cache.root), str(cache.root))
        repository.commit(train="changed\n")
        out = start_fetch(cache.root, str(repository.path), *read_only).communicate(timeout=30)[0]
        assert "can't be written: set MLX_TUI_CACHE_DIR" in out
        script = _FETCH.replace('"", told', "sys.argv[3], told")
        command = [*read_only, sys.executable, "-c", script, str(cache.root), str(repository.path), commit]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == f"ready {commit} \n"

    def test_a_full_disk_is_said_and_leaves_nothing(self, cache, repository):
        (repository.path / "big").write_bytes(os.urandom(3_000_000))
        repository.commit()
        cache.root.mkdir()
        full = ("bwrap", "--dev-bind", "/", "/", "--size", "1000000", "--tmpfs", str(cache.root))
        out = start_fetch(cache.root, str(repository.path), *full).communicate(timeout=30)[0]
        assert "the disk is full" in out
