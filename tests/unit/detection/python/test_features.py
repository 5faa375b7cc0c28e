"""What each feature counts in Python, and what it doesn't (the codebook's rows)."""

import pytest

from tests.unit.detection.python.scanning import features, findings, lines, values

M = "import mlflow\n"

COUNTS = [
    ("parameters.logged", "mlflow.log_params({})"),
    ("parameters.logged", "mlflow.log_batch('r', params=p)"),
    ("parameters.logged", "mlflow.MlflowClient().log_batch('r', [], p)"),
    ("metrics.logged", "mlflow.log_metrics({})"),
    ("metrics.logged", "mlflow.MlflowClient().log_batch('r', m)"),
    ("metrics.evaluated", "mlflow.evaluate(m, d)"),
    ("metrics.evaluated", "mlflow.sklearn.eval_and_log_metrics(m, x, y)"),
    ("artifacts.logged", "mlflow.log_table(t, 'f')"),
    ("parameters.autologged", "mlflow.autolog(disable=flag)"),
    ("parameters.autologged", "mlflow.openai.autolog()"),
    ("models.logged", "mlflow.sklearn.save_model(m, 'p')"),
    ("models.signature", "mlflow.sklearn.log_model(m, 'm', input_example=x)"),
    ("models.signature", "s = mlflow.models.infer_signature(x)"),
    ("models.registered", "mlflow.sklearn.log_model(m, 'm', registered_model_name=n)"),
    ("models.registered", "mlflow.sklearn.log_model(m, 'm', **{'registered_model_name': n})"),
    ("models.registered", "mlflow.MlflowClient().set_registered_model_alias('a', 'b', 1)"),
    ("models.loaded", "mlflow.pyfunc.load_model('path')"),
    ("models.loaded", "uri = f'runs:/{run}/model'"),
    ("data.logged", "mlflow.data.from_pandas(d)"),
    ("data.versioned", "spark.read.option('versionAsOf', 3)"),
    ("environment.system_metrics", "mlflow.start_run(log_system_metrics=True)"),
    ("environment.system_metrics", "import os; os.environ['MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING'] = 'true'"),
    ("dependencies.model_env", "mlflow.sklearn.log_model(m, 'm', pip_requirements=['a'])"),
    ("runs.experiment", "mlflow.MlflowClient().create_experiment('e')"),
    ("runs.experiment", "mlflow.run('.', experiment_name='e')"),
    ("runs.explicit", "mlflow.MlflowClient().create_run('0')"),
    ("runs.nested", "mlflow.start_run(nested=True)"),
    ("runs.nested", "mlflow.start_run(parent_run_id=p)"),
    ("runs.nested", "mlflow.MlflowClient().create_run('0', tags={'mlflow.parentRunId': p})"),
    ("runs.nested", "from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID as P; mlflow.set_tag(P, p)"),
    ("runs.nested", "from optuna.integration import MLflowCallback as C; C(mlflow_kwargs={'nested': True})"),
    (
        "runs.nested",
        "from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID\n"
        "from optuna.integration.mlflow import MLflowCallback\n"
        "MLflowCallback(mlflow_kwargs={'experiment_id': e, 'tags': {MLFLOW_PARENT_RUN_ID: parent}})",
    ),
    ("runs.tagged", "mlflow.start_run(tags={'a': 1})"),
    ("runs.tagged", "mlflow.set_experiment_tags(t)"),
    ("runs.queried", "mlflow.search_runs()"),
    ("runs.queried", "spark.read.format('mlflow-experiment').load()"),
    ("runs.traced", "@mlflow.trace\ndef f(): pass"),
    ("runs.traced", "with mlflow.start_span('s'): pass"),
    ("code_version.recorded", "mlflow.set_tag('git_commit', sha)"),
    ("code_version.recorded", "mlflow.log_params({'git_sha': f()})"),
    ("code_version.recorded", "import os; mlflow.set_tag('version', os.environ['GITHUB_SHA'])"),
    ("code_version.recorded", "import git; v = git.Repo('.').head.object.hexsha; mlflow.set_tag('v', v)"),
    ("code_version.code_logged", "mlflow.log_artifact(__file__)"),
    ("code_version.code_logged", "mlflow.log_artifact('train.py')"),
    ("code_version.code_logged", "mlflow.log_artifacts('src')"),
    ("code_version.code_logged", "mlflow.pyfunc.log_model('m', code_paths=['a'])"),
    ("code_version.code_logged", "for f in ['a.csv', 'b.py']: mlflow.log_artifact(f)"),
    (
        "code_version.code_logged",
        "from pathlib import Path\nfor f in Path('.').glob('*.py'): mlflow.log_artifact(str(f))",
    ),
    ("code_version.recorded", "from lightning.pytorch.loggers import MLFlowLogger as L; L(tags={'git_commit': sha})"),
    ("runs.traced", "mlflow.start_span_no_context('a')"),
    ("execution.pipeline", "mlflow.run('.', 'a')\nmlflow.run('.', 'b')"),
    ("execution.pipeline", "def step(n): mlflow.run('.', n)\nstep('a'); step('b')"),
    ("execution.pipeline", "from airflow import DAG\nwith DAG('d') as d: pass"),
    ("execution.pipeline", "from metaflow import FlowSpec\nclass F(FlowSpec): pass"),
    ("execution.seeded", "f(random_state=seed)"),
    ("execution.seeded", "import numpy as np; np.random.seed(1)"),
    ("execution.seeded", "import torch; torch.manual_seed(1)"),
    ("execution.seeded", "from sklearn import x; p = {'random_state': 1}; x(**p)"),
    ("execution.seeded", "df.sample(seed=3)"),
    ("beyond.tracker", "import wandb"),
    ("beyond.tracker", "from torch.utils.tensorboard import SummaryWriter; SummaryWriter()"),
    (
        "beyond.tracker",
        "from transformers import TrainingArguments\nTrainingArguments(report_to=['mlflow', 'tensorboard'])",
    ),
    ("beyond.tracker", "from accelerate import Accelerator\nAccelerator(log_with='wandb')"),
    ("beyond.config", "from omegaconf import OmegaConf"),
    ("beyond.orchestrated", "from prefect import flow"),
    ("tracking.server", "import os; os.system('mlflow ui --port 5000')"),
    ("tracking.server", "import subprocess, sys; subprocess.Popen([sys.executable, '-m', 'mlflow', 'server'])"),
    ("tracking.server", "import subprocess; subprocess.run('mlflow server --port 5000'.split())"),
    ("tracking.server", "import os\ndef sh(c): os.system(c)\nsh('mlflow server --port 5000')"),
    ("models.registered", "k = {}\nk['registered_model_name'] = 'n'\nmlflow.sklearn.log_model(m, 'm', **k)"),
    ("code_version.recorded", "t = {'a': 1}\nt['git_commit'] = sha\nmlflow.set_tags(t)"),
    ("tracking.artifact_store", "mlflow.create_experiment('e', artifact_location='s3://b/p')"),
    ("tracking.configured", "import os; os.environ.setdefault('MLFLOW_TRACKING_URI', u)"),
    ("tracking.configured", "import subprocess; subprocess.run(c, env={'MLFLOW_TRACKING_URI': u})"),
    ("tracking.configured", "env = [{'name': 'MLFLOW_TRACKING_URI', 'value': u}]"),
    ("tracking.configured", "from kubernetes import client\nclient.V1EnvVar(name='MLFLOW_TRACKING_URI', value=u)"),
]


