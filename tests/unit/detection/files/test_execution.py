# ruff: noqa: E501 - the texts of files stand on one line
import pytest

TRAIN = "import mlflow\nmodel.fit(x)\n"
SERVE = "from fastapi import FastAPI\napp = FastAPI()\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".github/workflows/a.yml", "jobs:\n  a:\n    steps:\n    - run: {}\n"),
        (".gitlab-ci.yml", "a:\n  script:\n    - {}\n"),
        ("Jenkinsfile", "sh '{}'\n"),
        ("azure-pipelines.yml", "steps:\n- script: {}\n"),
        (".circleci/config.yml", "jobs:\n  a:\n    steps:\n      - run: {}\n"),
        (".travis.yml", "script:\n  - {}\n"),
        ("bitbucket-pipelines.yml", "pipelines:\n  default:\n    - step:\n        script:\n          - {}\n"),
        ("build/steps.yml", "trigger: [main]\nsteps:\n- bash: {}\n"),
    ],
)
def test_six_kinds_of_ci(scan, path: str, text: str) -> None:
    trains = scan({path: text.format("python train.py --fast")})
    assert trains.at("ci.configured") == {f"{path}:1"}
    assert len(trains.at("ci.training")) == 1
    assert not scan({path: text.format("pytest tests/test_train.py")}).at("ci.training")


def test_a_jenkinsfile_that_was_put_aside_is_no_ci(scan) -> None:
    found = scan({"Jenkinsfile.bak": "MLFLOW_TRACKING_URI = 'http://a:1'\nsh 'python train.py'\n"})
    assert not found.features & {"ci.configured", "ci.training", "tracking.configured"}


@pytest.mark.parametrize(
    ("command", "trains"),
    [
        ("mlflow run . -P a=1", True),
        ("dvc repro", True),
        ("dvc exp run", True),
        ("dvc pull", False),
        ("dvc metrics diff", False),
        ("make train", True),
        ("make test", False),
        ("kedro run", True),
        ("python -m src.pipelines.training_pipeline", True),
        ("poetry run python main.py", True),
        ("uv run -m src.training", True),
        ("uv run python loop_evals.py", False),
        ("python dump_experiments.py", False),
        ("python tools/create-experimental.py", False),
        ("uvicorn app:app --reload", False),
        ("python modelling.py", True),
        ("python serve/main.py", False),
        ("cml comment create report.md", False),
        ("docker build -t train .", False),
        ("python -m pytest tests", False),
        ("flake8 train.py", False),
        ("az ml job create -f azure/train.yml", True),
        ("dbx launch --job=churn", False),
        ("echo train.py", False),
        ("python preprocess.py", False),
    ],
)
def test_what_trains_in_ci(scan, command: str, trains: bool) -> None:
    files = {
        ".github/workflows/a.yml": f"jobs:\n  a:\n    steps:\n    - name: Train\n      run: {command}\n",
        "modelling.py": TRAIN,
        "main.py": "import train\n",
        "preprocess.py": TRAIN,
        "loop_evals.py": TRAIN,
        "app.py": SERVE + "@app.post('/train')\n",
        "serve/main.py": SERVE,
    }
    assert bool(scan(files).at("ci.training")) is trains


def test_a_workflow_counts_by_its_path_though_it_only_comments(scan) -> None:
    assert scan({".github/workflows/a.yml": "# add steps here\n"}).at("ci.configured") == {".github/workflows/a.yml:1"}


def test_a_workflow_elsewhere_and_pre_commit_are_no_ci(scan) -> None:
    assert not scan({"workflows/a.yml": "on: push\njobs: {}\n", ".pre-commit-config.yaml": "repos: []\n"}).features


