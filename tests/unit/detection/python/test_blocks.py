"""Functions and classes that can't matter for a file's seeds are left out before parsing, and nothing else is."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlx_tui.detection.python.blocks import blocks_that_seed
from tests.unit.detection.python.scanning import findings

BLOCKS = (
    "import random as r, numpy as np\nfrom random import seed as s\n",
    "SEED = 7\n",
    "def load(path):\n    '''Reads.\n\n    def inside a text\n    '''\n    return open(path)\n",
    "@decorated(\n    1\n)\n@again\nclass Net:\n    def fit(self, seed=0):\n        return self\n",
    "class Plain(Net):\n    def fit(self): return 1\n",
    "async def main():\n    s(3)\n    r.seed(SEED)\n",
    "def build():\n    return Plain()\n",
    "# a comment\nif __name__ == '__main__':\n    build().fit(random_state=1)\n    np.random.default_rng(0)\n",
    "text = '''\ndef not_a_function():\n    pass\n'''\n",
    "def split(data, **options):\n    return train_test_split(data, **options)\n",
    "x = [\n1,\n2]\n",
    "def \\\ncontinued():\n    pass\n",
    "\n\n",
)
PIECES = ("'''", '"""', "def ", "    ", "(", ")", "@", "\\\n", "#", "seed")


def test_what_neither_seeds_nor_is_named_is_left_out() -> None:
    text = "import random\ndef load():\n    return 1\n\nclass A:\n    pass\n\ndef go():\n    random.seed(A.x)\n"
    left = blocks_that_seed(text)
    assert left == "import random\n\n\n\nclass A:\n    pass\n\ndef go():\n    random.seed(A.x)\n"


def test_a_block_whose_end_can_not_be_told_keeps_the_text_whole() -> None:
    text = "def f():\n    '''\nnot indented\n'''\n\ndef g():\n    pass\n"
    assert blocks_that_seed(text) == text


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(BLOCKS), max_size=12))
def test_seeds_are_those_of_the_whole_text(blocks: list[str]) -> None:
    text = "".join(blocks)
    left = blocks_that_seed(text)
    assert left.count("\n") == text.count("\n")
    ast.parse(left)
    # A mention of MLflow makes the file matter as a whole.
    whole = findings(f"{text}\n# mlflow")
    seeded = [found for found in whole if found.feature == "execution.seeded"]
    assert [found for found in findings(text) if found.feature == "execution.seeded"] == seeded


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([*BLOCKS, "'''", '"""', "def ", "    ", "(", ")", "@", "\\\n", "#", "seed"]), max_size=12)
)
def test_any_text_keeps_its_lines(parts: list[str]) -> None:
    text = "".join(parts)
    assert blocks_that_seed(text).count("\n") == text.count("\n")


@pytest.mark.parametrize("line", ["x = '" + "a" * 900_000, "x = " + "seed" * 200_000, "@" * 900_000, "x=(" * 300_000])
def test_no_text_takes_long(line: str) -> None:
    text = f"import random\nrandom.seed(1)\n{line}\n"
    assert blocks_that_seed(text).count("\n") == 3
