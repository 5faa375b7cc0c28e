"""What an image would hold: what the nearest Dockerfile installs by pip."""

import shlex

from mlx_tui.formats.dockerfile import parse_dockerfile
from mlx_tui.formats.shell import parse_shell
from mlx_tui.reproduction.requirement_lines import names_of, read_requirements
from mlx_tui.reproduction.worktree import WorkTree, folder_of, join

_FILES = frozenset({"-r", "--requirement"})
_WITH_VALUE = frozenset(
    {
        "-c",
        "--constraint",
        "-i",
        "--index-url",
        "--extra-index-url",
        "-f",
        "--find-links",
        "-t",
        "--target",
        "--timeout",
    }
    | {"--trusted-host", "--default-timeout", "--retries", "--proxy", "--cache-dir", "--python", "--platform"}
)


def image_requirements(tree: WorkTree, folders: list[str]) -> tuple[str, tuple[str, ...]]:
    """The pip requirements that the nearest Dockerfile installs, with its path; both empty where none installs any."""
    known = sorted(tree.named("Dockerfile", "Containerfile"), key=lambda path: distance(path, folders))
    for path in known:
        lines: dict[str, None] = {}
        for instruction in parse_dockerfile(tree.read_text(path)):
            if instruction.keyword == "RUN":
                lines.update(dict.fromkeys(_installed(tree, instruction.command, folder_of(path))))
        if names_of(tuple(lines)):
            return path, tuple(lines)
    return "", ()


def distance(path: str, folders: list[str]) -> tuple[int, str]:
    """How far a file is from the folders in which a candidate runs, as a key to sort by."""
    folder = folder_of(path)
    return (folders.index(folder) if folder in folders else len(folders) + path.count("/"), path)


def _installed(tree: WorkTree, command: str, folder: str) -> list[str]:
    """The requirements of the `pip install` commands of one line, files that they name read in."""
    found: list[str] = []
    for words in _commands(command):
        at = next(
            (n for n, word in enumerate(words[:-1]) if word.startswith("pip") and words[n + 1] == "install"), None
        )
        rest = iter(words[at + 2 :] if at is not None else ())
        for word in rest:
            if word in _FILES:
                found += read_requirements(tree, join(folder, next(rest, ""))).lines
            elif word in _WITH_VALUE:
                next(rest, "")
            elif not word.startswith("-") and names_of((word,)):
                found.append(word)
    return found


def _commands(command: str) -> list[list[str]]:
    """Each simple command's words as they are written: an unquoted `mlflow>=2` is the author's requirement."""
    try:
        words = shlex.split(command.replace("\\\n", " "), comments=True)
    except ValueError:
        return [list(simple.words) for simple in parse_shell(command).commands]
    found: list[list[str]] = [[]]
    for word in words:
        if word in ("&&", "||", ";", "|"):
            found.append([])
        else:
            found[-1].append(word.rstrip(";"))
            found += [[]] if word.endswith(";") else []
    return found
