"""Versions by PEP 440, read from text that anybody may have written."""

from packaging.version import Version

MAX_LENGTH = 300


def version_of(text: str) -> Version | None:
    """The version that a text is; None where it is none, or longer than anybody numbers releases.

    Python takes no more than 4,300 digits for a number, which packaging doesn't foresee.
    """
    try:
        return Version(text) if len(text) <= MAX_LENGTH else None
    except ValueError:
        return None
