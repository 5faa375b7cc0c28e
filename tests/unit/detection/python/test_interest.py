"""Files that don't name MLflow are read where they import what leads to it, and only there."""

import pytest

from mlx_tui.detection.python.interest import imports_of
from mlx_tui.detection.python.scopes import Imported
from mlx_tui.detection.source import SourceFile
from tests.unit.detection.python.scanning import MATCHER, findings

TRACKING = "import mlflow\ndef log(k):\n    mlflow.log_metric(k, 1)\ndef other():\n    return 1\nLIMIT = 3\n"


def wrapped(files: dict[str, str | bytes]) -> list[str]:
    return sorted({found.place for found in findings(files, wrappers=True)})


def read_files(files: dict[str, str]) -> set[str]:
    scan = MATCHER.start(files)
    for path, text in files.items():
        scan.add(SourceFile(path, text.encode()))
    list(scan.findings())
    return set(scan.read)


@pytest.mark.parametrize(
    "text",
    [
        "from pkg.tracking import log\nlog('a')\n",
        "from pkg.tracking import (  # what is needed\n    other,\n    log as write,\n)\nwrite('a')\n",
        "from pkg.tracking import other, \\\n    log\nlog('a')\n",
        "from pkg.tracking import *\nlog('a')\n",
        "import pkg.tracking\npkg.tracking.log('a')\n",
        "import pkg.tracking as t\nt.log('a')\n",
        "from pkg import tracking\ntracking.log('a')\n",
        "from pkg.again import log\nlog('a')\n",
        "from pkg.again import everything\neverything.log('a')\n",
        "from pkg.passed import run\nrun(1)\n",
        "def f():\n    from pkg.tracking import log\n    log('a')\n",
    ],
)
def test_a_call_site_of_a_wrapper_is_found(text: str) -> None:
    files: dict[str, str | bytes] = {
        "pkg/__init__.py": "",
        "pkg/tracking.py": TRACKING,
        "pkg/again.py": "from .tracking import log\nfrom . import tracking as everything\n",
        "pkg/passed.py": "from mlflow import MlflowClient as C\ndef run(c):\n    c.log_metric('1', 'a', 1)\nrun(C())\n",
        "train.py": text,
    }
    line = text.count("\n")
    assert f"train.py:{line}" in wrapped(files)


def test_modules_that_import_each_other() -> None:
    files: dict[str, str | bytes] = {
        "a.py": "import mlflow\nfrom b import go\ndef log():\n    mlflow.log_metric('a', 1)\n",
        "b.py": "from a import log\ndef go():\n    log()\n",
        "c.py": "from b import go\ngo()\n",
    }
    assert wrapped(files) == ["b.py:3", "c.py:2"]


def test_what_leads_nowhere_is_not_read() -> None:
    files = {
        "tracking.py": TRACKING,
        "a.py": "from tracking import other\nother()\n",
        "b.py": "from tracking import LIMIT as log\nprint(log)\n",
        "c.py": "import tracking\nprint(tracking.LIMIT)\n",
        "d.py": "from tracking import log\n",
    }
    assert read_files(files) == {"tracking.py", "d.py"}


def test_imports_are_told_from_lines() -> None:
    text = b"import a.b, c as d  # x\nfrom ..e import (f, # (\n  g as h)\n  from . import i; x = 1\nimporting = from_\n"
    assert [(found.module, found.name, found.level) for found in imports_of(text)] == [
        ("a.b", "", 0),
        ("c", "", 0),
        ("e", "f", 2),
        ("e", "g", 2),
        ("", "i", 1),
    ]
    assert imports_of(b"from x import") == []
    assert isinstance(imports_of(b"import \xff")[:1], list)
    assert Imported("a").name == ""
