"""`mlx-tui` and `python -m mlx_tui`."""

import os
import signal
import sys
from types import FrameType

INTERRUPTED = 130
IMPORTING = "<frozen importlib._bootstrap>"


def main() -> None:
    """Runs the command line; Ctrl-C, also while it is loaded, ends it without a traceback."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a shell's background work ignores it
        signal.signal(signal.SIGINT, _interrupted)
    try:
        from mlx_tui.cli.app import run

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _interrupted(_: int, frame: FrameType | None) -> None:
    """Ends at once what is still being loaded: modules swallow an exception in the middle, or make it another one."""
    while frame is not None:
        if frame.f_code.co_filename == IMPORTING:
            os._exit(INTERRUPTED)
        frame = frame.f_back
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
