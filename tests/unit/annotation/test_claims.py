"""Claim and reality."""

from dataclasses import replace

import pytest

from mlx_tui.annotation.claims import Claim, ClaimState, compare_claims
from mlx_tui.detection.model import Finding, Tier
from mlx_tui.reproduction.model import (
    CapturedDataset,
    CapturedMetric,
    CapturedRun,
    CapturedRuns,
    KeyValue,
    MetricPoint,
)

POINT = (MetricPoint(0, 0, 1.0),)


def found(feature: str, excerpt: str = "", tier: Tier = Tier.DIRECT, line: int = 1) -> Finding:
    return Finding(feature, "train.py", None, line, tier, excerpt=excerpt)


def captured(
    params: tuple[str, ...] = (),
    metrics: tuple[str, ...] = (),
    artifacts: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    datasets: tuple[str, ...] = (),
    uris: tuple[str, ...] = (),
) -> CapturedRuns:
    run = CapturedRun(
        "r1",
        "",
        "Default",
        "FINISHED",
        "",
        tuple(KeyValue(name, "1") for name in params),
        tuple(CapturedMetric(name, POINT) for name in metrics),
        tuple(KeyValue(name, "1") for name in tags),
        artifacts,
        tuple(CapturedDataset(name, "", "", "", "") for name in datasets),
    )
    return CapturedRuns("3.1.0", uris, (run,), ())


def at(path: str, feature: str, excerpt: str = "") -> Finding:
    return Finding(feature, path, None, 1, Tier.DIRECT, excerpt=excerpt)


def only(what: str, claims: tuple[Claim, ...]) -> Claim:
    (claim,) = [claim for claim in claims if claim.what == what]
    return claim


@pytest.mark.parametrize(
    ("excerpt", "names"),
    [
        ('mlflow.log_metric("acc", 1)', ("acc",)),
        ("mlflow.log_metric(key='acc', value=1)", ("acc",)),
        ('client.log_metric(run.info.run_id, "acc", 1)', ("acc",)),
        ('mlflow.log_metrics({"acc": a, \'f1\': b["x"]})', ("acc", "f1")),
        ('mlflow_log_metric("rmse", rmse)', ("rmse",)),
        ('mlflow.log_metric(f"acc_{fold}", 1)', ()),
        ("mlflow.log_metric(name, 1)", ()),
        ('mlflow.log_metrics({f"a{i}": 1, "b": 2})', ("b",)),
        ("mlflow.log_metrics(", ()),
    ],
)
def test_the_names_that_a_line_spells_out(excerpt: str, names: tuple[str, ...]) -> None:
    claims = compare_claims([found("metrics.logged", excerpt)], captured(metrics=("other",)))
    assert only("metrics", claims).named == names


def test_a_claim_is_met_partly_met_unmet_or_nobody_foresaw_it() -> None:
    findings = [
        found("parameters.logged", 'log_param("alpha", a)'),
        found("metrics.logged", 'log_metric("loss", 1)', line=2),
        found("metrics.logged", 'log_metric("f1", 1)', line=3),
        found("models.logged"),
        found("artifacts.logged", tier=Tier.WRAPPER),
    ]
    claims = compare_claims(findings, captured(("alpha",), ("loss",), ("plot.png",), ("team", "mlflow.user")))
    assert {claim.what: claim.state for claim in claims} == {
        "runs": ClaimState.MET,
        "parameters": ClaimState.MET,
        "metrics": ClaimState.PARTLY,
        "tags": ClaimState.UNFORESEEN,
        "artifacts": ClaimState.UNFORESEEN,
        "models": ClaimState.UNMET,
    }
    metrics = only("metrics", claims)
    assert (metrics.missing, metrics.places) == (("f1",), ("train.py:2", "train.py:3"))


def test_autologging_claims_parameters_and_explains_what_comes_with_them() -> None:
    logged = captured(("n",), ("score",), ("model/MLmodel", "model/conda.yaml", "roc.png"), datasets=("train",))
    claims = compare_claims([found("parameters.autologged")], logged)
    assert {claim.state for claim in claims} == {ClaimState.MET}
    assert only("models", claims).logged == ("model",)
    assert only("artifacts", claims).logged == ("roc.png",)
    assert only("datasets", claims).logged == ("train",)
    assert [claim.what for claim in compare_claims([found("parameters.autologged")], captured())] == [
        "runs",
        "parameters",
    ]


def test_only_code_claims_a_tracking_uri() -> None:
    compose = found("tracking.configured", tier=Tier.FILE)
    assert [claim.what for claim in compare_claims([compose], CapturedRuns("", (), (), ()))] == []
    code = found("tracking.configured")
    assert only("tracking URIs", compare_claims([code], captured(uris=("http://x",)))).state is ClaimState.MET


def test_a_claim_of_code_that_the_plan_surely_does_not_run_is_told_apart() -> None:
    findings = [at("train_b.py", "models.logged"), at("b.ipynb", "models.logged"), at("train_a.py", "data.logged")]
    logged = captured()
    assert only("models", compare_claims(findings, logged)).state is ClaimState.UNMET
    told = compare_claims(findings, replace(logged, reached=("train_a.py",)))
    assert only("models", told).state is ClaimState.NOT_RUN
    assert only("models", told).places == ("train_b.py:1", "b.ipynb:1")
    assert only("datasets", told).state is ClaimState.UNMET
    # What is claimed elsewhere too may have been claimed by what ran; a shell script may have run.
    for path in ("train_a.py", "run.sh", "MLproject"):
        both = compare_claims([*findings, at(path, "models.logged")], replace(logged, reached=("train_a.py",)))
        assert only("models", both).state is ClaimState.UNMET
        assert only("models", both).places == (f"{path}:1",)


def test_names_of_code_that_the_plan_surely_does_not_run_are_not_missed() -> None:
    findings = [
        at("train_a.py", "metrics.logged", 'log_metric("loss", 1)'),
        at("train_b.py", "metrics.logged", 'log_metric("f1", 1)'),
    ]
    logged = captured(metrics=("loss",))
    assert only("metrics", compare_claims(findings, logged)).state is ClaimState.PARTLY
    told = only("metrics", compare_claims(findings, replace(logged, reached=("train_a.py",))))
    assert (told.state, told.named, told.missing) == (ClaimState.MET, ("loss",), ())
