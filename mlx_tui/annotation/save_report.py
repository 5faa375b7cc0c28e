"""What a read or a write of `annotations.csv` brought about."""

from dataclasses import dataclass

from mlx_tui.annotation.merge import Change, Conflict
from mlx_tui.annotation.model import Judgement
from mlx_tui.annotation.row_parser import UnreadRow


@dataclass(frozen=True, slots=True)
class SaveReport:
    """What happened on disk; show everything but `saved` to the user.

    Attributes:
        saved: The changes of this program that are on disk now; earlier ones too that couldn't be written before.
        updated: What others had changed in between.
        restored: What the file had lost although nobody removed it (an older copy was saved over it); it is back.
        conflicts: Versions that lost against a newer one, with the one that was kept.
        unread: Rows of the file that aren't judgements; they stay in it.
        notices: What was unusual about the file, for a person.
    """

    saved: tuple[Change, ...] = ()
    updated: tuple[Change, ...] = ()
    restored: tuple[Judgement, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    unread: tuple[UnreadRow, ...] = ()
    notices: tuple[str, ...] = ()

    def __add__(self, other: "SaveReport") -> "SaveReport":
        """Both, one after the other."""
        return SaveReport(
            self.saved + other.saved,
            self.updated + other.updated,
            self.restored + other.restored,
            self.conflicts + other.conflicts,
            self.unread + other.unread,
            self.notices + other.notices,
        )
