"""The documentation agrees with the program."""

from pathlib import Path

from mlx_tui.detection.codebook import load_codebook
from mlx_tui.detection.codebook_markdown import codebook_markdown

DOCS = Path(__file__).parents[2] / "docs"


def test_codebook_page_is_rendered_from_the_codebook() -> None:
    assert (DOCS / "codebook.md").read_text() == codebook_markdown(load_codebook()), (
        "write it anew: mlx-tui codebook > docs/codebook.md"
    )
