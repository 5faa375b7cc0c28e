"""Shell scripts that drive an experiment: which of them are run as they are, rather than command by command."""

import posixpath
import re
import shlex

from mlx_tui.reproduction.entry_points.commands import Use, read_command
from mlx_tui.reproduction.entry_points.shell import Line, split_lines
from mlx_tui.reproduction.model import Step, StepKind

_FLOW = re.compile(
    r"^[^\S\n]*(?:for|while|until|case|select)\b|^[^\S\n]*(?:function\s+\w+|\w+\s*\(\s*\))\s*\{", re.MULTILINE
)
_ASSIGNED = re.compile(r"^[^\S\n]*(?:export\s+|local\s+)?(\w+)=", re.MULTILINE)
# What a script does to a machine that isn't the experiment: it would fail in the attempt's isolation, or never end.
_PREPARES = re.compile(
    r"(?:^|[;&|\s])(?:sudo|apt|apt-get|yum|brew|pip3?|conda|mamba|micromamba|poetry|pipenv|virtualenv|docker(?:-compose)?|podman|"
    r"kubectl|aws|gcloud|az|scp|ssh|source|activate)\s|-m\s+(?:pip|venv)\s|&\s*$",
    re.MULTILINE,
)


def runs_whole(text: str) -> bool:
    """Whether a script means something only as a whole: it loops, or its commands use what it sets before.

    One that also installs, serves or starts things beside itself isn't run whole.
    """
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    if _PREPARES.search(code) or any(_serves(line) for line in split_lines(code)):
        return False
    names = set(_ASSIGNED.findall(code))
    uses = any(re.search(rf"\$\{{?{re.escape(name)}\b", code) for name in names)
    return uses or bool(_FLOW.search(code))


def _serves(line: Line) -> bool:
    command = read_command(line)
    return command is not None and command.use is Use.SERVE


def whole(path: str, text: str, folder: str) -> Step:
    """The step that runs a script from a folder with the shell that it names, bash where it names none."""
    shell = "sh" if re.match(r"#!\s*\S*/(?:env\s+)?(?:sh|dash)\b", text) else "bash"
    return Step(StepKind.COMMAND, f"{shell} {shlex.quote(posixpath.relpath(path, folder))}", folder)
