"""The documentation agrees with the program."""

import re
from pathlib import Path

from mlx_tui.detection.codebook import load_codebook
from mlx_tui.detection.codebook_markdown import codebook_markdown
from mlx_tui.tui.keys_markdown import keys_markdown

DOCS = Path(__file__).parents[2] / "docs"


def test_codebook_page_is_rendered_from_the_codebook() -> None:
    assert (DOCS / "codebook.md").read_text() == codebook_markdown(load_codebook()), (
        "write it anew: mlx-tui codebook > docs/codebook.md"
    )


def test_keys_page_is_made_from_the_action_registry() -> None:
    assert keys_markdown().strip() in (DOCS / "keys.md").read_text(), "write it anew, see docs/architecture.md"


def test_links_and_pictures_are_there() -> None:
    pages = [*DOCS.glob("*.md"), DOCS.parent / "README.md"]
    targets = {(page, target) for page in pages for target in re.findall(r"\]\(([^)#]+)", page.read_text())}
    local = {(page, target) for page, target in targets if "://" not in target}
    assert [(page.name, target) for page, target in sorted(local) if not (page.parent / target).exists()] == []
