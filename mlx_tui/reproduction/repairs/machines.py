"""The repair of paths of another machine: files of the repository, named by where its author kept them."""

import re
from collections.abc import Iterable

from mlx_tui.reproduction.model import Cause, Edit, EditKind, Plan
from mlx_tui.reproduction.repairs.failure import Failure, edited, repaired
from mlx_tui.reproduction.worktree import WorkTree

MOST_FILES = 2_000
MOST_PATHS = 200
SUFFIXES = (".py", ".ipynb", ".yaml", ".yml", ".json", ".toml", ".cfg", ".ini", ".sh", ".env")
"""Files whose text names paths."""
_BETWEEN = r"(?:/|\\{1,4})"
# What follows a beginning, up to the quote or the line's end; a backslash before the quote is the quote's own.
_REST = rf"(?P<rest>(?:{_BETWEEN}(?:[^'\"\n\\]|\\{{1,4}}(?=[^'\"\n\\]))*(?:\\\\)?)?)(?=['\"\s,;)]|$)"
_ABSOLUTE = re.compile(r"(?<![\w/\\:.])(?P<path>(?:[A-Za-z]:[\\/]|/(?!/))[^'\"\n<>|*?$]{3,300})")
_QUOTED = re.compile(rf"['\"]{_ABSOLUTE.pattern}['\"]")
_OF_SYSTEM = re.compile(r"/(?:usr|bin|etc|dev|proc|sys|lib\w*|sbin|run|tmp)(?:/|$)|.*/site-packages/")
_ASKS = re.compile(
    r"[Nn]o such file|not found|does(?:n't| not) exist|cannot find|file URI|not a directory|Permission denied"
)

_OF_FILES = re.compile(r"[Nn]o such file|file URI|[Nn]ot a directory")


def named_paths(tree: WorkTree) -> tuple[str, ...]:
    """The absolute paths that the repository's code and configuration spell, as they stand there."""
    found: dict[str, None] = {}
    for path in tree.with_suffix(*SUFFIXES)[:MOST_FILES]:
        for match in _QUOTED.finditer(tree.read_text(path)):
            found.setdefault(match["path"], None)
    return tuple(list(found)[:MOST_PATHS])


def of_another_machine(plan: Plan, failure: Failure) -> Plan | None:
    """The working copy's own path in place of the author's, where what is asked for is in the repository."""
    if failure.verdict.cause not in (Cause.MISSING_DATA, Cause.CODE) or failure.step < 1:
        return None
    if not _ASKS.search(failure.line):
        return None
    done = {edit.path for edit in plan.edits if edit.kind is EditKind.OTHER_MACHINE}
    named = [match["path"].rstrip("\\/ ") for match in _ABSOLUTE.finditer(failure.line)]
    # What the line names decides; one that names none (a path made a URI, a relative part) leaves what the code spells.
    spelt = failure.spelt if _OF_FILES.search(failure.line) else ()
    for path in named or spelt:
        prefix, base = _place(path, plan.repo.rpartition("/")[2], failure)
        if prefix and prefix not in done and not _within(prefix, failure.work):
            changed = edited(plan, Edit(EditKind.OTHER_MACHINE, prefix, base))
            folder = base if base != "." else "root"
            did = f"{prefix} read as the working copy's {folder}, where the rest of the path is found"
            return repaired(changed, "path of another machine", did, failure.line)
    return None


def _place(path: str, name: str, failure: Failure) -> tuple[str, str]:
    """The beginning of a path that is another machine's, and the folder of the repository that it stands for."""
    parts = [part for part in re.split(r"[\\/]+", path) if part]
    known = frozenset(failure.files) | (failure.folders - {"."})
    if _OF_SYSTEM.match(path) or not parts:
        return "", ""
    for start in range(1, len(parts)):
        if "/".join(parts[start:]) in known:
            return _joined(path, parts[:start]), "."
    if name in parts[:-1]:
        return _joined(path, parts[: parts.index(name) + 1]), "."
    for start in range(1, len(parts)):
        end = "/".join(parts[start:])
        places = [place for place in failure.files if place.endswith(f"/{end}")]
        if len(places) == 1:
            return _joined(path, parts[:start]), places[0].removesuffix(f"/{end}")
    return (_joined(path, parts), ".") if parts[-1] == name else ("", "")


def _joined(path: str, parts: Iterable[str]) -> str:
    return ("/" if path.startswith("/") else "") + "/".join(parts)


def _within(prefix: str, work: str) -> bool:
    return bool(work) and f"{prefix}/".startswith(f"{work}/")


def read_here(text: str, prefix: str, here: str) -> str:
    """A file's text with the paths that begin by another machine's prefix as this one's.

    Args:
        text: The text.
        prefix: The other machine's beginning, its parts joined by `/`.
        here: The folder that it stands for.
    """
    parts = [re.escape(part) for part in prefix.strip("/").split("/")]
    start = _BETWEEN if prefix.startswith("/") else ""
    pattern = re.compile(rf"(?<![\w/\\]){start}{_BETWEEN.join(parts)}{_REST}", re.MULTILINE)
    return pattern.sub(lambda match: here + re.sub(r"\\{1,4}", "/", match["rest"]), text)