@pytest.mark.parametrize(("feature", "code"), COUNTS)
def test_counts(feature: str, code: str) -> None:
    assert feature in features(M + code)


DOES_NOT_COUNT = [
    ("parameters.logged", "mlflow.log_batch('r', metrics=m)"),
    ("parameters.autologged", "mlflow.autolog(disable=True)"),
    ("artifacts.logged", "mlflow.sklearn.log_model(m, 'm')"),
    ("models.signature", "mlflow.sklearn.log_model(m, 'm', signature=None)"),
    ("models.signature", "from mlflow.models import infer_signature"),
    ("models.registered", "mlflow.sklearn.log_model(m, 'm', registered_model_name=None)"),
    ("models.loaded", "x.startswith('runs:/')"),
    ("models.loaded", "print('see models:/a')"),
    ("environment.system_metrics", "mlflow.start_run(log_system_metrics=False)"),
    ("runs.experiment", "mlflow.get_experiment_by_name('e')"),
    ("runs.nested", "mlflow.start_run(nested=False)"),
    ("runs.nested", "from optuna.integration import MLflowCallback as C; C(mlflow_kwargs={'nested': False})"),
    (
        "runs.tagged",
        "from optuna.integration import MLflowCallback as C; C(mlflow_kwargs={'tags': {'mlflow.user': u}})",
    ),
    ("runs.tagged", "mlflow.set_tags({'mlflow.note.content': 'x'})"),
    ("runs.tagged", "mlflow.start_run(tags=None)"),
    ("runs.tagged", "mlflow.set_trace_tag(trace_id=t, key='a', value='b')"),
    ("runs.queried", "mlflow.MlflowClient().get_latest_versions('m')"),
    ("code_version.recorded", "mlflow.set_tag('version', '1.0')"),
    ("code_version.recorded", "mlflow.set_tag('git_commit', 'abc')"),
    ("code_version.recorded", "mlflow.set_tag('dataset_commit', rev)"),
    ("code_version.recorded", "mlflow.log_param('prompt_sha256', digest)"),
    ("code_version.code_logged", "mlflow.log_artifact(path)"),
    ("code_version.code_logged", "for f in ['a.csv', 'b.png']: mlflow.log_artifact(f)"),
    ("code_version.code_logged", "import os; mlflow.log_artifacts(os.path.join(os.path.dirname(__file__), 'out'))"),
    ("execution.pipeline", "mlflow.run('.', 'a')"),
    ("execution.pipeline", "x = '''mlflow.run(1)\nmlflow.run(2)'''"),
    ("execution.seeded", "f(random_state=None)"),
    ("execution.seeded", "def f(seed=1): pass\nf(seed=2)"),
    ("execution.seeded", "parser.add_argument('--seed', type=int)"),
    ("execution.seeded", "import numpy as np; np.random.default_rng()"),
    ("beyond.tracker", "from transformers import TrainingArguments\nTrainingArguments(report_to='mlflow')"),
    ("beyond.tested", "def test_a(): pass"),
    ("tracking.configured", "import os; os.environ['MLFLOW_TRACKING_URI']"),
    ("tracking.configured", "mlflow.set_registry_uri('http://a.b')"),
    ("tracking.configured", "mlflow.MlflowClient()"),
    ("tracking.configured", "env = [{'name': 'MLFLOW_TRACKING_URI', 'valueFrom': secret}]"),
    ("tracking.server", "import os; os.system('echo mlflow ui')"),
    ("tracking.server", "import os\ndef say(c): print(c); os.system('ls')\nsay('mlflow ui')"),
]


