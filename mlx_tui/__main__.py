"""`mlx-tui` and `python -m mlx_tui`."""


def main() -> None:
    """Runs the command line."""
    from mlx_tui.cli.app import run

    run()


if __name__ == "__main__":
    main()
