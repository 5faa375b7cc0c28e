"""Tests told without parsing, and with it where only that is certain."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.detection.python.test_files import first_test, is_test_file
from tests.unit.detection.python.scanning import findings

TESTED = "beyond.tested"


def found_tests(text: str, path: str = "tests/test_a.py") -> list[tuple[int, str, str]]:
    found = findings({path: text})
    return [(item.line, item.excerpt, item.explanation) for item in found if item.feature == TESTED]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import os\n\n\ndef test_a(x):\n    pass\n", [(4, "def test_a(x):", "test_a is a test")]),
        ("async def test_a(): ...\n", [(1, "async def test_a(): ...", "test_a is a test")]),
        ("class T:\n    def test_a(self): ...\n", [(2, "def test_a(self): ...", "T.test_a is a test")]),
        ('"""\ndef test_a(): ...\n"""\n', []),
        ('x = """\ndef test_a(): ...\n"""\ndef test_b(): ...\n', [(4, "def test_b(): ...", "test_b is a test")]),
        ("def f():\n    def test_a(): ...\n", []),
        ("def helper(): ...\n", []),
        ("@mark\ndef test_a(): ...\n", [(2, "def test_a(): ...", "test_a is a test")]),
        ("# def test_a():\n", []),
    ],
)
def test_the_first_test(text: str, expected: list[tuple[int, str, str]]) -> None:
    assert found_tests(text) == expected


def test_a_file_that_is_parsed_anyway_has_its_test_once() -> None:
    files = {"lib.py": "import mlflow\ndef go():\n    mlflow.log_param('a', 1)\n"}
    files["test_lib.py"] = "import lib\ndef test_go():\n    lib.go()\n"
    assert [item.path for item in findings(files) if item.feature == TESTED] == ["test_lib.py"]


def test_names_of_files() -> None:
    assert [is_test_file(p) for p in ("test_a.py", "x/a_test.py", "a.py", "test_a.ipynb", "tests.py")] == [
        *(True, True, False, False, False)
    ]


LINES = st.sampled_from(
    [
        "def test_a(): pass",
        "    def test_b(): pass",
        '"""',
        "'''",
        "class A:",
        "x = 1",
        "    pass",
        "# '''",
        "x = '''a'''",
        "\\",
    ]
)


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_what_is_told_without_parsing_is_what_parsing_tells(text: str) -> None:
    told = first_test(text.encode())
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    if told is not None:
        functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == told[1]]
        assert told[0] in {function.lineno for function in functions}
