"""Outputs of notebooks of both formats."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.formats.notebook import NotebookError
from mlx_tui.formats.notebook_outputs import describe_outputs, read_outputs


def described(*outputs: object, form: str = "cells") -> str:
    cells = [{"cell_type": "code", "source": "x", "outputs": list(outputs)}]
    content = {"cells": cells} if form == "cells" else {"worksheets": [{"cells": cells}]}
    return describe_outputs(read_outputs(json.dumps(content).encode()).get(0, ()))


def test_what_jupyter_shows_is_what_is_told() -> None:
    frame = {"output_type": "execute_result", "data": {"text/html": ["<table>"], "text/plain": [" a\n", "0 1"]}}
    plot = {"output_type": "display_data", "data": {"image/png": "QUJD", "text/plain": "<Figure size 640x480>"}}
    widget = {"output_type": "display_data", "data": {"application/vnd.jupyter.widget-view+json": {"a": 1}}}
    value = {"output_type": "execute_result", "data": {"text/plain": "0.93"}}
    assert described({"output_type": "stream", "text": ["a\n", "b\n"]}, plot) == "2 lines of text, 1 image"
    assert described(value) == "1 line of text"
    assert described(frame, plot, plot) == "2 images, 1 HTML view"
    assert described(widget) == "1 other"
    assert described({"output_type": "error", "ename": "KeyError", "evalue": "'x: y'"}) == "error KeyError"
    assert described({"output_type": "stream", "text": ""}) == "nothing to see"


def test_the_older_format() -> None:
    outputs = ({"output_type": "pyout", "text": "1\n2"}, {"output_type": "display_data", "png": "QUJD"})
    assert described(*outputs, form="worksheets") == "2 lines of text, 1 image"
    assert described({"output_type": "pyerr", "ename": "E", "evalue": "v"}, form="worksheets") == "error E"


@pytest.mark.parametrize("data", [b"", b"[]", b'{"cells": 1}'])
def test_what_is_no_notebook_is_refused(data: bytes) -> None:
    with pytest.raises(NotebookError):
        read_outputs(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["outputs", "data", "text", "output_type", "traceback", "text/plain", "image/png", "x"]),
            inner | st.sampled_from(["error", "stream"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=4))
def test_every_cell_of_whatever_shape_is_read(cells: list[object]) -> None:
    for outputs in read_outputs(json.dumps({"cells": cells}).encode()).values():
        assert describe_outputs(outputs)
        assert "\x1b[" not in "".join(output.text for output in outputs)
