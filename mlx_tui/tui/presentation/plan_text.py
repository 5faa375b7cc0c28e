"""Words of plans and attempts: isolation, times, numbers."""

from mlx_tui.reproduction.model import Isolation

Line = tuple[str, str]
"""Raw text and its role."""

ISOLATION = {
    Isolation.BWRAP: "bubblewrap: read-only system, own home and /tmp, own processes, no view of other files of yours",
    Isolation.CONTAINER: "container: no capabilities, own file system, nothing of yours but the attempt's own folders",
    Isolation.NONE: "NONE: limits on resources and a cleaned environment only; the code can read your files",
}


def duration(seconds: float) -> str:
    """Returns a duration as a person says it: `48.2 s`, `3 min 05 s`, `1 h 02 min`."""
    if seconds < 60:
        return f"{seconds:.0f} s" if float(seconds).is_integer() else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def short_duration(seconds: float) -> str:
    """Returns a duration in 8 cells at most, for a column: `48.2 s`, `3m 05s`, `1h 02m`, `5d 07h`."""
    if seconds < 60:
        return duration(seconds)
    minutes, rest = divmod(round(seconds), 60)
    hours = minutes // 60
    if hours < 1:
        return f"{minutes}m {rest:02d}s"
    return f"{hours}h {minutes % 60:02d}m" if hours < 100 else f"{hours // 24}d {hours % 24:02d}h"
