"""By what a judged line is known again."""

import hashlib

from mlx_tui.detection.model import Finding


def excerpt_hash(finding: Finding | None) -> str:
    """The first 16 hex digits of the SHA-256 of a finding's line without its indentation; empty without a line."""
    text = finding.excerpt.strip() if finding else ""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16] if text else ""
