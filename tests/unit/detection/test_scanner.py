"""Scanning real git work trees."""

import os
import pickle
import subprocess
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from mlx_tui.detection import file_matchers
from mlx_tui.detection.cache import ScanCache
from mlx_tui.detection.codebook import load_codebook
from mlx_tui.detection.model import RepositoryScan
from mlx_tui.detection.scanner import scan_packed, scan_repository

CODEBOOK = load_codebook()
TRAIN = b"import mlflow\nmlflow.log_param('a', 1)\n"


def git(root: Path, *arguments: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(root), "GIT_CONFIG_GLOBAL": os.devnull}
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *identity, *arguments], cwd=root, env=environment, capture_output=True, check=True)
    return done.stdout.decode().strip()


def commit(root: Path, files: dict[str, bytes]) -> str:
    root.mkdir(exist_ok=True)
    if not (root / ".git").exists():
        git(root, "init", "-q")
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    git(root, "add", "-A", "-f")
    git(root, "commit", "-q", "-m", "x")
    return git(root, "rev-parse", "HEAD")


def scan(root: Path, sha: str) -> RepositoryScan:
    return scan_repository("o/r", root, sha, CODEBOOK)


def places(result: RepositoryScan, feature: str) -> list[str]:
    return [f.place for f in result.findings if f.feature == feature]


def kinds(result: RepositoryScan) -> dict[str, str]:
    return {a.path: a.kind for a in result.anomalies}


def test_tracked_files_are_read_and_untracked_are_not(tmp_path: Path) -> None:
    sha = commit(tmp_path / "r", {"train.py": TRAIN})
    (tmp_path / "r" / "more.py").write_bytes(TRAIN)
    result = scan(tmp_path / "r", sha)
    assert places(result, "parameters.logged") == ["train.py:2"]
    assert (result.repo, result.commit, result.codebook, result.files) == ("o/r", sha, CODEBOOK.identity, 1)
    assert result.baseline_substring


def test_the_commit_is_read_not_what_stands_in_the_work_tree(tmp_path: Path) -> None:
    root = tmp_path / "r"
    first = commit(root, {"train.py": TRAIN, "gone.py": TRAIN})
    second = commit(root, {"train.py": b"x = 1\n"})
    (root / "train.py").write_bytes(b"import mlflow\nmlflow.autolog()\n")
    (root / "gone.py").unlink()
    assert places(scan(root, first), "parameters.logged") == ["gone.py:2", "train.py:2"]
    later = scan(root, second)
    assert places(later, "parameters.logged") == ["gone.py:2"]
    assert places(later, "parameters.autologged") == []


def test_vendored_trees_and_output_of_tools_are_left_out(tmp_path: Path) -> None:
    run = "mlruns/0/0123456789abcdef0123456789abcdef/meta.yaml"
    files = {
        "venv/pyvenv.cfg": b"",
        "venv/lib/a.py": TRAIN,
        "x/site-packages/b.py": TRAIN,
        "store/1/0123456789abcdef0123456789abcdef/meta.yaml": b"",
        "store/c.py": TRAIN,
        "model/MLmodel": b"",
        "model/code/d.py": TRAIN,
        run: b"",
        "mlruns/e.py": TRAIN,
        "wandb/run-1/f.py": TRAIN,
        "wandb/kept.py": TRAIN,
    }
    result = scan(tmp_path / "r", commit(tmp_path / "r", files))
    assert places(result, "parameters.logged") == ["wandb/kept.py:2"]
    assert kinds(result) == {"venv/": "vendored", "x/site-packages/": "vendored"}


def test_links_and_odd_names_and_large_files(tmp_path: Path) -> None:
    root, secret = tmp_path / "r", tmp_path / "secret.py"
    secret.write_bytes(TRAIN)
    root.mkdir()
    (root / "link.py").symlink_to(secret)
    (root / "dir").symlink_to(tmp_path)
    files = {"a [b]\n\x1b[31m.py": TRAIN, "big.py": TRAIN + b"#" * 10_000_000, "caf\u00e9.py": TRAIN}
    result = scan(root, commit(root, files))
    assert places(result, "parameters.logged") == ["a [b]\n\x1b[31m.py:2", "caf\u00e9.py:2"]
    assert kinds(result) == {"link.py": "not_regular", "dir": "not_regular", "big.py": "too_large"}


def test_a_file_swapped_for_a_link_or_a_pipe_after_the_commit(tmp_path: Path) -> None:
    root = tmp_path / "r"
    sha = commit(root, {"a.py": TRAIN, "b.py": b"x = 1"})
    (root / "a.py").unlink()
    (root / "a.py").symlink_to("/etc/passwd")
    (root / "b.py").unlink()
    os.mkfifo(root / "b.py")
    assert places(scan(root, sha), "parameters.logged") == ["a.py:2"]


def test_hooks_and_filters_of_the_repository_do_not_run(tmp_path: Path) -> None:
    root, ran = tmp_path / "r", tmp_path / "ran"
    sha = commit(root, {"a.py": TRAIN, ".gitattributes": b"*.py filter=evil diff=evil\n"})
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "filter.evil.clean", "filter.evil.smudge", "diff.evil.textconv", "diff.external"):
        git(root, "config", key, str(script))
    ran.unlink(missing_ok=True)
    (root / "a.py").write_bytes(b"changed")
    assert places(scan(root, sha), "parameters.logged") == ["a.py:2"]
    assert not ran.exists()


def test_a_commit_that_is_not_there_is_an_anomaly(tmp_path: Path) -> None:
    commit(tmp_path / "r", {"a.py": TRAIN})
    result = scan(tmp_path / "r", "0" * 40)
    assert (result.findings, kinds(result)) == ((), {"": "missing"})


