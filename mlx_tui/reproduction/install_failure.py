"""Why an environment couldn't be built, told from uv's messages (uv 0.8 to 0.13)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from mlx_tui.reproduction.certificates import refused_certificate


class InstallCause(StrEnum):
    """The class of an install failure."""

    MALFORMED = "malformed requirement"
    NO_VERSION = "no such package or version"
    NO_WHEEL = "no wheel for this interpreter or system"
    BUILD = "building it needs a compiler, a system library or an older tool"
    CONFLICT = "conflicting requirements"
    NETWORK = "network"
    METADATA = "metadata of a package that can't be read"
    MISSING_FILE = "a file that isn't in the repository"
    INTERPRETER = "no usable interpreter"
    DISK = "disk full"
    IMAGE = "no image to run in"
    OTHER = "another error of the installer"


@dataclass(frozen=True, slots=True)
class InstallFailure:
    """An install failure.

    Attributes:
        cause: Its class.
        package: The package or line that failed; empty where none is named.
        message: What happened, in a sentence for a person.
        unknown: Whether the index doesn't know the package at all.
    """

    cause: InstallCause
    package: str
    message: str
    unknown: bool = False


_LONGEST_LINE = 2_000
_NAME = (
    r"(?<![\w.=<>!~@-])`?([A-Za-z0-9][\w.-]*(?:\[[\w,.-]+\])?(?:[=<>!~@]{1,3}[^\s`,]+(?:,[<>=!~]{1,3}[^\s`,]+)*)?)`?"
)

# In order: the first that matches decides. Group 1, where there is one, is the package.
_RULES: tuple[tuple[InstallCause, str], ...] = (
    (InstallCause.DISK, r"No space left on device|os error 28|Disk quota exceeded"),
    (InstallCause.MALFORMED, r"Couldn't parse requirement[^\n]*\n(?:.*\n){0,20}?[ \t]{2,}([^\s^].*)\n[ \t]+\^"),
    (InstallCause.MALFORMED, r"Couldn't parse|not a valid (?:package|requirement)|Unexpected .* in requirement"),
    (InstallCause.METADATA, rf"{_NAME} has invalid metadata|Metadata for `([^`]+)`[^\n]* could not be parsed"),
    (InstallCause.MISSING_FILE, r"Distribution not found at:\s*(\S+)"),
    (
        InstallCause.MISSING_FILE,
        r"File not found: `([^`]+)`|does not appear to be a Python project|No such file or directory",
    ),
    (
        InstallCause.NETWORK,
        r"Failed to fetch:?\s*`?\S+?/([\w.-]+)/?`?\s|error sending request|dns error|tcp connect error",
    ),
    (
        InstallCause.NETWORK,
        r"Connection refused|Network is unreachable|network was disabled|timed out|operation timed out",
    ),
    (
        InstallCause.NETWORK,
        r"Git operation failed[^\n]*\n(?:.*\n){0,20}?.*failed to (?:clone|fetch).*|unable to access '([^']+)'",
    ),
    (InstallCause.BUILD, rf"Failed to build {_NAME}"),
    (InstallCause.BUILD, rf"Failed to (?:download and )?(?:prepare|build)[^\n]*{_NAME}"),
    (InstallCause.NO_WHEEL, rf"{_NAME} has no wheels with a matching"),
    (InstallCause.NO_WHEEL, rf"{_NAME} has no usable wheels"),
    (
        InstallCause.NO_WHEEL,
        rf"current Python version \([^)\n]{{0,100}}\) does not satisfy [^\n]{{0,300}}? and {_NAME} depends on Python",
    ),
    (InstallCause.NO_WHEEL, rf"depends on Python[^\n]{{0,300}}?{_NAME}[^\n]{{0,300}}?cannot be used"),
    (InstallCause.CONFLICT, rf"{_NAME} depends on [^\n]*\n?[^\n]*you require|are incompatible|conflict"),
    (InstallCause.NO_VERSION, rf"{_NAME} was not found in the (?:package registry|cache)"),
    (InstallCause.NO_VERSION, rf"there (?:is|are) no versions? of {_NAME}"),
    (InstallCause.NO_VERSION, rf"only (?:the following versions of )?{_NAME}[^\n]* (?:is|are) available"),
    (
        InstallCause.INTERPRETER,
        r"No interpreter found|Failed to inspect Python interpreter|No virtual environment found",
    ),
)
_SYSTEM_LIBRARY = re.compile(
    r"(pg_config|mysql_config|fatal error: [\w./-]+\.h|pkg-config|cannot find -l\w+"
    r"|command '?\w*(?:gcc|cc|g\+\+|cmake|rustc|cargo)'? (?:failed|not found)|error: command '[^']+' failed"
    r"|[Nn]o module named '[\w.]+'|Could not find \w+)"
)
_SENTENCES = {
    InstallCause.MALFORMED: "a requirement can't be understood: {}",
    InstallCause.NO_VERSION: "the package index has no such package or version: {}",
    InstallCause.NO_WHEEL: "{} has nothing that installs on this interpreter or system",
    InstallCause.BUILD: "{} has to be built from source, and that failed",
    InstallCause.CONFLICT: "the requirements contradict each other: {}",
    InstallCause.NETWORK: "the network failed: {}",
    InstallCause.METADATA: "what {} says of itself can't be read",
    InstallCause.MISSING_FILE: "a requirement names a file that isn't there: {}",
    InstallCause.INTERPRETER: "the interpreter can't be used: {}",
    InstallCause.DISK: "the disk is full{}",
    InstallCause.IMAGE: "there is no image to run in: {}",
    InstallCause.OTHER: "the installer failed: {}",
}


def classify(output: str) -> InstallFailure:
    """Says why an installation failed.

    Args:
        output: What uv wrote, plain text.
    """
    lines = re.sub(r"\x1b\[[0-9;]*m", "", output)[-200_000:].split("\n")
    text = "\n".join(line[:_LONGEST_LINE] for line in lines)  # what is built prints what it wants
    errors = text[text.rfind("\nerror") + 1 :] if "\nerror" in text else text
    for cause, pattern in _RULES:
        match = re.search(pattern, errors)
        if match:
            package = next((group for group in match.groups() if group), "").strip("`.,")
            unknown = cause is InstallCause.NO_VERSION and "was not found in the" in match[0]
            return InstallFailure(cause, package, _sentence(cause, package, errors), unknown)
    return InstallFailure(InstallCause.OTHER, "", _sentence(InstallCause.OTHER, "", errors))


def _sentence(cause: InstallCause, package: str, text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    detail = package or next(
        (line for line in lines if line.startswith(("cause:", "error:"))), lines[-1] if lines else ""
    )
    sentence = _SENTENCES[cause].format(detail if cause is not InstallCause.DISK else "")
    if cause is InstallCause.NETWORK and (refused := refused_certificate(text)):
        return f"{sentence} ({refused})"
    library = _SYSTEM_LIBRARY.search(text) if cause is InstallCause.BUILD else None
    return f"{sentence} ({library[1]})" if library else sentence
