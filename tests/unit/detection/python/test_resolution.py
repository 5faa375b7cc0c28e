"""Ground rule 3: what resolves to MLflow, and what only looks like it."""

import pytest

from tests.unit.detection.python.scanning import features, findings, lines

PARAMETERS, METRICS = "parameters.logged", "metrics.logged"

RESOLVES = {
    "plain": "import mlflow\nmlflow.log_param('a', 1)",
    "alias": "import mlflow as m\nm.log_param('a', 1)",
    "name": "from mlflow import log_param\nlog_param('a', 1)",
    "name alias": "from mlflow import log_param as lp\nlp('a', 1)",
    "star": "from mlflow import *\nlog_param('a', 1)",
    "submodule": "import mlflow.tracking.fluent as f\nf.log_param('a', 1)",
    "late name": "import mlflow\nmlf = mlflow; mlf.log_param('a', 1)",
    "inside function": "def f():\n    import mlflow; mlflow.log_param('a', 1)",
    "try import": "try:\n  import mlflow\nexcept ImportError:\n  mlflow = None\nmlflow.log_param(0, 1)",
    "client": "from mlflow.tracking import MlflowClient as C\nC().log_param('r', 'a', 1)",
    "client variable": "from mlflow import MlflowClient\nc = MlflowClient(); c.log_param('r', 'a', 1)",
    "walrus": "import mlflow\n(c := mlflow.MlflowClient()).log_param('r', 'a', 1)",
    "getattr name": "import mlflow\ngetattr(mlflow, 'log_param')('a', 1)",
    "import_module": "import importlib\nimportlib.import_module('mlflow').log_param('a', 1)",
    "partial": "import mlflow, functools\nfunctools.partial(mlflow.log_param, 'a')(1)",
    "chosen": "import mlflow\n(mlflow if x else mlflow).log_param('a', 1)",
    "quoted annotation": "from mlflow import MlflowClient\ndef f(c: 'MlflowClient | None'): c.log_param('r', 'a', 1)",
    "optional": "import mlflow, typing\ndef f(c: typing.Optional[mlflow.MlflowClient]): c.log_param('r', 'a', 1)",
    "default": "import mlflow\ndef f(m=mlflow): m.log_param('a', 1)",
    "dictionary": "import mlflow\n{'a': mlflow}['a'].log_param('a', 1)",
    "loop": "import mlflow\nfor m in [mlflow]: m.log_param('a', 1)",
    "function": "import mlflow\ndef c(): return mlflow.MlflowClient()\nc().log_param('r', 'a', 1)",
}


@pytest.mark.parametrize("text", RESOLVES.values(), ids=RESOLVES.keys())
def test_a_call_that_resolves_to_mlflow_counts(text: str) -> None:
    assert PARAMETERS in features(text)


LOOKALIKES = {
    "another tracker": "import wandb, mlflow\nwandb.log_param('a', 1)",
    "no import": "mlflow.log_param('a', 1)",
    "comment": "import mlflow\n# mlflow.log_param('a', 1)",
    "docstring": "import mlflow\n'''mlflow.log_param('a', 1)'''",
    "string": "import mlflow\nx = 'mlflow.log_param(1)'",
    "own class": "import mlflow\nclass L:\n  def log_param(self): pass\n  def go(self): self.log_param()",
    "azure": "import mlflow\nfrom azureml.core import Run\nrun = Run.get_context()\nrun.log_param('a', 1)",
    "active run": "import mlflow\nwith mlflow.start_run() as run: run.log_param('a', 1)",
    "own parameter": "import mlflow\ndef f(tracker): tracker.log_param('a', 1)",
    "shadowed": "import mlflow\ndef f():\n  mlflow = object()\n  mlflow.log_param('a', 1)",
    "dynamic attribute": "import mlflow\ngetattr(mlflow, name)('a', 1)",
    "relative": "from . import mlflow\nmlflow.log_param('a', 1)",
}


@pytest.mark.parametrize("text", LOOKALIKES.values(), ids=LOOKALIKES.keys())
def test_a_call_that_only_looks_like_mlflow_does_not_count(text: str) -> None:
    assert PARAMETERS not in features(text)


def test_attributes_of_self_are_clients_in_every_method() -> None:
    text = """
import mlflow
class Tracker:
    annotated: mlflow.MlflowClient
    def __init__(self):
        self.client = mlflow.MlflowClient()
        self.mlf = mlflow
    def log(self):
        self.client.log_metric("r", "a", 1)
        self.mlf.log_metric("a", 1)
        self.annotated.log_metric("r", "a", 1)
        self.log_metric("a", 1)
"""
    assert lines(text, METRICS) == [9, 10, 11]