@pytest.mark.parametrize(("feature", "code"), DOES_NOT_COUNT)
def test_does_not_count(feature: str, code: str) -> None:
    assert feature not in features(M + code)


def test_an_argument_is_found_on_its_own_line() -> None:
    call = "mlflow.sklearn.log_model(\n    m,\n    'm',\n    signature=s,\n    registered_model_name='n',\n)"
    text = "import mlflow\n" + call
    assert lines(text, "models.logged") == [2]
    assert lines(text, "models.signature") == [5]
    assert lines(text, "models.registered") == [6]


def test_a_python_test_is_found_by_file_and_content() -> None:
    files = {
        "tests/test_a.py": "import x\n\nclass TestIt:\n    def test_one(self): pass",
        "tests/b_test.py": "def helper(): pass",
        "tests/c.py": "def test_no(): pass",
    }
    assert [(f.path, f.line) for f in findings(files) if f.feature == "beyond.tested"] == [("tests/test_a.py", 4)]


INTEGRATIONS = [
    ("from pytorch_lightning.loggers import MLFlowLogger\nMLFlowLogger()", {"parameters.logged", "metrics.logged"}),
    (
        "import lightning.pytorch as pl\npl.loggers.MLFlowLogger(experiment_name='e', tracking_uri='sqlite:///x')",
        {"parameters.logged", "metrics.logged", "runs.experiment", "tracking.configured", "tracking.backend_db"},
    ),
    (
        "from ray.air.integrations.mlflow import setup_mlflow\nsetup_mlflow(config, experiment_id='1')",
        {"parameters.logged", "runs.explicit"},
    ),
    (
        "from transformers import TrainingArguments\nTrainingArguments(report_to=['mlflow'])",
        {"parameters.logged", "metrics.logged"},
    ),
    ("from accelerate import Accelerator\nAccelerator(log_with='mlflow')", {"parameters.logged", "metrics.logged"}),
    ("from pycaret.regression import *\nsetup(d, log_experiment=True)", {"parameters.logged", "metrics.logged"}),
    ("import dagshub\ndagshub.init('a', 'b')", {"tracking.configured", "tracking.shared"}),
]


@pytest.mark.parametrize(("text", "expected"), INTEGRATIONS)
def test_integrations_count_at_the_constructor(text: str, expected: set[str]) -> None:
    found = [f for f in findings(text) if f.tier == "integration"]
    assert {f.feature for f in found} == expected | {"usage.mlflow"}
    assert {f.line for f in found} == {2}


