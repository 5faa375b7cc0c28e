"""Tests told without parsing, and with it where only that is certain."""

import ast
import re
import warnings

import pytest
from hypothesis import given, settings
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
        *("def test_a(): pass", "    def test_b(): pass", "        async def test_c(): pass", "\tdef test_d(): pass"),
        *("class A:", "    class B:", "class C(", "    def f(self):", "def g(", "    x):", "):", "]", "x = ["),
        *('"""', "'''", "# '''", "x = '''a'''", "x = 'a\\", "def test_e(): 'x'", 'f("#", r"\\", "(")', "'()"),
        *("if 1:", "    if 1:", "else:", "  for x in y:", "  pass", "    pass", "        pass", "x = 1", "\\", ""),
    ]
)


_INDENTED_BY_A_BACKSLASH = re.compile(r"\n[ \t]*\\\n")
"""A line's indentation may stand on the line above it: that only parsing tells."""


def parsed_test(body: list[ast.stmt], owner: str = "", *, nested: bool = False) -> tuple[int, str] | None:
    """The first test by the syntax tree."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("test") and (owner or not nested):
                return node.lineno, f"{owner}.{node.name}" if owner else node.name
            found = parsed_test(node.body, nested=True)
        elif isinstance(node, ast.ClassDef):
            found = parsed_test(node.body, node.name, nested=nested)
        else:
            inside = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
            found = parsed_test(inside, owner, nested=nested)
        if found:
            return found
    return None


@settings(max_examples=1000)
@given(st.lists(LINES, max_size=12).map("\n".join))
def test_what_is_told_without_parsing_is_what_parsing_tells(text: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError:
        return
    told = first_test(text)
    assert told == parsed_test(tree.body) or (told is None and _INDENTED_BY_A_BACKSLASH.search(text))


@given(st.text(alphabet="deftsclaf (:)'\"\\\n\t#[]", max_size=60))
def test_any_text_is_read(text: str) -> None:
    first_test(text)


@pytest.mark.parametrize("text", ["'" * 2_000_000, "(" * 1_000_000, '"""' + "\\a" * 1_000_000, "\tif x\n" * 100_000])
def test_a_hostile_text_is_read_in_one_pass(text: str) -> None:
    assert first_test(text + "\ndef helper(): ...\n") is None