def test_a_property_and_a_base_class_give_the_client() -> None:
    text = """
from mlflow import MlflowClient
class Base:
    def __init__(self): self.c = MlflowClient()
class Child(Base):
    @property
    def again(self): return self.c
    def log(self):
        self.c.log_metric("r", "a", 1)
        self.again.log_metric("r", "a", 1)
Child().again.log_metric("r", "a", 1)
"""
    assert lines(text, METRICS) == [9, 10, 11]


def test_flavors_by_a_computed_name_are_flavors() -> None:
    text = (
        "import mlflow\nfor f in flavors:\n    getattr(mlflow, f).autolog()\n    getattr(mlflow, f).log_model(m, 'm')"
    )
    assert lines(text, "parameters.autologged") == [3]
    assert lines(text, "models.logged") == [4]


def test_a_function_gives_a_client_across_files() -> None:
    files = {
        "lib/tracking.py": """
import mlflow
def annotated() -> mlflow.MlflowClient: return make()
def returned():
    if x: return mlflow.MlflowClient("a")
    return mlflow.MlflowClient()
def mixed():
    if x: return mlflow.MlflowClient()
    return other()
def pair() -> "tuple[str, mlflow.MlflowClient]": return a, b
""",
        "lib/__init__.py": "from .tracking import returned as exported",
        "train.py": """
from lib.tracking import annotated, returned, mixed, pair
import lib
annotated().log_metric("r", "a", 1)
returned().log_metric("r", "a", 1)
mixed().log_metric("r", "a", 1)
_, client = pair()
client.log_metric("r", "a", 1)
lib.exported().log_metric("r", "a", 1)
""",
    }
    assert lines(files, METRICS, "train.py") == [4, 5, 8, 9]


def test_a_module_named_mlflow_of_the_project_is_not_mlflow() -> None:
    files = {
        "src/mlflow.py": "import mlflow\ndef log_metric(k, v): mlflow.log_metric(k, v)",
        "src/train.py": "from src.mlflow import log_metric\nlog_metric('a', 1)",
        "src/other.py": "import mlflow\nmlflow.log_metric('a', 1)\nmlflow.log_params({})",
    }
    found = findings(files)
    assert [(f.path, f.line) for f in found if f.feature == METRICS] == [("src/mlflow.py", 2)]
    assert [(f.path, f.line) for f in found if f.feature == PARAMETERS] == [("src/other.py", 3)]


def test_a_parameter_is_what_the_same_file_hands_over() -> None:
    text = """
import mlflow
def log(client, mlflow):
    client.log_metric("r", "a", 1)
    mlflow.log_metric("a", 1)
log(mlflow.MlflowClient(), mlflow)
"""
    assert lines(text, METRICS) == [4, 5]


def test_a_finding_explains_how_the_name_resolved() -> None:
    (found,) = [f for f in findings("from mlflow import log_param as lp\nlp('a', 1)") if f.feature == PARAMETERS]
    assert "`lp` is mlflow.log_param" in found.explanation
    assert found.rule == "parameters.logged.call"
    assert found.excerpt == "lp('a', 1)"
    assert found.place == "a.py:2"


def test_a_command_that_a_function_of_another_file_runs_is_run() -> None:
    files: dict[str, str | bytes] = {
        "shell.py": "# mlflow\nimport subprocess\ndef run(c):\n  words = c.split()\n  subprocess.run(words)\n",
        "serve.py": "from shell import run\nrun(f'mlflow server --port {p} --backend-store-uri sqlite:///m.db')\n",
    }
    assert lines(files, "tracking.server", "serve.py") == [2]
    assert lines(files, "tracking.backend_db", "serve.py") == [2]


def test_a_file_named_like_a_library_is_not_what_another_folder_imports() -> None:
    dag = "from airflow import DAG\ndag = DAG('d')\n"
    files: dict[str, str | bytes] = {"one/dags/airflow.py": dag, "two/dags/main.py": dag}
    assert lines(files, "execution.pipeline", "one/dags/airflow.py") == [2]
    assert lines(files, "execution.pipeline", "two/dags/main.py") == [2]
    assert not lines({"airflow.py": "DAG = 1\n", "main.py": dag}, "execution.pipeline", "main.py")


def test_within_a_package_an_absolute_import_is_the_library() -> None:
    files: dict[str, str | bytes] = {
        "loggers/__init__.py": "",
        "loggers/mlflow.py": "import mlflow\n",
        "loggers/hydra.py": "",
        "loggers/base.py": "import mlflow\nimport hydra\nmlflow.log_metric('a', 1)\n",
    }
    assert lines(files, METRICS, "loggers/base.py") == [3]
    assert lines(files, "beyond.config", "loggers/base.py") == [2]
