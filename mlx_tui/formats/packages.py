"""What every list of dependencies comes down to: packages with the line on which they stand."""

import re
from dataclasses import dataclass

_SEPARATORS = re.compile(r"[-_.]+")

UNCOUNTED = frozenset({"python", "pip", "setuptools", "wheel", "r", "r-base"})
"""Names that are the environment itself, not third parties of the project."""


@dataclass(frozen=True, slots=True)
class Package:
    """One entry of a list of dependencies.

    Attributes:
        name: Normalised name (PEP 503): lower case, `-` between words.
        version: The exact version, or the immutable URL or commit, that pins it; empty where it isn't pinned.
        line: Line in its file, from 1.
        text: The entry as written.
        local: A path of this repository (`-e .`), not a third party's package.
    """

    name: str
    version: str
    line: int
    text: str = ""
    local: bool = False

    @property
    def counted(self) -> bool:
        """Whether it is a third party's package: not Python, pip, setuptools or wheel, nor a local path."""
        return not self.local and self.name not in UNCOUNTED


@dataclass(frozen=True, slots=True)
class Bound:
    """A version or a range of versions, as written, with its line."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class PackageList:
    """The dependencies that one file lists.

    Attributes:
        packages: Every entry, in the file's order.
        includes: Other files that it reads in (`-r file`), as written, with their lines.
        hashed: Whether entries carry hashes.
        interpreter: The interpreter's version or bounds, where the file gives them.
    """

    packages: tuple[Package, ...] = ()
    includes: tuple[Bound, ...] = ()
    hashed: bool = False
    interpreter: Bound | None = None

    def third_party(self) -> tuple[Package, ...]:
        """The packages that count as third parties', in order."""
        return tuple(package for package in self.packages if package.counted)


def normalise(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return _SEPARATORS.sub("-", name.strip()).lower()