@pytest.mark.parametrize(
    ("path", "text", "counts"),
    [
        ("dvc.yaml", "stages:\n  train:\n    cmd: python train.py\n", True),
        ("dvc.yaml", "stages: {}\n", False),
        ("Makefile", "train:\n\tpython src/model.py\n", True),
        ("Makefile", "data:\n\tpython get_data.py\n", False),
        ("Makefile", "test:\n\tpytest\nlint:\n\tflake8 train.py\n", False),
        ("Makefile", "up:\n\tdocker-compose up -d\n", False),
        ("Makefile", "init-train:\n\tcd infra && terraform init\n", False),
        ("justfile", "train:\n    python x.py\n", True),
        ("Taskfile.yml", "tasks:\n  go:\n    cmds:\n      - mlflow run .\n", True),
        ("tox.ini", "[testenv:train]\ncommands =\n    python -m pkg.train\n", True),
        ("noxfile.py", "import nox\n@nox.session\ndef train(session):\n    session.run('python', 'train.py')\n", True),
        ("pyproject.toml", '[tool.poe.tasks]\ntrain = "python run.py"\n', True),
        ("package.json", '{"scripts": {"train": "python train.py"}}', True),
        ("mise.toml", '[tasks.train]\nrun = "python train.py"\n', True),
        ("Makefile", "train:\n\taz ml job create --file src/job.yml\n", True),
        ("Makefile", "deploy:\n\taz ml job create --file src/job.yml\n", False),
        ("Snakefile", "rule all:\n", True),
        ("run.sh", "#!/bin/sh\nmlflow run . -e a\nmlflow run . -e b\n", True),
        ("run.sh", "#!/bin/sh\nmlflow run . -e a\n", False),
        ("MLproject", "entry_points:\n  a:\n    command: x\n  b:\n    command: y\n", False),
    ],
)
def test_pipelines(scan, path: str, text: str, counts: bool) -> None:
    assert bool(scan({path: text}).at("execution.pipeline")) is counts


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# A\n\n```sh\npip install -r requirements.txt\npython train.py --alpha 1\n```\n", 5),
        ("Run `python train.py` now.\n", 1),
        ("1. run: ```$ mlflow run . -P a=1```\n", 1),
        ("    $ dvc repro\n", 1),
        ("Usage::\n\n    python train.py\n", 3),
        ("```python\n!python train.py\n```\n", 2),
        ("```\n# first\npython trian.py\n```\n", 3),
        ("Start with `run_all.sh`.\n", 1),
        ("```\npython app.py\n```\n", 2),
        ("```\nmake train\n```\n", 2),
        ("```\njupyter notebook train.ipynb\n```\n", 2),
        ("```\nuvicorn app:app\n```\n", 2),
        ("```\npython .\\src\\train.py\n```\n", 2),
        ("```\npip install mlflow\nmlflow ui\njupyter notebook\n```\n", None),
        ("python train.py\n", None),
        ("The file `train.py` holds `main.ipynb`.\n", None),
        ("```\nmlflow models serve -m models:/a/1\npython predict.py\n```\n", None),
        ("```\n├── train.py\n└── run.sh\n```\n", None),
        ("```yaml\ncommand: python train.py\n```\n", None),
        ("See `mlflow run --help`.\n", None),
        ("```\ngit clone https://example.org/other\ncd other\npython demo_it.py\n```\n", None),
        ("```\npython server.py\n```\n", None),
        ("```\npython load_model.py\n```\n", 2),
        ("```\npython pretrained_server.py\n```\n", None),
        ("```\npython add_users.py\n```\n", None),
        ("```\npython model_deployer.py\n```\n", None),
        ("```\nuv run -m src.main\n```\n", 2),
        ("```\nuv run --module src.server\n```\n", None),
        ("```\njupyter notebook 01_evaluation.ipynb\n```\n", 2),
        ("```\nuv run loop_evals.py\n```\n", 2),
        ("```\npython run.py --batch-path a\n```\n", 2),
        ("```\npython ask.py\n```\n", None),
        ("Run: `uv run first_model`\n", 1),
        ("Run: `uv run remove_experiments`\n", None),
        ("```\npython get-pip.py\n```\n", None),
        ("```\nmake data\n```\n", None),
        ("```\nmake eval\n```\n", 2),
        ("```\ndbx launch --job=churn_model\n```\n", 2),
        ("```\ndatabricks bundle run -t dev churn_job\n```\n", 2),
        ("```\naz ml job create --file jobs/train.yml\n```\n", 2),
        ("```\ndbx launch --job=churn-integration-test\ndatabricks bundle run\naz ml job list\n```\n", None),
    ],
)
def test_documented_commands(scan, text: str, line: int | None) -> None:
    files = {
        "README.md": text,
        "train.py": TRAIN,
        "app.py": SERVE + "@app.post('/train')\n",
        "server.py": SERVE,
        "load_model.py": "import mlflow\nwith mlflow.start_run():\n    mlflow.log_param('a', 1)\n",
        "pretrained_server.py": SERVE + "model = Model.from_pretrained('a')\n",
        "model_deployer.py": "import mlflow\n" + f'SERVER = """\n{SERVE}\nmodel.fit(x, y)\n"""\n',
        "add_users.py": "import boto3\npool = 'mlflow-users'\n",
        "run_all.sh": "#!/bin/sh\npython train.py\n",
        "Makefile": "train:\n\tpython train.py\ndata:\n\tpython -m src.tables\neval:\n\tpython -m src.tables\n",
        "src/tables.py": "import sklearn\n",
        "run.py": "from src.flow import Flow\nFlow()\n",
        "ask.py": "from src.flow import Flow\nimport requests\nrequests.post('http://a')\n",
        "src/flow.py": TRAIN,
        "first.py": "import mlflow\ndef main():\n    with mlflow.start_run():\n        mlflow.log_metric('a', 1)\n",
        "pyproject.toml": "[project.scripts]\nfirst_model = 'first:main'\nremove_experiments = 'first:remove'\n",
        "src/main.py": TRAIN,
        "src/server.py": SERVE,
        "01_evaluation.py": "# Databricks notebook source\nimport mlflow\n",
        "loop_evals.py": "import mlflow\nwith mlflow.start_run():\n    mlflow.genai.evaluate(data=d, scorers=s)\n",
    }
    assert scan(files).at("execution.documented") == ({f"README.md:{line}"} if line else set())


