"""Files that don't name MLflow are read where they import what leads to it, and only there."""

import pytest

from mlx_tui.detection.model import Anomaly, Finding, Tier
from mlx_tui.detection.python import scan
from mlx_tui.detection.python.interest import imports_of
from mlx_tui.detection.python.scan import PythonScan
from mlx_tui.detection.python.scopes import Imported
from mlx_tui.detection.source import SourceFile
from tests.unit.detection.python.scanning import MATCHER, findings, match

TRACKING = "import mlflow\ndef log(k):\n    mlflow.log_metric(k, 1)\ndef other():\n    return 1\nLIMIT = 3\n"


def wrapped(files: dict[str, str | bytes]) -> list[str]:
    return sorted({found.place for found in findings(files, wrappers=True)})


def read_files(files: dict[str, str]) -> set[str]:
    scan = PythonScan(MATCHER, files)
    for path, text in files.items():
        scan.add(SourceFile(path, text.encode()))
    list(scan.findings())
    return scan.read


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


OBJECTS = """import mlflow
from mlflow import MlflowClient
client = MlflowClient()
def make():
    return MlflowClient()
def pair() -> tuple[MlflowClient, int]:
    return unknown()
def both():
    return 1, MlflowClient()
class Base:
    def __init__(self):
        self.client = MlflowClient()
class Holder:
    def __init__(self):
        self.inner = Base()
def closure():
    def inner():
        mlflow.log_metric("a", 1)
    return inner
def plain():
    # mlflow isn't called here
    return "mlflow"
class Plain:
    log_metric = None
"""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("from pkg.objects import client\nclient.log_metric('1', 'a', 1)\n", 2),
        ("from pkg.objects import make\nmake().log_metric('1', 'a', 1)\n", 2),
        ("from pkg.objects import pair\nc, n = pair()\nc.log_metric('1', 'a', 1)\n", 3),
        ("from pkg.objects import both\nn, c = both()\nc.log_metric('1', 'a', 1)\n", 3),
        ("from pkg.objects import Base\nBase().client.log_metric('1', 'a', 1)\n", 2),
        ("from pkg.objects import Holder\nHolder().inner.client.log_metric('1', 'a', 1)\n", 2),
        ("from pkg.objects import Base\nclass B(Base):\n def f(self):\n  self.client.log_metric('1', 'a', 1)\n", 4),
    ],
)
def test_objects_of_mlflow_are_followed_into_files_that_do_not_name_it(text: str, line: int) -> None:
    files: dict[str, str | bytes] = {"pkg/objects.py": OBJECTS, "train.py": text}
    assert ("metrics.logged", f"train.py:{line}") in {(found.feature, found.place) for found in findings(files)}


@pytest.mark.parametrize("name", ["client", "make", "pair", "both", "Base", "Holder", "closure"])
def test_what_gives_an_object_or_a_function_is_of_interest(name: str) -> None:
    assert "train.py" in read_files({"pkg/objects.py": OBJECTS, "train.py": f"from pkg.objects import {name}\n"})


@pytest.mark.parametrize("name", ["plain", "Plain", "missing"])
def test_naming_mlflow_alone_is_of_no_interest(name: str) -> None:
    assert "train.py" not in read_files({"pkg/objects.py": OBJECTS, "train.py": f"from pkg.objects import {name}\n"})


def test_a_file_read_for_its_seeds_is_read_whole_where_it_leads_to_mlflow() -> None:
    files: dict[str, str | bytes] = {
        "tracking.py": TRACKING,
        "a.py": "import random\nfrom tracking import log\nrandom.seed(1)\ndef f():\n    log('a')\n",
    }
    assert wrapped(files) == ["a.py:5"]
    assert [found.line for found in findings(files) if found.feature == "execution.seeded"] == [3]


def test_the_repositorys_own_seeding_function_counts_where_its_module_is_not_read() -> None:
    files: dict[str, str | bytes] = {
        "own.py": "def set_seed(n):\n    pass\n",
        "a.py": "from own import set_seed\nset_seed(1)\n",
    }
    assert [found.line for found in findings(files) if found.feature == "execution.seeded"] == [2]


def test_a_chain_of_very_many_modules_costs_no_finding() -> None:
    chain = {f"m{n}.py": f"# mlflow\nimport m{n + 1}\n" for n in range(600)}
    files: dict[str, str | bytes] = {
        **chain,
        "m600.py": TRACKING,
        "train.py": "from m0 import m1\nfrom m600 import log\nlog('a')\n",
        "other.py": "import m0\n",
    }
    assert "m600.py:3" in {found.place for found in findings(files) if found.feature == "metrics.logged"}
    assert wrapped(files) == ["train.py:3"]


def test_following_stops_where_too_much_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MAX_PARSED", len(TRACKING))
    files: dict[str, str | bytes] = {
        "a.py": "from tracking import log\ndef go():\n    log('a')\n",
        "b.py": "from a import go\ngo()\n",
        "tracking.py": TRACKING,
    }
    found = match(files)
    assert [item.place for item in found if isinstance(item, Finding) and item.tier is Tier.WRAPPER] == ["a.py:3"]
    told = [item for item in found if isinstance(item, Anomaly)]
    assert [(item.path, item.kind) for item in told] == [("b.py", "limit")]


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


def test_an_import_of_blanks() -> None:
    assert imports_of(b"from" + b"\t" * 300_000 + b"!\nimport mlflow\n")[0].module == "mlflow"
