# ruff: noqa: E501 - texts stand on one line
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.formats.dockerfile import images, parse_dockerfile
from mlx_tui.formats.shell import parse_shell
from mlx_tui.formats.tasks import parse_makefile


def words(text: str) -> list[tuple[int, str]]:
    return [(command.line, command.text) for command in parse_shell(text).commands]


def test_continuations_comments_and_operators() -> None:
    text = "#!/bin/sh\n# no\na b \\\n  c # tail\nd && e; f | g &\n"
    assert words(text) == [(3, "a b c"), (5, "d"), (5, "e"), (5, "f"), (5, "g")]


def test_quotes_are_taken_off_and_expansions_kept() -> None:
    (command,) = parse_shell("""X='a b' run "$Y" '${Z}' "q\\"r" a\\ b""").commands
    assert command.words == ("run", "$Y", "${Z}", 'q"r', "a b")
    assert command.assignments == (("X", "a b"),)


def test_commands_inside_commands() -> None:
    assert (1, "mlflow ui") in words("bash -c 'cd x; mlflow ui'")
    assert (2, "mlflow run .") in words("\nR=$(mlflow run .)")
    assert (1, "mlflow ui") in words("ssh host 'mlflow ui'")
    assert words("echo 'mlflow ui'") == [(1, "echo mlflow ui")]


def test_keywords_do_not_hide_a_command_nor_shift_its_line() -> None:
    assert words("if [ -z x ]; then\n  mlflow ui\nelse \\\n  a\nfi\n")[1:] == [(2, "mlflow ui"), (4, "a")]


def test_here_documents_are_kept_apart() -> None:
    script = parse_shell("cat > x <<'EOF'\nmlflow ui\nEOF\nls 2>&1 > y\n")
    assert [(d.line, d.text, d.program, d.redirected) for d in script.documents] == [(2, "mlflow ui", "cat", True)]
    assert [command.words for command in script.commands] == [("cat",), ("ls",)]


@given(st.text())
def test_any_text_is_read_to_its_end(text: str) -> None:
    lines = text.count("\n") + 1
    assert all(1 <= command.line <= lines for command in parse_shell(text).commands)


def test_dockerfile_instructions() -> None:
    text = 'ARG V=3.8\nFROM a/python:${V}-slim AS b\nRUN x && \\\n # c\n  y\nFROM b\nCMD ["sh", "-c", "mlflow \\\n  ui"]\nRUN <<E\nz\nE\n'
    found = [(item.line, item.keyword, " ".join(item.command.split())) for item in parse_dockerfile(text)]
    assert (3, "RUN", "x && \\ y") in found
    assert (7, "CMD", "mlflow ui") in found
    assert (9, "RUN", "z") in found
    assert [(image.line, image.reference) for image in images(parse_dockerfile(text))] == [(2, "a/python:3.8-slim")]


def test_makefile_rules() -> None:
    (train, both) = parse_makefile("A := 1\ntrain: data ## doc\n\t@python a.py \\\n\t  --b\n\techo\n\nx y: ; ls\n")
    assert (train.name, train.line, train.needs) == ("train", 2, ("data",))
    assert [(command.line, command.text.split()[0]) for command in train.commands] == [(3, "python"), (5, "echo")]
    assert (both.name, both.commands[0].text) == ("x y", "ls")