@pytest.mark.parametrize(
    "text",
    [
        "from transformers import TrainingArguments\nTrainingArguments(report_to='wandb')",
        "from accelerate import Accelerator\nAccelerator(log_with='wandb')",
        "from pycaret.regression import *\nsetup(d)",
        "import dagshub\ndagshub.init('a', 'b', mlflow=False)",
        "from dagshub import dagshub_logger\nwith dagshub_logger() as l: l.log_metrics({})",
        "class MLFlowLogger: pass\nMLFlowLogger()",
    ],
)
def test_integrations_that_do_not_log_to_mlflow(text: str) -> None:
    assert "usage.mlflow" not in features(text)


URIS = [
    ("'http://127.0.0.1:5000'", "loopback_server"),
    ("'http://mlflow:5000'", "service_host"),
    ("'https://mlflow.example.org'", "remote_server"),
    ("'databricks'", "managed"),
    ("'sqlite:///' + path", "sqlite"),
    ("f'postgresql://{user}@h/d'", "database"),
    ("'file:' + os.path.abspath('x')", "local_path"),
    ("os.path.join(root, 'mlruns')", "local_path"),
    ("Path(__file__).parent / 'mlruns'", "local_path"),
    ("os.getenv('U', 'http://localhost:5000')", "loopback_server"),
    ("os.environ.get('U')", "dynamic"),
    ("cfg.get('uri', 'http://localhost')", "loopback_server"),
    ("os.getenv('U') or 'databricks'", "managed"),
    ("args.uri", "dynamic"),
    ("CONSTANT", "loopback_server"),
    ("Settings.uri", "loopback_server"),
    ("'http://{}:{}'.format('localhost', port)", "loopback_server"),
    ("'http://%s:5000' % 'localhost'", "loopback_server"),
    ("workspace.get_mlflow_tracking_uri()", "managed"),
    ("ml_client.workspaces.get(name).mlflow_tracking_uri", "managed"),
    ("config.mlflow_tracking_uri", "dynamic"),
    ("imported.URI", "dynamic"),
    ("None", "dynamic"),
]


@pytest.mark.parametrize(("expression", "expected"), URIS)
def test_the_class_of_a_uri_is_computed(expression: str, expected: str) -> None:
    text = f"""
import mlflow, os, imported
from pathlib import Path
CONSTANT = "http://localhost:5000"
class Settings:
    uri: str = "http://0.0.0.0:5000"
mlflow.set_tracking_uri({expression})
"""
    assert values(text, "tracking.configured") == [expected]


@pytest.mark.parametrize(
    ("given", "change", "expected"),
    [
        ("'http://localhost:5000'", "f'http://{uri}'", "loopback_server"),
        ("'http://localhost:5000'", "'http://' + uri", "loopback_server"),
        ("'mlflow:5000'", "f'http://{uri}'", "service_host"),
        ("'sqlite:///a.db'", "uri.strip()", "sqlite"),
        ("'mlruns'", "'file:' + uri", "local_path"),
    ],
)
def test_a_uri_made_from_its_own_earlier_value(given: str, change: str, expected: str) -> None:
    text = f"""
import mlflow, os
uri = os.getenv("U", {given})
if "://" not in uri:
    uri = {change}
mlflow.set_tracking_uri(uri)
"""
    assert values(text, "tracking.configured") == [expected]


def test_a_parameters_default_is_its_value() -> None:
    text = "import mlflow\ndef f(uri='sqlite:///a'):\n    mlflow.set_tracking_uri(uri)"
    assert values(text, "tracking.configured") == ["sqlite"]


def test_a_value_of_another_file_is_dynamic() -> None:
    files = {
        "config.py": "class C:\n    uri = 'http://localhost'\nURI = 'http://localhost'",
        "a.py": "from config import C, URI\nfrom mlflow import set_tracking_uri as s\ns(C.uri)\ns(URI)",
    }
    assert [f.value for f in findings(files) if f.feature == "tracking.configured"] == ["dynamic", "dynamic"]


def test_a_folder_of_the_repositorys_modules_is_source() -> None:
    files = {
        "train.py": "import mlflow\nmlflow.log_artifacts('churn')\nmlflow.log_artifacts('outputs')\n",
        "churn/steps.py": "",
        "outputs/made.py": "",
    }
    assert lines(files, "code_version.code_logged", "train.py") == [2]
