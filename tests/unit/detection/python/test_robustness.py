"""Hostile input: no bytes make the Python matcher raise."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlx_tui.detection.model import Anomaly, Finding, VersionBound
from mlx_tui.detection.python import scan
from tests.unit.detection.python.scanning import match, notebook

SOURCE = """
import mlflow, os, random
from mlflow.tracking import MlflowClient
class Tracker:
    uri: str = f"http://{os.getenv('H', 'localhost')}:5000"
    def __init__(self, client: "MlflowClient" = None, *args, **kw):
        self.client = client or MlflowClient(tracking_uri=self.uri)
    @mlflow.trace
    def log(self, run, **tags):
        with mlflow.start_run(run_name="%s-%d" % (run, 1), nested=True, tags={**tags, "git_commit": sha}) as active:
            for name, value in {"a": 1}.items():
                self.client.log_metric(active.info.run_id, name, value)
            mlflow.sklearn.log_model(m, "m", signature=None, **{"registered_model_name": run})
def make(): return Tracker(), [getattr(mlflow, f).autolog() for f in ("sklearn",)]
(t, _), os.environ["MLFLOW_TRACKING_URI"] = make(), "sqlite:///" + os.path.join("a", "b")
random.seed(1); os.system(f"mlflow ui --port {p}"); x = lambda c=t: c.log("{}".format("r"))
"""
CELLS = ("import mlflow", "!mlflow ui\n%env A=1\nmlflow.log_param('a', 1)", "%%bash\nmlflow server", SOURCE)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def survives(path: str, data: bytes) -> None:
    found = match({path: data})
    assert all(isinstance(item, Finding | Anomaly | VersionBound) for item in found)
    assert not [item for item in found if isinstance(item, Anomaly) and item.kind == "internal"]


@quick
@given(st.binary(max_size=400))
def test_random_bytes(data: bytes) -> None:
    survives("a.py", b"import mlflow\n" + data)
    survives("a.ipynb", data + b"mlflow")


@quick
@given(st.integers(0, len(SOURCE)))
def test_cut_python(length: int) -> None:
    survives("a.py", SOURCE[:length].encode())


@quick
@given(st.data())
def test_mutated_python(data: st.DataObject) -> None:
    text = list(SOURCE)
    for _ in range(data.draw(st.integers(1, 8))):
        position = data.draw(st.integers(0, len(text) - 1))
        text[position] = data.draw(st.sampled_from(["", "(", ")", '"', "\n", "    ", "\x00", ":", "%", "\ud800", "é"]))
    survives("a.py", "".join(text).encode("utf-8", "surrogatepass"))


@quick
@given(st.data())
def test_mutated_notebooks(data: st.DataObject) -> None:
    raw = bytearray(notebook(*CELLS))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    survives("a.ipynb", bytes(raw[: data.draw(st.integers(len(raw) // 2, len(raw)))]))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["source", "cell_type", "a"]), inner),
    max_leaves=8,
)


@quick
@given(json_values, json_values)
def test_notebooks_of_any_shape(cells: object, metadata: object) -> None:
    document = {"cells": cells, "metadata": metadata, "mlflow": 1}
    survives("a.ipynb", json.dumps(document).encode())


def test_names_that_refer_to_themselves_end() -> None:
    survives(
        "a.py", b"import mlflow\na = b\nb = a\ndef f(): return f()\nclass C(C): x = x\nC.x.y(); f()(); a.log_param()"
    )


def test_long_chains_and_expressions_end() -> None:
    survives("a.py", b"import mlflow\nx" + b".a()" * 400)
    survives("a.py", b"import mlflow\nx = " + b"1 + " * 900 + b"1\nmlflow.set_tracking_uri(x)")


def test_doubling_names_end_within_their_limit() -> None:
    sums = b"\n".join(b"x%d = x%d + x%d or x%d" % (n + 1, n, n, n) for n in range(200))
    uses = b"\n".join(b"mlflow.set_tracking_uri(x%d); x%d.log_param()" % (n, n) for n in range(100, 200))
    survives("a.py", b"import mlflow\nx0 = 'a'\n" + sums + b"\n" + uses)


def test_python_beyond_the_limit_is_an_anomaly() -> None:
    found = match({"a.py": b"import mlflow\nx = [" + b"1," * 500_001 + b"]"})
    assert [item.kind for item in found if isinstance(item, Anomaly)] == ["too_large"]


def test_a_repository_of_very_much_mlflow_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MAX_PARSED", 100)
    text = b"import mlflow\nmlflow.log_param('a', 1)\n" + b"# " + b"x" * 60
    found = match({f"m{n}.py": text for n in range(5)})
    places = sorted(f.place for f in found if isinstance(f, Finding) and f.feature == "parameters.logged")
    assert places == [f"m{n}.py:2" for n in range(5)]
    assert [a.kind for a in found if isinstance(a, Anomaly)] == ["limit"] * 5


@pytest.mark.parametrize("blank", ["\n", " ", "\t"])
def test_cells_and_broken_statements_of_blanks(blank: str) -> None:
    blanks = blank * 100_000
    for code in (
        f"{blanks}!",
        f"a{blanks}!ls",
        f"except{blanks}",
        f"except a{blanks}, b",
        f"raise{blanks}",
        f"{blanks}x x",
    ):
        survives("a.ipynb", notebook(f"import mlflow\n{code}"))
        survives("a.py", f"import mlflow\n{code}".encode())


def test_statements_of_python_2_read_as_they_did() -> None:
    text = b"import mlflow\ntry:\n  mlflow.log_param('a', 1)\nexcept (A, B) , e:\n  raise E, 'x'\n"
    found = match({"a.py": text})
    assert [f.line for f in found if isinstance(f, Finding) and f.feature == "parameters.logged"] == [3]
    assert not [a for a in found if isinstance(a, Anomaly)]
