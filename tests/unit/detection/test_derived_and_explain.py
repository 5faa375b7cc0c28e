"""Presence, readiness, dimensions, and a finding in words."""

from mlx_tui.detection.codebook import load_codebook
from mlx_tui.detection.derived import dimensions, readiness
from mlx_tui.detection.explain import explain
from mlx_tui.detection.model import Finding, Tier
from mlx_tui.detection.source import SourceFile

CODEBOOK = load_codebook()


def test_readiness_counts_its_six_conditions() -> None:
    assert readiness(frozenset()).score == 0
    some = readiness({"execution.documented", "environment.container", "dependencies.locked", "metrics.logged"})
    assert some.score == 3
    assert [c.name for c in some.conditions if c.met] == [
        "a way to start it",
        "an interpreter",
        "dependencies pinned or locked",
    ]
    assert readiness({f.id for f in CODEBOOK.features}).score == 6


def test_conditions_name_features_of_the_codebook() -> None:
    named = {feature for condition in readiness(()).conditions for feature in condition.features}
    assert named <= set(CODEBOOK.by_id)


def test_dimensions_are_in_the_codebooks_order() -> None:
    assert dimensions(CODEBOOK)[:3] == ("usage", "code_version", "parameters")


def test_an_explanation_says_what_why_and_by_which_definition() -> None:
    found = Finding(
        "tracking.configured", "n.ipynb", 2, 3, Tier.DIRECT, "sqlite", "x()", "tracking.configured.call", "it is called"
    )
    text = explain(found, CODEBOOK)
    for part in ("n.ipynb#2:3", "x()", "sqlite", "it is called", "Present when: where runs go", "Does not count:"):
        assert part in text


def test_text_is_decoded_by_its_mark() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        assert SourceFile("a", "é\r\nb".encode(encoding)).lines == ["é", "b"]
    assert SourceFile("a", b"\xff\xfe\xff").text
    assert SourceFile("a", b"  x\n").excerpt(1) == "x"
    assert SourceFile("a", b"").excerpt(9) == ""
