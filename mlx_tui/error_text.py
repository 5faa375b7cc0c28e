"""Errors in words for a person."""

import errno

from mlx_tui.safe_text import safe_text

_TO_DO = {
    errno.ENOSPC: "; free some, then do it again",
    errno.EDQUOT: "; free some, then do it again",
    errno.EROFS: "; work on a copy that can be written",
}


def error_text(error: Exception) -> str:
    """An error for a person: of the system, which file, what is wrong with it and what to do; else its own message."""
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error)
    text = error.strerror + _TO_DO.get(error.errno or 0, "")
    return f"{safe_text(str(error.filename))}: {text}" if error.filename else text
