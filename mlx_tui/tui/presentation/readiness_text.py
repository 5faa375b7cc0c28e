"""Readiness for a second execution: how many conditions are met, of what, and by what."""

from collections.abc import Iterator

from mlx_tui.detection.derived import Readiness

SHORT = ("start", "interpreter", "dependencies", "pinned", "parameters", "seed")
"""A word for each of the conditions, in their order, where one line must hold them all."""
Line = tuple[str, str]


def readiness_text(readiness: Readiness) -> str:
    """Says in one line how many conditions are met, which, and which aren't."""
    words = list(zip(SHORT, readiness.conditions, strict=True))
    met = ", ".join(word for word, condition in words if condition.met)
    missing = ", ".join(word for word, condition in words if not condition.met)
    text = f"readiness {readiness.score} of {len(words)}"
    return text + (f": {met}" if met else "") + (f"; missing: {missing}" if missing else "")


def readiness_lines(readiness: Readiness) -> Iterator[Line]:
    """Yields a heading, and each condition with the features that meet it, or that would."""
    yield f"Readiness for a second execution: {readiness.score} of {len(readiness.conditions)}", "title"
    for condition in readiness.conditions:
        if condition.met:
            yield f"✓ {condition.name}: {', '.join(condition.met_by)}", "good"
        else:
            yield f"✗ {condition.name}: none of {', '.join(condition.features)}", "warn"