def test_a_matcher_that_raises_costs_its_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def wants(self, path: str) -> bool:
            return path == "b.txt"

        def match(self, *_: object) -> object:
            raise ZeroDivisionError("oh")

    monkeypatch.setattr(file_matchers, "FILE_MATCHERS", (*file_matchers.FILE_MATCHERS, Broken()))
    result = scan(tmp_path / "r", commit(tmp_path / "r", {"a.py": TRAIN, "b.txt": b""}))
    assert places(result, "parameters.logged") == ["a.py:2"]
    assert [(a.path, a.kind, a.message) for a in result.anomalies] == [("b.txt", "internal", "ZeroDivisionError: oh")]


def test_a_feature_is_found_once_on_a_line(tmp_path: Path) -> None:
    text = b"import mlflow\ndef f(): mlflow.log_param('a', 1); mlflow.log_param('b', 1)\nf()\n"
    result = scan(tmp_path / "r", commit(tmp_path / "r", {"a.py": text}))
    assert places(result, "parameters.logged") == ["a.py:2", "a.py:3"]


def test_a_scan_runs_in_another_process(tmp_path: Path) -> None:
    sha = commit(tmp_path / "r", {"a.py": TRAIN})
    assert pickle.loads(pickle.dumps(CODEBOOK)).identity == CODEBOOK.identity
    with ProcessPoolExecutor(1) as pool:
        assert pool.submit(scan, tmp_path / "r", sha).result() == scan(tmp_path / "r", sha)


def test_the_cache_answers_its_own_key_and_survives_damage(tmp_path: Path) -> None:
    result = scan(tmp_path / "r", commit(tmp_path / "r", {"a.py": TRAIN}))
    cache = ScanCache(tmp_path / "cache")
    assert cache.get("o/r", result.commit, result.codebook) is None
    cache.put(result)
    assert cache.get("o/r", result.commit, result.codebook) == result
    assert cache.get("o/other", result.commit, result.codebook) is None
    assert cache.get("o/r", result.commit, "1.0+00000000") is None
    (entry,) = (tmp_path / "cache").glob("*/*.scan")
    for damage in (b"", b"junk", entry.read_bytes()[:-5]):
        entry.write_bytes(damage)
        assert cache.get("o/r", result.commit, result.codebook) is None


def test_a_databricks_source_in_another_language_is_read_where_it_holds_python(tmp_path: Path) -> None:
    python = b"\n-- MAGIC %python\n-- MAGIC import mlflow\n-- MAGIC mlflow.log_param('a', 1)\n"
    sha = commit(tmp_path / "r", {"a.sql": b"-- Databricks notebook source\nSELECT 1" + python, "b.sql": python})
    assert places(scan(tmp_path / "r", sha), "parameters.logged") == ["a.sql:5"]


def test_a_name_that_is_not_utf8_costs_itself_alone(demo_study):
    """The sample `hostile` holds a file whose name is Latin-1, beside many that are only odd."""
    scan = demo_study.scan_of("hostile")
    assert [anomaly.kind for anomaly in scan.anomalies if anomaly.kind == "internal"] == []
    assert [anomaly.path for anomaly in scan.anomalies if anomaly.kind == "encoding"] == ["caf\\xe9.py"]
    features = {finding.feature for finding in scan.findings if finding.path.endswith(".py")}
    assert {"parameters.logged", "metrics.logged", "runs.experiment", "parameters.autologged"} <= features


def test_what_differs_from_the_commit_is_read_from_git(tmp_path: Path) -> None:
    """Changed, missing, replaced by a link, converted at checkout: the commit is what counts."""
    root = tmp_path / "r"
    names = ("changed.py", "gone.py", "linked.py", "crlf.py", "touched.py")
    sha = commit(root, dict.fromkeys(names, TRAIN))
    (root / "changed.py").write_bytes(b"x = 1\n")
    (root / "gone.py").unlink()
    (root / "linked.py").unlink()
    (root / "linked.py").symlink_to("changed.py")
    (root / "crlf.py").write_bytes(TRAIN.replace(b"\n", b"\r\n"))
    (root / "touched.py").touch()
    result = scan(root, sha)
    assert places(result, "parameters.logged") == sorted(f"{name}:2" for name in names)
    assert result.anomalies == ()


def test_a_file_over_the_limit_in_the_commit_alone_costs_itself_alone(tmp_path: Path) -> None:
    root = tmp_path / "r"
    sha = commit(root, {"a.py": b"#" * 10_000_001, "b.py": TRAIN, "c.py": TRAIN})
    for name in ("a.py", "b.py"):
        (root / name).write_bytes(b"")
    result = scan(root, sha)
    assert [(anomaly.path, anomaly.kind) for anomaly in result.anomalies] == [("a.py", "too_large")]
    assert places(result, "parameters.logged") == ["b.py:2", "c.py:2"]


def test_a_string_that_no_file_can_hold_is_kept_as_it_is_written(tmp_path: Path) -> None:
    hostile = rb"mlflow.set_tag('\ud800', 1)" + b"\n" + rb"mlflow.set_tracking_uri('http://\udcff')"
    sha = commit(tmp_path, {"train.py": TRAIN + hostile + b"\n"})
    findings = scan_packed("a/b", tmp_path, sha, CODEBOOK).findings
    assert {finding.value for finding in findings if finding.feature == "runs.tagged"} == {"\\ud800"}
    assert any("http://\\udcff" in finding.explanation for finding in findings)
    ScanCache(tmp_path / "cache").put(scan(tmp_path, sha))
