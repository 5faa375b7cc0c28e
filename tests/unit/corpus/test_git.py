import os
import threading
import time
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from mlx_tui.corpus.git import commit_date, head_commit, origin_url
from mlx_tui.corpus.git_process import GitCancelled, GitError, run_git


def test_head_of_a_branch_a_packed_branch_and_a_detached_head(repository):
    commit = repository.git("rev-parse", "HEAD")
    assert head_commit(repository.path) == commit
    repository.git("pack-refs", "--all")
    assert not (repository.path / ".git/refs/heads/main").exists()
    assert head_commit(repository.path) == commit
    repository.git("checkout", "--quiet", "--detach")
    assert head_commit(repository.path) == commit


def test_head_of_a_linked_work_tree_and_of_a_bare_repository(repository, tmp_path):
    first = repository.git("rev-parse", "HEAD")
    repository.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    repository.commit(more="x")
    assert head_commit(tmp_path / "linked") == first
    repository.git("clone", "--quiet", "--bare", str(repository.path), str(tmp_path / "bare.git"))
    assert head_commit(tmp_path / "bare.git") == repository.git("rev-parse", "HEAD")


def test_no_head_without_a_commit_or_a_repository(repository, tmp_path):
    repository.git("checkout", "--quiet", "--orphan", "fresh")
    assert head_commit(repository.path) == ""
    assert head_commit(tmp_path) == ""
    assert origin_url(tmp_path) == ""


def test_head_that_points_out_of_the_repository_is_not_followed(repository, tmp_path):
    (tmp_path / "secret").write_text("a" * 40)
    (repository.path / ".git/HEAD").write_text("ref: refs/../../../../secret\n")
    assert head_commit(repository.path) == ""


def test_a_commits_date_keeps_its_zone(repository):
    when = commit_date(repository.path, head_commit(repository.path))
    assert when is not None
    assert when.isoformat() == "2024-02-03T04:05:06+05:30"
    assert when.utcoffset() == timedelta(hours=5, minutes=30)
    assert commit_date(repository.path, "0" * 40) is None
    assert commit_date(repository.path, "--help") is None


def test_origin(repository):
    assert origin_url(repository.path) == ""
    repository.git("remote", "add", "origin", "git@github.com:owner/name.git")
    assert origin_url(repository.path) == "git@github.com:owner/name.git"


def test_git_obeys_neither_the_environment_nor_the_repositorys_programs(repository, tmp_path, monkeypatch):
    owned = tmp_path / "owned"
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {owned}\ncat\n")
    script.chmod(0o755)
    commit = head_commit(repository.path)
    (repository.path / ".gitattributes").write_text("* filter=evil\n")
    repository.commit()
    for key in ("core.fsmonitor", "filter.lfs.smudge", "core.sshCommand", "gpg.program", "core.pager"):
        repository.git("config", key, str(script))
    repository.git("config", "log.showSignature", "true")
    for hook in ("post-checkout", "post-index-change", "reference-transaction"):
        (repository.path / ".git/hooks").mkdir(exist_ok=True)
        (repository.path / ".git/hooks" / hook).symlink_to(script)
    owned.unlink(missing_ok=True)
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("GIT_DIR", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    assert b"train" in run_git(repository.path, "status", "--porcelain", "--ignored") + run_git(
        repository.path, "ls-files"
    )
    run_git(repository.path, "checkout", "--quiet", "--detach", commit)
    run_git(repository.path, "log", "-1")
    assert not owned.exists()


def test_refused_protocols(tmp_path):
    run_git(tmp_path, "init", "--quiet")
    with pytest.raises(GitError, match="not allowed"):
        run_git(tmp_path, "fetch", "--", f"ext::sh -c touch% {tmp_path}/owned", "HEAD")
    assert not (tmp_path / "owned").exists()


def test_an_error_is_gits_own_words(tmp_path):
    with pytest.raises(GitError, match="not a git repository"):
        run_git(tmp_path, "rev-parse", "HEAD")


def test_much_output_on_both_streams_is_read_whole(repository):
    big = repository.path / "big"
    big.write_bytes(os.urandom(3_000_000))
    with big.open("rb") as data:
        name = run_git(repository.path, "hash-object", "-w", "--stdin", stdin=data).decode().strip()
    assert run_git(repository.path, "cat-file", "blob", name) == big.read_bytes()


def test_cancelling_ends_git_and_its_children(tmp_path, silent_server):
    run_git(tmp_path, "init", "--quiet")
    cancelled, raised = threading.Event(), []

    def fetch() -> None:
        try:
            run_git(tmp_path, "fetch", "--", silent_server, "HEAD", cancelled=cancelled)
        except GitCancelled as error:
            raised.append(error)

    thread = threading.Thread(target=fetch)
    thread.start()
    _wait_until(lambda: any("remote-http" in " ".join(p.cmdline()) for p in _processes_in(tmp_path)))
    began = time.monotonic()
    cancelled.set()
    thread.join(10)
    assert raised
    assert time.monotonic() - began < 3
    _wait_until(lambda: not _processes_in(tmp_path))


def _processes_in(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def _wait_until(condition, seconds: float = 10) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.02)