def test_a_task_that_starts_a_service_is_documented_but_no_pipeline(scan) -> None:
    found = scan(
        {
            "Makefile": "run:\n\tuvicorn app:app\n",
            "app.py": SERVE + "@app.post('/train')\n",
            "README.md": "```\nmake run\n```\n",
        }
    )
    assert not found.at("execution.pipeline")
    assert found.at("execution.documented") == {"README.md:2"}


def test_compose_counts_where_a_service_trains(scan) -> None:
    readme = {"README.md": "```\ndocker compose up\n```\n"}
    server = "services:\n  mlflow:\n    image: ghcr.io/mlflow/mlflow\n"
    assert not scan(readme | {"docker-compose.yml": server}).at("execution.documented")
    trainer = server + "  job:\n    build: .\n    command: python train.py\n"
    assert scan(readme | {"docker-compose.yml": trainer}).at("execution.documented") == {"README.md:2"}
    other = {
        "README.md": "```\ndocker compose -f docker-compose.watch.yml up -d\n```\n",
        "docker-compose.watch.yml": server,
    }
    assert not scan(other | {"docker-compose.yml": trainer}).at("execution.documented")


def test_data_and_stores(scan) -> None:
    run = "mlruns/0/0123456789abcdef0123456789abcdef/meta.yaml"
    found = scan({"data/a.csv.dvc": "outs: []\n", "dvc.yml": "x: 1\n", ".gitattributes": "*.csv filter=lfs\n", run: "", "mlflow.db": "", "mlruns/0/meta.yaml": ""})  # fmt: skip
    assert found.at("data.versioned") == {"data/a.csv.dvc:1", ".gitattributes:1"}
    assert found.at("runs.committed") == {f"{run}:1"}
    assert not scan({"mlruns/0/meta.yaml": "a"}).at("runs.committed") - {f"{run}:1"}


def test_orchestrators_and_configuration(scan) -> None:
    found = scan({"wf.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n", "x.gin": "a.b = 1\n", "app.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"})  # fmt: skip
    assert found.at("beyond.orchestrated") == {"wf.yaml:1"}
    assert found.at("beyond.config") == {"x.gin:1"}
