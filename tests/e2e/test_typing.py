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


def test_escapes_within_a_paste_are_text_and_no_keys(demo_folder: Path) -> None:
    with Terminal([str(demo_folder)]) as terminal:
        terminal.wait_for("sklearn-mlproject")
        # Taken for keys these open a form, help, and leave the program.
        terminal.type("\x1b[200~q\x1b[A d\x1bOP\x1b" + "q" * 40 + "\x1b\x1b[201~")
        terminal.type("/")
        terminal.wait_for("esc clear")
        terminal.type("\x1b[200~chat\x1b[Dty\x1b[201~")
        terminal.wait_for("chat␛[Dty")
        assert terminal.process.isalive()
