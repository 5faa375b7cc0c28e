"""The study on the sample corpus that `mlx-tui demo` opens."""

from pathlib import Path

from mlx_tui.corpus.entries import write_corpus
from mlx_tui.corpus.samples import materialize
from mlx_tui.paths import sample_corpus_dir
from mlx_tui.study import Study
from mlx_tui.study.corpus import CORPUS

REPOSITORIES = "sample-repositories"


def create_demo(path: Path) -> Study:
    """Makes the study on the sample corpus, or opens the one that is there with all its work.

    The sample folders become git repositories below `path`, with the same commits on every machine.
    """
    path.mkdir(parents=True, exist_ok=True)
    entries = materialize(sample_corpus_dir(), path / REPOSITORIES)
    if not (path / CORPUS).exists():
        write_corpus(path / CORPUS, entries)
    return Study(path)
