"""A notebook read without its outputs is the notebook read whole, but for these."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.formats.notebook import Notebook, NotebookError, parse_notebook, parse_script

ANY = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=5) | st.none(), max_size=3)
TEXT = st.one_of(st.text(max_size=8), st.lists(st.text(max_size=8), max_size=3), ANY)
OUTPUT = st.fixed_dictionaries({}, optional={"text": TEXT, "data": st.dictionaries(st.text(max_size=3), ANY)})
CELL = ANY | st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown"]) | ANY,
        "source": TEXT,
        "input": TEXT,
        "outputs": st.lists(OUTPUT, max_size=2) | ANY,
        "metadata": ANY,
    },
)
CELLS = st.lists(CELL, max_size=4) | ANY
NAMED = ANY | st.fixed_dictionaries({}, optional=dict.fromkeys(("name", "language", "version", "x"), ANY))
NOTEBOOK = ANY | st.fixed_dictionaries(
    {},
    optional={
        "cells": CELLS,
        "worksheets": st.lists(st.fixed_dictionaries({}, optional={"cells": CELLS}), max_size=2) | ANY,
        "metadata": ANY | st.fixed_dictionaries({}, optional={"kernelspec": NAMED, "language_info": NAMED}),
        "nbformat": ANY,
    },
)


def read(data: bytes, *, whole: bool) -> Notebook | str:
    try:
        notebook = parse_notebook(data) if whole else parse_script(data)
    except NotebookError as error:
        return str(error)
    return replace(notebook, cells=tuple(replace(cell, outputs=()) for cell in notebook.cells)) if whole else notebook


@given(NOTEBOOK)
def test_any_document(document: object) -> None:
    data = json.dumps(document).encode()
    assert read(data, whole=False) == read(data, whole=True)


@given(NOTEBOOK, st.integers(0, 300), st.binary(max_size=3))
def test_a_torn_document(document: object, at: int, instead: bytes) -> None:
    data = json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")
    data = data[:at] + instead + data[at + len(instead) :]
    try:
        data.decode()
    except UnicodeDecodeError:
        read(data, whole=False)
    else:
        assert read(data, whole=False) == read(data, whole=True)


def test_code_beside_an_output_that_is_not_text() -> None:
    data = b'{"cells": [{"cell_type": "code", "source": "x = 1", "outputs": [{"text": "\xff"}]}]}'
    assert [cell.source for cell in parse_script(data).cells] == ["x = 1"]
    with pytest.raises(NotebookError):
        parse_notebook(data)
