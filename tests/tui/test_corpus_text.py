"""What the corpus' first line says that is lacking, and which step comes next."""

from dataclasses import replace

import pytest

from mlx_tui.annotation.results import repository_result
from mlx_tui.detection.codebook import load_codebook
from mlx_tui.study.results import READING
from mlx_tui.tui.presentation.corpus_row import CorpusRow
from mlx_tui.tui.presentation.corpus_text import corpus_summary, next_step

CODEBOOK = load_codebook()
ABSENT = repository_result(CODEBOOK, repo="a/b", url="", commit="")
FAILED = repository_result(CODEBOOK, repo="a/c", url="", commit="", clone_error="the server is down")
CLONED = repository_result(CODEBOOK, repo="a/d", url="", commit="0" * 40)
DONE = replace(CLONED, scan_state="scanned")


@pytest.mark.parametrize(
    ("results", "told", "step"),
    [
        ((), "", "corpus.add"),
        ((DONE,), "0/0 findings judged", ""),
        ((DONE, FAILED), "1 failed to fetch · 0/0", ""),
        ((ABSENT, FAILED, CLONED, DONE), "1 failed to fetch · 1 to fetch · 1 not scanned", "corpus.fetch"),
        ((CLONED, FAILED), "1 failed to fetch · 1 not scanned", "corpus.detect"),
        ((replace(ABSENT, scan_state=READING),), "", ""),
    ],
)
def test_what_is_lacking_is_told_by_what_is_to_be_done(results, told, step) -> None:
    assert told in corpus_summary([CorpusRow(result) for result in results], len(results), 0, "s")
    assert next_step(results) == step


def test_a_new_codebook_is_no_reason_to_scan_what_has_no_clone() -> None:
    text = corpus_summary([CorpusRow(FAILED), CorpusRow(CLONED)], 2, 0, "s", outdated=True)
    assert "1 failed to fetch · 1 to scan again: new codebook" in text
