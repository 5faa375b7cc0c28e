"""How far an annotator is with a study, and what is seen of it by who judges blind."""

import json

from mlx_tui.annotation.effective import Presence
from mlx_tui.annotation.model import Verdict
from mlx_tui.detection.model import Tier
from mlx_tui.study import Study
from mlx_tui.study.blind import blind_result
from tests.unit.cli.test_commands import mlx


def left(study: Study, *, blind: bool = False) -> dict[str, int]:
    return {each.repo: each.left for each in study.progress(blind=blind)}


def test_progress_counts_what_is_mine_and_leaves_out_what_is_excluded(demo_study, monkeypatch):
    before = left(demo_study)
    findings = [f for f in demo_study.scan_of("client-api").findings if f.tier is not Tier.WRAPPER]
    assert before["client-api"] == len(findings)
    demo_study.judge("client-api", findings[0].feature, Verdict.CONFIRMED, finding=findings[0])
    assert left(demo_study) == {**before, "client-api": len(findings) - 1}
    monkeypatch.setenv("MLX_TUI_ANNOTATOR", "other")
    assert left(Study(demo_study.path)) == before
    demo_study.judge("lookalike", "", Verdict.EXCLUDED)
    assert "lookalike" not in left(demo_study)


def test_blind_counts_features(demo_study):
    features = len(demo_study.codebook.features)
    assert set(left(demo_study, blind=True).values()) == {features}
    demo_study.judge("client-api", "usage.mlflow", Verdict.CONFIRMED)
    assert left(demo_study, blind=True)["client-api"] == features - 1


def test_a_blind_result_holds_my_own_answers_and_no_others(demo_study, monkeypatch):
    demo_study.judge("client-api", "usage.mlflow", Verdict.REJECTED)
    monkeypatch.setenv("MLX_TUI_ANNOTATOR", "other")
    other = Study(demo_study.path)
    other.judge("client-api", "parameters.logged", Verdict.REJECTED)
    other.judge("client-api", "", Verdict.NOTE, note="a secret")
    known = next(result for result in other.results() if result.repo == "client-api")
    seen = blind_result(known, other.codebook, "tester")
    presence = {feature.feature: feature.presence for feature in seen.features}
    assert presence.pop("usage.mlflow") is Presence.ABSENT
    assert set(presence.values()) == {Presence.UNKNOWN}
    assert all(feature.count in (None, 0) for feature in seen.features)
    assert (seen.baseline_substring, seen.readiness, seen.anomalies, seen.notes) == (None, None, None, "")
    assert (seen.judged, seen.findings) == (1, len(other.codebook.features))
    assert (seen.repo, seen.commit, seen.scan_state) == (known.repo, known.commit, "scanned")


def test_the_command_counts_too(demo_folder):
    done = mlx("left", "--study", demo_folder, "--json")
    counts = {row["repo"]: row["left"] for row in json.loads(done.stdout)}
    assert counts == left(Study(demo_folder))
    told = mlx("left", "--study", demo_folder, "--blind").stdout
    assert f"{len(Study(demo_folder).codebook.features) * len(counts)} left to judge by tester" in told
