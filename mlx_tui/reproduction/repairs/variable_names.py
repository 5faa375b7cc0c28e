"""Which environment variables that a repository names a repair may set."""

import re

_SECRET = re.compile(r"TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE|USERNAME", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_]\w*")
# Variables that act on programs, not on the project's code.
_OF_PROGRAMS = re.compile(r"^(?:LD_|PYTHON|MLX_TUI|PATH$|HOME$|TMPDIR$|SHELL$|ENV$|BASH)|_(?:proxy|PROXY)$")


def may_be_set(name: str) -> bool:
    """Whether a variable is neither a secret nor one that programs obey."""
    return bool(_NAME.fullmatch(name)) and not _SECRET.search(name) and not _OF_PROGRAMS.search(name)
