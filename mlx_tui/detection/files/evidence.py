"""How the matchers of files write down what they found."""

from mlx_tui.detection.model import Anomaly, Finding, Tier
from mlx_tui.detection.source import SourceFile

MAX_EXCERPT = 400


def evidence(
    file: SourceFile, feature: str, line: int, rule: str, why: str, *, value: str = "", tier: Tier = Tier.FILE
) -> Finding:
    """A finding in a file.

    Args:
        file: Where it is.
        feature: The feature's id.
        line: Its line, from 1.
        rule: The rule's short name, so that its id is `<feature>.<rule>`; or its whole id, where that has a dot.
        why: Why it counts, for a person.
        value: The feature's value, where it has one.
        tier: How it relates to MLflow.
    """
    line = max(1, line)
    rule = rule if "." in rule else f"{feature}.{rule}"
    return Finding(feature, file.path, None, line, tier, value, file.excerpt(line)[:MAX_EXCERPT], rule, why)


def unparseable(file: SourceFile, error: Exception) -> Anomaly:
    """The anomaly of a file that isn't what its name says."""
    return Anomaly(file.path, "unparseable", " ".join(str(error).split())[:MAX_EXCERPT])
