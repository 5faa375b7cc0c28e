"""A mouse at a real terminal: what the terminal reports of it arrives."""

from pathlib import Path

from tests.e2e.terminal import Terminal

WHEEL_DOWN = 65


def click(terminal: Terminal, column: int, row: int) -> None:
    """Presses and releases the left button over a cell, both from 1."""
    terminal.type(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")


def test_clicks_and_the_wheel(demo_folder: Path) -> None:
    with Terminal([str(demo_folder)]) as terminal:
        terminal.wait_for("6/6")
        click(terminal, 3, 5)
        terminal.wait_for(lambda text: "noisy-mlp" in text.split("\n")[-2])
        footer = terminal.text.split("\n")[-1]
        click(terminal, footer.index("? help") + 1, 24)
        terminal.wait_for("Help")
        terminal.press("escape")
        terminal.wait_for("Corpus")
        terminal.press("t")
        terminal.wait_for("How many repositories have it")
        for _ in range(3):
            terminal.type(f"\x1b[<{WHEEL_DOWN};10;10M")
        terminal.wait_for(lambda text: "Overview" in text and "How many repositories have it" not in text)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
