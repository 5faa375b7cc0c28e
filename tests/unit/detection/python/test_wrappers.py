"""Calls of the repository's own functions that lead to MLflow."""

from tests.unit.detection.python.scanning import findings

FILES: dict[str, str | bytes] = {
    "pkg/tracking.py": """import mlflow
def log(k, v):
    mlflow.log_metric(k, v)
class T:
    def params(self, p):
        mlflow.log_params(p)
""",
    "pkg/middle.py": "from .tracking import log\ndef evaluate():\n    log('a', 1)\n",
    "train.py": """from pkg.middle import evaluate
from pkg.tracking import T
evaluate()
T().params({})
print(1)
""",
}


def test_call_sites_of_wrappers_name_the_chain_across_files() -> None:
    found = {f.place: f for f in findings(FILES, wrappers=True)}
    assert set(found) == {"pkg/middle.py:3", "train.py:3", "train.py:4"}
    assert found["train.py:3"].feature == "metrics.logged"
    chain = found["train.py:3"].explanation
    assert chain.startswith("evaluate → log (pkg/middle.py:3) → ")
    assert chain.endswith("mlflow.log_metric (pkg/tracking.py:3)")
    assert found["train.py:4"].value == "T.params"


def test_wrappers_never_count_for_usage_or_seeds() -> None:
    assert {f.feature for f in findings(FILES, wrappers=True)} == {"metrics.logged", "parameters.logged"}
