"""Git runs on a repository without obeying it, its owner or the user's own settings."""

import os
import subprocess
from pathlib import Path

import pytest

from mlx_tui.detection.repository import open_repository
from mlx_tui.git_environment import git_environment
from mlx_tui.reproduction.commit_date import commit_date
from mlx_tui.reproduction.work_copy import copy_commit


def git(folder: Path, *arguments: str) -> str:
    who = {f"GIT_{role}_{key}": "x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    environment = {**os.environ, **who}
    return subprocess.run(
        ["git", "-C", str(folder), *arguments], env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(folder: Path, content: str) -> str:
    (folder / "train.py").write_text(content)
    git(folder, "add", "train.py")
    git(folder, "commit", "--quiet", "-m", content)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


def test_nothing_of_the_users_own_environment_reaches_git(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_TOKEN", "GIT_DIR", "GIT_EXEC_PATH", "GIT_EXTERNAL_DIFF", "HTTPS_PROXY", "SSH_AUTH_SOCK"):
        monkeypatch.setenv(name, "of the user")
    assert "of the user" not in git_environment().values()


def test_the_settings_are_what_git_reads(repository: Path) -> None:
    git(repository, "config", "core.fsmonitor", "touch run")
    git(repository, "config", "core.hooksPath", "hooks")
    listing = subprocess.run(
        ["git", "-C", str(repository), "config", "--list"],
        env=git_environment({"core.quotePath": "false"}),
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    last = dict(line.split("=", 1) for line in listing)
    assert last["core.fsmonitor"] == "false"
    assert last["core.hookspath"] == os.devnull
    assert last["core.quotepath"] == "false"
    assert last["credential.helper"] == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_a_repository_of_another_user_is_listed_dated_and_copied(repository: Path, tmp_path: Path) -> None:
    made = commit(repository, "one")
    for path in (repository, *repository.rglob("*")):
        os.chown(path, 12345, 12345)
    assert open_repository(repository, made)[0].tracked == ("train.py",)
    assert commit_date(repository, made) is not None
    copy_commit(repository, made, tmp_path / "copy")
    assert (tmp_path / "copy/train.py").read_text() == "one"


def test_a_commit_that_no_branch_holds_any_more_is_copied(repository: Path, tmp_path: Path) -> None:
    old = commit(repository, "one")
    (repository / "train.py").write_text("two")
    git(repository, "commit", "--quiet", "--all", "--amend", "-m", "two")
    copy_commit(repository, old, tmp_path / "copy")
    assert (tmp_path / "copy/train.py").read_text() == "one"


def test_a_commit_that_the_repository_replaces_by_another_is_read_as_it_is(repository: Path, tmp_path: Path) -> None:
    old = commit(repository, "one")
    new = commit(repository, "two")
    git(repository, "replace", old, git(repository, "commit-tree", f"{new}^{{tree}}", "-m", "forged"))
    view, _ = open_repository(repository, old)
    assert view.files.read("train.py", 100) == b"one"
    copy_commit(repository, old, tmp_path / "copy")
    assert (tmp_path / "copy/train.py").read_text() == "one"


def test_a_replaced_commit_keeps_its_own_date(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = commit(repository, "one")
    real = commit_date(repository, old)
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2001-01-01T00:00:00Z")
    git(repository, "replace", old, git(repository, "commit-tree", f"{old}^{{tree}}", "-m", "forged"))
    assert commit_date(repository, old) == real
