"""What one row of the corpus is made from."""

from dataclasses import dataclass

from mlx_tui.annotation.results import RepositoryResult
from mlx_tui.reproduction.model import AttemptState
from mlx_tui.tui.widgets.table_column import Column


@dataclass(frozen=True, slots=True)
class CorpusRow:
    """A repository, and the attempt that is under way, where there is one."""

    result: RepositoryResult
    running: AttemptState | None = None


CorpusColumn = Column[CorpusRow]
