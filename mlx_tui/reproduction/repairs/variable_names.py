"""Which environment variables that a repository names may be set."""

import re

_SECRET = re.compile(r"TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE|USERNAME", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_]\w*")
# Variables that act on programs, not on the project's code.
_OF_PROGRAMS = re.compile(r"^(?:LD_|PYTHON|MLX_TUI|PATH$|HOME$|TMPDIR$|SHELL$|ENV$|BASH)|_(?:proxy|PROXY)$")


def is_name(text: str) -> bool:
    """Whether a text names a variable."""
    return bool(_NAME.fullmatch(text))


def is_secret(name: str) -> bool:
    """Whether a variable's name says that its value is a secret."""
    return bool(_SECRET.search(name))


def may_be_set(name: str) -> bool:
    """Whether a variable is neither a secret nor one that programs obey."""
    return is_name(name) and not is_secret(name) and not _OF_PROGRAMS.search(name)
