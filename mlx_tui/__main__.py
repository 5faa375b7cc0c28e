"""`mlx-tui` and `python -m mlx_tui`."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Runs the command line; Ctrl-C, also while it is loaded, ends it without a traceback."""
    try:
        from mlx_tui.cli.app import run

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
