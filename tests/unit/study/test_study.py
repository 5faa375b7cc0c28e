"""A study: what ties the services together."""

import threading
from pathlib import Path

import pytest

from mlx_tui.annotation.effective import Presence
from mlx_tui.annotation.model import Verdict
from mlx_tui.corpus.model import CloneStatus
from mlx_tui.study import Study, StudyError
from mlx_tui.study.places import Place, parse_place


def presence(study: Study, repo: str, feature: str) -> Presence:
    result = next(result for result in study.results() if result.repo == repo)
    return next(found.presence for found in result.features if found.feature == feature)


def test_judgements_change_presence(demo_study):
    scan = demo_study.scan_of("noisy-mlp")
    metrics = [finding for finding in scan.findings if finding.feature == "metrics.logged"]
    for finding in metrics:
        assert presence(demo_study, "noisy-mlp", "metrics.logged") is Presence.PRESENT
        demo_study.judge("noisy-mlp", "metrics.logged", Verdict.REJECTED, finding=finding)
    assert presence(demo_study, "noisy-mlp", "metrics.logged") is Presence.ABSENT
    demo_study.annotations.journal.undo()
    assert presence(demo_study, "noisy-mlp", "metrics.logged") is Presence.PRESENT


def test_a_missed_finding_needs_a_place_where_the_program_found_none(demo_study):
    missed = demo_study.finding_at("lookalike", "usage.mlflow", "README.md:1")
    demo_study.judge("lookalike", "usage.mlflow", Verdict.MISSED, finding=missed)
    assert presence(demo_study, "lookalike", "usage.mlflow") is Presence.PRESENT
    known = next(f for f in demo_study.scan_of("noisy-mlp").findings if f.feature == "usage.mlflow")
    with pytest.raises(StudyError, match="confirm it instead"):
        demo_study.judge("noisy-mlp", "usage.mlflow", Verdict.MISSED, finding=known)
    with pytest.raises(StudyError, match="lines"):
        demo_study.finding_at("lookalike", "usage.mlflow", "README.md:100000")


@pytest.mark.parametrize(
    ("feature", "verdict", "at", "says"),
    [
        ("", Verdict.CONFIRMED, "", "can't be confirmed"),
        ("metrics.logged", Verdict.EXCLUDED, "", "whole repository"),
        ("metrics.logged", Verdict.CONFIRMED, "README.md:1", "no finding of metrics.logged at README.md:1"),
    ],
)
def test_a_verdict_is_refused_where_it_makes_no_sense(demo_study, feature, verdict, at, says):
    finding = demo_study.finding_at("noisy-mlp", feature, at) if at else None
    with pytest.raises(StudyError, match=says):
        demo_study.judge("noisy-mlp", feature, verdict, finding=finding)
    assert demo_study.annotations.journal.judgements() == ()


def test_what_somebody_else_missed_can_be_judged(demo_study):
    missed = demo_study.finding_at("lookalike", "usage.mlflow", "README.md:1")
    demo_study.judge("lookalike", "usage.mlflow", Verdict.MISSED, finding=missed)
    demo_study.judge("lookalike", "usage.mlflow", Verdict.REJECTED, finding=missed)
    assert presence(demo_study, "lookalike", "usage.mlflow") is Presence.ABSENT


def test_a_note_keeps_the_verdict_and_a_verdict_the_note(demo_study):
    demo_study.judge("noisy-mlp", "", Verdict.EXCLUDED, note="a toy")
    demo_study.judge("noisy-mlp", "", Verdict.NOTE, note="a toy, really")
    demo_study.judge("noisy-mlp", "", Verdict.EXCLUDED)
    (judgement,) = demo_study.annotations.journal.judgements()
    assert (judgement.verdict, judgement.note) == (Verdict.EXCLUDED, "a toy, really")
    demo_study.judge("noisy-mlp", "", Verdict.INCLUDED, note="")
    (judgement,) = demo_study.annotations.journal.judgements()
    assert (judgement.verdict, judgement.note) == (Verdict.INCLUDED, "")


def test_an_unreadable_file_is_named_without_the_clone_s_folder(demo_study):
    with pytest.raises(StudyError, match=r"^nothing\.py: cannot be read: No such file or directory$"):
        demo_study.files.read("noisy-mlp", "nothing.py")


def test_files_are_read_inside_the_clone_only(demo_study):
    assert demo_study.files.read("noisy-mlp", "train.py").startswith(b"import")
    for outside in ("../noisy-mlp/train.py", "/etc/passwd", "nothing.py", "."):
        with pytest.raises(StudyError):
            demo_study.files.read("noisy-mlp", outside)


def test_a_second_study_gets_the_pinned_commit(demo_study, tmp_path):
    (tmp_path / "corpus.csv").write_bytes((demo_study.path / "corpus.csv").read_bytes())
    (tmp_path / "clones.csv").write_bytes((demo_study.path / "clones.csv").read_bytes())
    (tmp_path / "sample-repositories").symlink_to(demo_study.path / "sample-repositories")
    other = Study(tmp_path)
    other.corpus.fetch()
    commits = [(clone.repo, clone.commit, clone.status) for clone in other.corpus.clones()]
    assert commits == [(c.repo, c.commit, CloneStatus.READY) for c in demo_study.corpus.clones()]


def test_a_cancelled_scan_keeps_what_was_finished(demo_study):
    cancelled = threading.Event()
    seen = []

    def stop_after_two(progress):
        seen.append(progress.repo)
        if len(seen) == 2:
            cancelled.set()

    scans = demo_study.scan(use_cache=False, jobs=1, on_progress=stop_after_two, cancelled=cancelled)
    assert 2 <= len(scans) < len(demo_study.corpus.entries())


def test_names_of_repositories(demo_study):
    assert demo_study.corpus.find("chatty").repo == "chatty"
    with pytest.raises(StudyError, match="no repository nobody"):
        demo_study.corpus.find("nobody")
    demo_study.corpus.remove("chatty")
    with pytest.raises(StudyError):
        demo_study.corpus.find("chatty")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("train.py:31", Place("train.py", None, 31)),
        ("a/n.ipynb#3:7", Place("a/n.ipynb", 3, 7)),
        ("odd:name.py:2", Place("odd:name.py", None, 2)),
        ("c#.py:2", Place("c#.py", None, 2)),
    ],
)
def test_places(text, place):
    assert parse_place(text) == place


@pytest.mark.parametrize("text", ["", "train.py", "train.py:0", ":3", "train.py:x"])
def test_what_is_no_place(text):
    with pytest.raises(StudyError):
        parse_place(text)


def test_an_empty_folder_is_no_study(tmp_path: Path):
    with pytest.raises(StudyError, match="mlx-tui init"):
        Study(tmp_path)
    assert Study.create(tmp_path).corpus.entries() == ()
    assert Study.create(tmp_path).results() == ()
