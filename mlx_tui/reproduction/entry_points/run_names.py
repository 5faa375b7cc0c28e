"""The names by which code looks for the runs of an MLproject's other entry points.

Steps that are started by `mlflow run -e STEP --run-name NAME` find each other's runs by these names.
"""

import re

from mlx_tui.reproduction.code_index import CodeIndex

_LOOKS = re.compile(r"runName|run_name")
_LITERAL = re.compile(r"""['"]([A-Za-z][\w .:-]{1,80})['"]""")


def names_looked_for(index: CodeIndex) -> tuple[str, ...]:
    """The names that are spelt in the clone's code, where that looks runs up by their names; empty where it doesn't."""
    texts = [file.text for file in index.scripts.values()]
    if not any("search_runs" in text and _LOOKS.search(text) for text in texts):
        return ()
    return tuple(dict.fromkeys(name for text in texts for name in _LITERAL.findall(text)))


def looked_for(index: CodeIndex, entry_point: str) -> str:
    """The name of a run, spelt in the code, that is an entry point's but for case and punctuation; empty without one.

    Only where the clone's code looks runs up by their names.
    """
    wanted = _plain(entry_point)
    return next((name for name in names_looked_for(index) if _plain(name) == wanted), "")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
