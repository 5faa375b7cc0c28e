# ruff: noqa: E501 - texts stand on one line
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.formats.readme_code import snippets


def test_blocks_and_spans_with_their_lines() -> None:
    text = "a `b c` d\n\n```sh\ne\nf\n```\n\n    g\n\ntext\n    not code\n1. x\n   ~~~\n   h\n   ~~~\n<pre>i</pre>\nUse::\n\n   j\n"
    found = [(snippet.line, snippet.text.strip(), snippet.language, snippet.inline) for snippet in snippets(text)]
    assert found == [
        (1, "b c", "", True),
        (4, "e\nf", "sh", False),
        (8, "g", "", False),
        (14, "h", "", False),
        (16, "i", "", False),
        (18, "j", "", False),
    ]


def test_three_backquotes_on_one_line_are_inline() -> None:
    assert [(s.text, s.inline) for s in snippets("1. run ```$ mlflow run .```  \n")] == [("$ mlflow run .", True)]


@given(st.text(alphabet="`~a \n\t<>/pre.:$-"))
def test_any_text(text: str) -> None:
    assert all(1 <= snippet.line <= text.count("\n") + 2 for snippet in snippets(text))
