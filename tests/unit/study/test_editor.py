"""The user's editor: its command for a line, and opening a copy in it."""

import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

from mlx_tui.study import StudyError
from mlx_tui.study.editor import edit, editor_command
from mlx_tui.study.places import parse_place


def installed(folder: Path, name: str, text: str = "#!/bin/sh\n") -> dict[str, str]:
    """An environment in which a program is installed."""
    program = folder / name
    program.write_text(text)
    program.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


@pytest.mark.parametrize(
    ("editor", "end", "takes_terminal"),
    [
        ("nano", ["+7", "/x.py"], True),
        ("nano -l", ["-l", "+7", "/x.py"], True),
        ("micro", ["+7", "/x.py"], True),
        ("hx", ["/x.py:7"], True),
        ("code", ["--wait", "--goto", "/x.py:7"], False),
        ("code --wait", ["--wait", "--goto", "/x.py:7"], False),
        ("subl", ["--wait", "/x.py:7"], False),
        ("kate", ["--block", "--line", "7", "/x.py"], False),
        ("emacsclient -t", ["-t", "+7", "/x.py"], True),
        ("vim.basic", ["+7", "/x.py"], True),
        ("emacs-29.1", ["+7", "/x.py"], True),
        ("unheard-of", ["/x.py"], True),
    ],
)
def test_each_editor_is_told_the_line_its_own_way(tmp_path, editor, end, takes_terminal):
    environment = installed(tmp_path, editor.split()[0])
    command = editor_command({**environment, "EDITOR": editor}, "/x.py", 7)
    assert list(command.arguments) == [editor.split()[0], *end]
    assert command.takes_terminal is takes_terminal


def test_visual_comes_before_editor_and_an_empty_one_counts_for_nothing(tmp_path):
    environment = installed(tmp_path, "nano") | installed(tmp_path, "hx")
    assert editor_command({**environment, "VISUAL": "hx", "EDITOR": "nano"}, "/x", 1).name == "hx"
    assert editor_command({**environment, "VISUAL": " ", "EDITOR": "nano"}, "/x", 1).name == "nano"


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "no editor is set: set VISUAL or EDITOR"),
        ({"EDITOR": "no-such-editor"}, "EDITOR names no-such-editor, which isn't installed"),
        ({"VISUAL": "vi 'x"}, "VISUAL can't be read"),
    ],
)
def test_without_an_editor_it_says_what_to_do(environment, message):
    with pytest.raises(StudyError, match=message):
        editor_command({"PATH": "/usr/bin", **environment}, "/x", 1)


def test_the_copy_is_opened_with_the_terminal_given_away_and_removed(demo_study, tmp_path):
    environment = installed(
        tmp_path, "nano", f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/seen\ncat "$2" > {tmp_path}/text\n'
    )
    given = []

    @contextmanager
    def suspended():
        given.append("away")
        yield
        given.append("back")

    place = parse_place("train.py:31")
    name = edit(
        demo_study.files, "sklearn-mlproject", place, suspended=suspended, environment={**environment, "EDITOR": "nano"}
    )
    line, path = (tmp_path / "seen").read_text().split()
    assert (name, line, given) == ("nano", "+31", ["away", "back"])
    assert (tmp_path / "text").read_bytes() == demo_study.files.read("sklearn-mlproject", "train.py")
    assert not Path(path).exists() and not Path(path).parent.exists()


def test_a_failing_editor_is_told_and_leaves_nothing(demo_study, tmp_path):
    environment = installed(tmp_path, "nano", f'#!/bin/sh\necho "$2" > {tmp_path}/seen\nexit 3\n')
    with pytest.raises(StudyError, match="nano ended with status 3"):
        edit(
            demo_study.files,
            "sklearn-mlproject",
            parse_place("train.py:1"),
            environment={**environment, "EDITOR": "nano"},
        )
    assert not Path((tmp_path / "seen").read_text().strip()).parent.exists()


@pytest.mark.skipif(shutil.which("vim") is None, reason="needs vim")
def test_settings_in_a_file_are_not_obeyed_by_vim(demo_study, tmp_path):
    root = demo_study.corpus.clone("lookalike").path
    (root / "evil.py").write_text("x = 1\n# vim: set textwidth=13 :\n")
    script = f"set modeline\nautocmd VimEnter * call writefile([&textwidth, line('.')], '{tmp_path}/seen') | qa!\n"
    (tmp_path / "vimrc").write_text(script)
    editor = f"vim -u {tmp_path}/vimrc -i NONE -es"
    edit(
        demo_study.files,
        "lookalike",
        parse_place("evil.py:2"),
        environment={"PATH": "/usr/bin:/bin", "EDITOR": editor, "TERM": "dumb", "HOME": str(tmp_path)},
    )
    assert (tmp_path / "seen").read_text().split() == ["0", "2"]
