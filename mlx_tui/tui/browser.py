"""Opening a page in the user's browser, where there is one."""

import subprocess
import sys
from collections.abc import Mapping


def has_browser(environment: Mapping[str, str], platform: str) -> bool:
    """Whether a browser with a window of its own can be expected: a display, or a `BROWSER` that the user set."""
    return platform in {"darwin", "win32"} or any(
        environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME")
    )


def open_page(address: str) -> None:
    """Opens a page, in a process of its own without the terminal: a browser for terminals can't take that over.

    Raises:
        OSError: The process can't be started.
    """
    subprocess.Popen(
        [sys.executable, "-m", "webbrowser", "-t", address],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
