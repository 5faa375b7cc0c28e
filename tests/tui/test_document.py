import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.tui.presentation.document import MOST_OUTPUT, LineKind, read_document
from mlx_tui.tui.presentation.highlight import find_lexer, highlight

from .support import HOSTILE, obeyed


def notebook(*sources: str) -> bytes:
    cells = [
        {"cell_type": "markdown", "source": "# Title"},
        *(
            {"cell_type": "code", "source": source, "outputs": [{"output_type": "stream", "text": "acc 0.9\nmore"}]}
            for source in sources
        ),
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def test_lines_are_numbered_as_detection_counts_them() -> None:
    document = read_document("a.py", b"one\r\ntwo\rthree\n\ttab\n")
    assert [line.text for line in document.lines] == ["one", "two", "three", "    tab"]
    assert document.row_of(None, 3) == 2
    assert document.row_of(None, 9) is None


def test_a_notebook_is_shown_cell_by_cell_with_the_place_of_its_outputs() -> None:
    document = read_document("nb.ipynb", notebook("import mlflow\nmlflow.autolog()", "x"))
    kinds = [line.kind for line in document.lines]
    row = document.row_of(1, 2)
    assert row is not None and document.lines[row].text == "mlflow.autolog()"
    assert kinds.count(LineKind.HEADING) == 3
    assert document.lines[row + 1].text == "⤷ output: 2 lines of text"
    assert [line.text for line in document.lines if line.kind is LineKind.HEADING] == [
        "cell 0 · markdown",
        "cell 1 · code · python",
        "cell 2 · code · python",
    ]


def test_outputs_are_shown_when_asked_for_and_no_more_than_fits() -> None:
    stream = {"output_type": "stream", "text": "\x1b[31mred\x1b[0m\n" * 900}
    long = {"cell_type": "code", "source": "x", "outputs": [stream]}
    trace = ["\x1b[0;31mat\x1b[0m"]
    error = {"output_type": "error", "ename": "ValueError", "evalue": "bad \x1b]0;t\x07", "traceback": trace}
    image = {"output_type": "display_data", "data": {"image/png": "QUJD", "text/plain": "<Figure>"}}
    cells = [long, {"cell_type": "code", "source": "y", "outputs": [error, image]}]
    data = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}).encode()
    document = read_document("nb.ipynb", data, outputs=True)
    outputs = [line.text for line in document.lines if line.kind is LineKind.OUTPUT]
    assert outputs[0] == "⤷ output: 900 lines of text"
    assert outputs[1:202] == ["  red"] * MOST_OUTPUT + ["  … 700 more lines"]
    assert outputs[202] == "⤷ output: 1 image, error ValueError"
    assert outputs[203:] == ["  ValueError: bad ␛]0;t␇", "  at", "  [image image/png, 4 characters]"]
    assert document.row_of(1, 1) == 205
    plain = read_document("nb.ipynb", data)
    assert [line.text for line in plain.lines if line.kind is LineKind.OUTPUT] == [outputs[0], outputs[202]]


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"cells": 3}', b"\xff\xfe\x00"])
def test_a_broken_notebook_says_so_and_shows_its_text(data: bytes) -> None:
    assert "isn't a readable notebook" in read_document("nb.ipynb", data).lines[0].text


def test_empty_binary_and_utf16_files() -> None:
    assert "empty" in read_document("a.py", b"").lines[0].text
    assert "binary" in read_document("a.png", b"\x89PNG\0\0").lines[0].text
    assert read_document("r.txt", "mlflow==1.0\n".encode("utf-16")).lines[0].text == "mlflow==1.0"


@given(st.binary(max_size=300), st.sampled_from(["a.py", "a.ipynb", "MLproject", "x.R", "y.unknown"]))
def test_every_file_gives_a_document_of_safe_lines(data: bytes, path: str) -> None:
    document = read_document(path, data)
    assert document.lines
    assert not obeyed("\n".join(line.text for line in document.lines))


def test_very_long_lines_are_cut() -> None:
    line = read_document("a.js", b"x" * 3_000_000).lines[0]
    assert len(line.text) < 2_100 and "3,000,000 characters" in line.text


@pytest.mark.parametrize(
    "path", ["a.py", "src/MLproject", "Dockerfile", "x.yaml", "python", "r", "no-such-language", *HOSTILE]
)
def test_highlighting_keeps_every_character(path: str) -> None:
    lines = ["def f(x):", '    """doc', "    still", '    """', "", "    return x  # done", "x: [1, 2]"]
    spans = highlight(lines, 2, 6, find_lexer(path))
    assert ["".join(text for text, _ in line) for line in spans] == lines[2:6]


def test_highlighting_in_the_middle_of_a_docstring_knows_it() -> None:
    lines = ["import os", "", "def f():", '    """Doc.', *["    words and def words"] * 100, '    """', "    return 1"]
    spans = highlight(lines, 50, 52, find_lexer("a.py"))
    assert {kind for line in spans for _, kind in line} == {"string"}
