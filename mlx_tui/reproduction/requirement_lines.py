"""Requirements files as flat lists of lines: other files read in, any encoding, nothing installed."""

import re
from dataclasses import dataclass

from mlx_tui.formats.packages import normalise
from mlx_tui.formats.requirements import logical_lines, parse_requirement
from mlx_tui.reproduction.worktree import WorkTree, folder_of, join

MAX_INCLUDES = 20
MAX_LINES = 5_000

_INCLUDE = re.compile(r"^(?:-r|--requirement)[=\s]*(\S+)$")
_CONSTRAINT = re.compile(r"^(?:-c|--constraint)[=\s]*(\S+)$")
_LOCAL = re.compile(r"^(?:(?:-e|--editable)[=\s]*)?(\.{1,2}(?:[/\\].*)?(?:\[[\w,.-]*\])?|\./.*)$")


@dataclass(frozen=True, slots=True)
class RequirementLines:
    """A requirements file with the files that it reads in.

    Attributes:
        lines: Requirements and options, one each, in order.
        constraints: The lines of its constraint files.
    """

    lines: tuple[str, ...]
    constraints: tuple[str, ...] = ()


def read_requirements(tree: WorkTree, path: str) -> RequirementLines:
    """Reads a requirements file of the clone and those that it names."""
    return flatten(tree, tree.read_text(path), folder_of(path), path)


def flatten(tree: WorkTree, text: str, folder: str, path: str = "") -> RequirementLines:
    """Flattens a requirements file's text; a file that it names and that isn't in the clone stays as it is written.

    Args:
        tree: The clone's files.
        text: The text.
        folder: Where the text stands; `-r` is relative to it.
        path: The file that it was read from, so that it isn't read in once more.
    """
    lines: list[str] = []
    constraints: list[str] = []
    seen = {path}

    def visit(content: str, place: str, into: list[str]) -> None:
        for _, line in logical_lines(content):
            include, constraint = _INCLUDE.match(line), _CONSTRAINT.match(line)
            match = include or constraint
            named = join(place, match[1]) if match else ""
            if match and tree.is_file(named):
                if named not in seen and len(seen) < MAX_INCLUDES:
                    seen.add(named)
                    visit(tree.read_text(named), folder_of(named), into if include else constraints)
            elif len(into) < MAX_LINES:
                into.append(line)

    visit(text, folder, lines)
    return RequirementLines(tuple(lines), tuple(constraints))


def local_path(line: str) -> str:
    """The path of a requirement that is a folder of the clone (`-e .`, `./lib[extra]`); empty for any other line."""
    match = _LOCAL.match(line)
    return re.sub(r"\[[\w,.-]*\]$", "", match[1]) if match else ""


def name_of(line: str) -> str:
    """The normalised name of the package that a line asks for; empty for options, paths and what can't be read."""
    package = parse_requirement(line, 1)
    return package.name if package and not package.local else ""


def names_of(lines: tuple[str, ...]) -> frozenset[str]:
    """The normalised names of all packages that lines ask for."""
    return frozenset(name for line in lines if (name := name_of(line)))


def exact_version(line: str) -> str:
    """The version that a line pins exactly; empty where it leaves one open."""
    package = parse_requirement(line, 1)
    return package.version if package and "*" not in package.version else ""


def pinned(lines: tuple[str, ...]) -> frozenset[str]:
    """The normalised names of the packages that lines pin exactly."""
    return frozenset(normalise(name_of(line)) for line in lines if exact_version(line) and name_of(line))
