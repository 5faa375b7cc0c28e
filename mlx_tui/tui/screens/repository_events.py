"""What the workers of the repository's screen tell it."""

from collections.abc import Sequence

from textual.message import Message

from mlx_tui.corpus.model import Clone
from mlx_tui.detection.derived import Readiness
from mlx_tui.detection.model import RepositoryScan
from mlx_tui.tui.presentation.document import Document
from mlx_tui.tui.presentation.evidence import EvidenceRow


class Loaded(Message):
    """The repository was read.

    Attributes:
        clone: Its clone.
        scan: Its scan.
        rows: Its evidence, as it may be seen.
        blind: Whether that is without the program's answer.
        elsewhere: How much is left to judge in the study's other repositories.
        outdated: How many judgements of other commits hold no more, as far as they may be seen.
        readiness: For a second execution, after judgements; None where one judges blind.
        has_page: Whether its files have pages on a forge.
    """

    def __init__(
        self,
        clone: Clone,
        scan: RepositoryScan,
        rows: Sequence[EvidenceRow],
        *,
        blind: bool,
        elsewhere: int,
        outdated: int,
        readiness: Readiness | None,
        has_page: bool,
    ) -> None:
        """Keeps what was read."""
        super().__init__()
        self.clone, self.scan, self.rows, self.blind, self.elsewhere = clone, scan, rows, blind, elsewhere
        self.outdated, self.readiness, self.has_page = outdated, readiness, has_page


class FileRead(Message):
    """A file was read."""

    def __init__(self, document: Document) -> None:
        """Keeps it."""
        super().__init__()
        self.document = document


class Failed(Message):
    """The repository can't be read."""

    def __init__(self, text: str) -> None:
        """Keeps why."""
        super().__init__()
        self.text = text


class Names(Message):
    """The repository's files were listed."""

    def __init__(self, names: Sequence[str]) -> None:
        """Keeps their names, raw."""
        super().__init__()
        self.names = names
