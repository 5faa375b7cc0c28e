"""The codebook as Markdown, rendered from its data."""

from collections.abc import Iterator
from itertools import groupby

from mlx_tui.detection.codebook import Codebook, FeatureTable


def codebook_markdown(codebook: Codebook) -> str:
    """Renders every feature with its definition and its rules, a section a dimension.

    Args:
        codebook: The built-in codebook, or one with a study's own features.

    Returns:
        A Markdown document.
    """
    lines = [
        "# Codebook",
        "",
        f"Version {codebook.version}, {len(codebook.features)} features; rendered by `mlx-tui codebook` from its data.",
        "What is read, how names are resolved and what counts as evidence is said in the",
        "[ground rules](ground-rules.md).",
    ]
    for dimension, tables in groupby(codebook.tables, key=lambda table: table.dimension):
        lines += ["", f"## {dimension}"]
        for table in tables:
            lines += _feature(table)
    return "\n".join(lines) + "\n"


def _feature(table: FeatureTable) -> Iterator[str]:
    yield from ("", f"### `{table.id}`: {table.title}", "")
    yield f"Present when: {table.definition}."
    if table.excludes:
        yield from ("", f"Does not count: {table.excludes}.")
    if not table.detected:
        yield from ("", "Not detected by this version: its presence is unknown, never absent.")
    if table.rule:
        yield from ("", "Rules: " + ", ".join(f"`{rule.id}`" for rule in table.rule) + ".")
