"""Signs for states: each has its own character, so that none is told by colour alone."""

from mlx_tui.annotation.effective import FeatureResult, Presence
from mlx_tui.annotation.model import Verdict
from mlx_tui.reproduction.model import MetricVerdict, Outcome, Phase

PRESENCE = {Presence.PRESENT: ("●", "good"), Presence.ABSENT: ("·", "muted"), Presence.UNKNOWN: ("?", "warn")}
"""Sign and role of a presence."""

VERDICT = {
    Verdict.CONFIRMED: ("✓", "good"),
    Verdict.REJECTED: ("✗", "bad"),
    Verdict.UNSURE: ("?", "warn"),
    Verdict.MISSED: ("+", "accent"),
    Verdict.INCLUDED: ("✓", "good"),
    Verdict.EXCLUDED: ("✗", "bad"),
    Verdict.NOTE: ("✎", "accent"),
}
"""Sign and role of a verdict."""

BLIND_ANSWER = {Verdict.CONFIRMED: "present", Verdict.MISSED: "present", Verdict.REJECTED: "absent"}
"""What a verdict on a feature as a whole is called where one judges without the program's answer."""

OUTCOME = {
    Outcome.REPRODUCED: ("✓", "good"),
    Outcome.DIFFERS: ("≠", "warn"),
    Outcome.EXECUTED: ("▸", "accent"),
    Outcome.FAILED: ("✗", "bad"),
    Outcome.TIMED_OUT: ("◷", "bad"),
    Outcome.CANCELLED: ("■", "muted"),
    Outcome.INTERRUPTED: ("!", "warn"),
}
"""Sign and role of an outcome."""

METRIC = {
    MetricVerdict.IDENTICAL: ("=", "good"),
    MetricVerdict.EQUAL: ("≈", "good"),
    MetricVerdict.WITHIN_SPREAD: ("~", "warn"),
    MetricVerdict.DIFFERENT: ("≠", "bad"),
    MetricVerdict.MISSING: ("∅", "warn"),
}
"""Sign and role of a metric's comparison."""


def outcome_text(outcome: Outcome | None, phase: Phase | None = None) -> tuple[str, str]:
    """Returns what a table shows for an outcome, or for the phase of an attempt that is under way."""
    if outcome is not None:
        sign, role = OUTCOME[outcome]
        return f"{sign} {outcome.value.replace('_', ' ')}", role
    return ("", "muted") if phase is None else (f"⟳ {phase.value}", "accent")


OUTCOME_WIDTH = max(
    *(len(outcome_text(outcome)[0]) for outcome in Outcome), *(len(outcome_text(None, phase)[0]) for phase in Phase)
)
"""Cells in which each of these texts is whole."""


def feature_text(result: FeatureResult) -> tuple[str, str]:
    """Returns what a table shows for a feature: its presence, and the number of findings where there are some."""
    sign, role = PRESENCE[result.presence]
    found = (result.count or 0) + result.missed
    return (f"{sign}{found}" if found else sign), role
