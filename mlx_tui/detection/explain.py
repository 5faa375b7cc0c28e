"""Says in words why a finding is one."""

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.model import Finding, Tier

_TIERS = {
    Tier.DIRECT: "a call that resolves to MLflow or to the library the feature asks for",
    Tier.INTEGRATION: "a library that logs to MLflow",
    Tier.WRAPPER: "a call of the repository's own function that leads to a direct call; it doesn't count into presence",
    Tier.FILE: "a file, a key in one, or a command",
}


def explain(finding: Finding, codebook: Codebook, *, definition: bool = True) -> str:
    """Explains a finding for a person.

    Args:
        finding: What was found.
        codebook: The codebook that it was found with.
        definition: Whether to end with the feature's definition; not, where it stands above several findings.

    Returns:
        Lines of raw text (they hold text of the repository: pass them through `safe_text` to show them).
    """
    feature = codebook.by_id.get(finding.feature)
    rule = codebook.rule(finding.rule)
    lines = [
        f"{finding.feature} at {finding.place}",
        f"  {finding.excerpt}" if finding.excerpt else "",
        f"Value: {finding.value}" if finding.value else "",
        f"Why: {finding.explanation}" if finding.explanation else "",
        f"Tier: {finding.tier.value}, {_TIERS[finding.tier]}",
        f"Rule: {finding.rule}{f' ({rule.note})' if rule is not None and rule.note else ''}" if finding.rule else "",
    ]
    if feature is None:
        lines.append("The codebook has no such feature.")
    elif definition:
        lines.append(f"Present when: {feature.definition}")
        lines.append(f"Does not count: {feature.excludes}" if feature.excludes else "")
    return "\n".join(line for line in lines if line)
