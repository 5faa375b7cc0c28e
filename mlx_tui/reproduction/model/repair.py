"""Named changes of a plan without which it failed."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Repair:
    """A named change of a plan without which it failed.

    Attributes:
        name: What is counted: `setuptools<81`, `working directory`.
        did: What was changed, in a sentence for a person; safe text.
        why: What asked for it: a line of the log, or a place in the repository; safe text.
    """

    name: str
    did: str
    why: str


class EditKind(StrEnum):
    """What a repair changes in the working copy."""

    NO_HTML_COMMENTS = "no_html_comments"
    """`<!-- … -->` left out of a YAML file; its lines keep their numbers."""
    NO_SERVERS = "no_servers"
    """Lines of a notebook that start a server, and so never end, left out."""
    OWN_NAME = "own_name"
    """A link to the root under the name by which the code imports the repository itself."""
    GIT_ORIGIN = "git_origin"
    """A bare repository beside the working copy as its remote; `path` is the remote's name."""
    DVC_REMOTE = "dvc_remote"
    """An empty folder as a DVC remote; `path` is the remote's name."""
    OTHER_MACHINE = "other_machine"
    """`path`, the beginning of paths of another machine, read as the folder `base` of the working copy."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of the working copy; `path` is relative to its root, where the kind says nothing else."""

    kind: EditKind
    path: str
    base: str = "."
