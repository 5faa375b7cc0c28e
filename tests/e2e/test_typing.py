"""Keys that arrive faster than the program can look at them, as a slow connection sends them: all at once."""

from pathlib import Path

from tests.e2e.terminal import Terminal


def test_letters_typed_right_after_the_filters_key_are_text_and_no_commands(demo_folder: Path) -> None:
    with Terminal([str(demo_folder)]) as terminal:
        terminal.wait_for("sklearn-mlproject")
        terminal.type("/chatty\r")
        terminal.wait_for(lambda text: "sklearn-mlproject" not in text and "enter open" in text)
        terminal.press("enter")
        terminal.wait_for("mlx-tui › chatty")
        terminal.wait_for("left to judge")
        terminal.type("/crum\r")
        terminal.wait_for("crum")
    assert (
        not (demo_folder / "annotations.csv").exists() or "chatty" not in (demo_folder / "annotations.csv").read_text()
    )
