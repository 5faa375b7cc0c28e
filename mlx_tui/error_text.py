"""Errors in words for a person."""

from mlx_tui.safe_text import safe_text


def error_text(error: Exception) -> str:
    """An error for a person: of the system, which file and what is wrong with it; else its own message."""
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error)
    return f"{safe_text(str(error.filename))}: {error.strerror}" if error.filename else error.strerror
