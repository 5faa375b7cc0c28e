# ruff: noqa: E501 - the texts of files stand on one line
import pytest

from mlx_tui.detection.commands import match_command_line

URI = "MLFLOW_TRACKING_URI"


@pytest.mark.parametrize(
    ("name", "text", "place", "kind"),
    [
        (".env", f"A=1\n{URI}=http://mlflow:5000\n", 2, "service_host"),
        (".env", f"HOST=localhost\n{URI}=http://${{HOST}}:5000\n", 2, "loopback_server"),
        (".env.example", f"{URI}=http://localhost:5000\n", 1, "loopback_server"),
        ("run.sh", f"#!/bin/sh\nexport {URI}=sqlite:///m.db\n", 2, "sqlite"),
        ("run.sh", f"cat > .env <<EOF\n{URI}=databricks\nEOF\n", 2, "managed"),
        ("run.sh", f"docker run -e {URI}=http://a.example.org img\n", 1, "remote_server"),
        ("run.bat", f"set {URI}=http://127.0.0.1:5000\n", 1, "loopback_server"),
        ("Dockerfile", f"FROM x\nENV {URI}=${{{URI}}}\n", 2, "dynamic"),
        ("Dockerfile", f"FROM x\nENV {URI} http://mlflow:5000\n", 2, "service_host"),
        ("docker-compose.yml", f"services:\n  a:\n    environment:\n      - {URI}=http://mlflow:5000\n", 4, "service_host"),
        (".github/workflows/a.yml", f"env:\n  {URI}: ${{{{ secrets.{URI} }}}}\n", 2, "dynamic"),
        ("k8s/job.yaml", f"env:\n  - name: {URI}\n    value: http://mlflow.ml.svc:5000\n", 2, "remote_server"),
        ("Makefile", f"export {URI} ?= ./mlruns\n", 1, "local_path"),
        ("mise.toml", f'[env]\n{URI} = "postgresql://u@h/db"\n', 2, "database"),
        ("mlflow.service", f'[Service]\nEnvironment="{URI}=http://localhost:5000"\n', 2, "loopback_server"),
        ("chart/templates/a.yaml", f"{{{{- if .x }}}}\nenv:\n  - name: {URI}\n    value: {{{{ .Values.uri }}}}\n{{{{ end }}}}\n", 3, "dynamic"),
    ],
)  # fmt: skip
def test_a_tracking_uri_that_a_file_sets(scan, name: str, text: str, place: int, kind: str) -> None:
    found = scan({name: text})
    assert found.at("tracking.configured") == {f"{name}:{place}"}
    assert found.values("tracking.configured") == {kind}
    shared = kind in {"remote_server", "service_host", "database", "managed"}
    assert ("tracking.shared" in found.features) is shared


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".env.example", f"{URI}=http://<your-host>:5000\n"),
        (".env", f"# {URI}=http://x\n{URI}=\n"),
        ("Dockerfile", f"FROM x\nARG {URI}\n"),
        ("run.sh", f'#!/bin/sh\nif [ -z "${URI}" ]; then echo "set {URI}=http://x first"; fi\n'),
        ("config.yaml", "tracking_uri: http://x\nmlflow_tracking_uri: http://x\n"),
        (".github/workflows/a.yml", f"on:\n  workflow_call:\n    secrets:\n      {URI}:\n        required: true\n"),
        ("README.md", f"```\nexport {URI}=http://x\n```\n"),
        ("JENKINS-OUTPUT", f"+ export {URI}=http://x\n"),
    ],
)
def test_what_sets_no_tracking_uri(scan, name: str, text: str) -> None:
    assert not scan({name: text}).at("tracking.configured")


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("start.sh", "#!/bin/bash\nnohup mlflow server \\\n  --host 0.0.0.0 &\n", 2),
        ("Dockerfile", 'FROM x\nCMD ["mlflow", "ui", "-h", "0.0.0.0"]\n', 2),
        ("Dockerfile", "FROM x\nRUN pip install mlflow && \\\n  true\nENTRYPOINT mlflow server\n", 4),
        ("docker-compose.yml", "services:\n  m:\n    command: >\n      mlflow server --host 0.0.0.0\n", 4),
        ("docker-compose.yml", 'services:\n  m:\n    command: ["sh", "-c", "mlflow ui"]\n', 3),
        ("docker-compose.yml", "services:\n  m:\n    image: ghcr.io/mlflow/mlflow:v2.9.2\n", 3),
        ("Makefile", "ui:\n\t@mlflow ui\n", 2),
        ("Procfile", "web: mlflow server --port $PORT\n", 1),
        ("mlflow.service", "[Service]\nExecStart=/usr/bin/python3 -m mlflow server\n", 2),
        ("install.sh", "cat > /etc/m.service <<EOF\n[Service]\nExecStart=/opt/bin/mlflow server\nEOF\n", 3),
        (".github/workflows/a.yml", "jobs:\n  a:\n    steps:\n      - run: |\n          cd x\n          mlflow server &\n", 6),
        ("Jenkinsfile", "pipeline {\n // sh 'mlflow ui'\n sh 'mlflow server &'\n}\n", 3),
        ("package.json", '{\n"scripts": {\n"ui": "mlflow ui"\n}}', 3),
        ("k8s/d.yaml", "apiVersion: v1\nspec:\n  containers:\n  - name: m\n    command: [mlflow]\n    args:\n    - server\n", 5),
        ("t/d.yaml", "{{- if .a }}\nspec:\n  command:\n  - mlflow\n  - server\n  x: {{ .b\n    | c }}\n{{- end }}\n", 3),
    ],
)  # fmt: skip
def test_a_tracking_server_that_is_started(scan, name: str, text: str, line: int) -> None:
    assert scan({name: text}).at("tracking.server") == {f"{name}:{line}"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.md", "```\nmlflow server\n```\n"),
        ("a.sh", "#!/bin/sh\necho mlflow ui\npkill -f mlflow server\n# mlflow ui\n"),
        ("docker-compose.yml", "services:\n  m:\n    image: acme/mlflow-train\n"),
        ("docker-compose.yml", "services:\n  m:\n    image: acme/mlflow\n    command: python train.py\n"),
    ],
)
def test_what_starts_no_tracking_server(scan, name: str, text: str) -> None:
    assert not scan({name: text}).at("tracking.server")


def test_options_of_a_server(scan) -> None:
    found = scan(
        {"s.sh": "B=mysql+pymysql://u@db/x\nmlflow server --backend-store-uri $B --default-artifact-root=s3://b\n"}
    )
    assert found.values("tracking.backend_db") == {"mysql"}
    assert found.values("tracking.artifact_store") == {"s3"}
    assert not found.at("tracking.configured")


def test_variables_of_a_server(scan) -> None:
    found = scan({".env": "BACKEND_STORE_URI=postgresql://${U}@db\nMLFLOW_S3_ENDPOINT_URL=http://minio:9000\nMLFLOW_EXPERIMENT_NAME=a\nMLFLOW_ENABLE_SYSTEM_METRICS_LOGGING=true\n"})  # fmt: skip
    assert found.values("tracking.backend_db") == {"postgresql"}
    assert found.at("tracking.artifact_store") == {".env:2"}
    assert found.at("runs.experiment") == {".env:3"}
    assert found.at("environment.system_metrics") == {".env:4"}


def test_commands_of_a_notebook() -> None:
    found = {
        (f.feature, f.line, f.cell)
        for f in match_command_line("mlflow run . --experiment-name x", "a.ipynb", 3, cell=2)
    }
    assert found == {("usage.mlflow", 3, 2), ("runs.experiment", 3, 2)}
    assert {f.feature for f in match_command_line("mlflow models serve -m models:/a/1", "a.ipynb")} >= {"models.loaded"}
    assert not list(match_command_line("pip install mlflow server", "a.ipynb"))
    exported = {f.feature: f.value for f in match_command_line(f"export {URI}=databricks", "a.ipynb")}
    assert exported == {"tracking.configured": "managed", "tracking.shared": "managed"}


def test_an_option_of_a_command_is_found_on_its_own_line(scan) -> None:
    run = "mlflow run . \\\n--backend local \\\n  -P a=1 \\\n  --experiment-id 7\n"
    found = scan({"run.sh": f"set -e\n{run}X=1 mlflow server \\\n--backend-store-uri=sqlite:///a.db\n"})
    assert found.at("runs.experiment") == {"run.sh:5"}
    assert found.at("tracking.server") == {"run.sh:6"}
    assert found.at("tracking.backend_db") == {"run.sh:7"}


def test_a_command_of_a_toml_task_is_found_on_its_own_line(scan) -> None:
    mise = (
        '[tasks.go]\ndescription = "Go"\nalias = "g"\nrun = "mlflow run . --experiment-name=a"\n'
        '[tasks.serve]\ndescription = "Serve"\nrun = [\n  "echo",\n  "mlflow server",\n]\n'
        '[tasks.two]\nrun = """\nset -e\nmlflow run . --experiment-name=b\n"""\n'
    )
    found = scan({"mise.toml": mise})
    assert found.at("runs.experiment") == {"mise.toml:4", "mise.toml:14"}
    assert found.at("tracking.server") == {"mise.toml:9"}


def test_a_folded_command_goes_on_over_lines_that_are_indented_further(scan) -> None:
    compose = (
        "services:\n  m:\n    image: x\n    command: >\n      mlflow server\n        --host 0.0.0.0\n"
        "        --backend-store-uri postgresql://u:p@db/mlflow\n"
        '  n:\n    image: x\n    entrypoint: >\n      sh -c "\n        echo a\n        mlflow ui\n      "\n'
    )
    found = scan({"docker-compose.yml": compose})
    assert found.values("tracking.backend_db") == {"postgresql"}
    assert found.at("tracking.backend_db") == {"docker-compose.yml:7"}
    assert "docker-compose.yml:5" in found.at("tracking.server")
    assert len(found.at("tracking.server")) == 2


def test_declared_integrations(scan) -> None:
    found = scan(
        {
            "conf/logger.yaml": "mlflow:\n  _target_: pytorch_lightning.loggers.MLFlowLogger\n  experiment_name: ${x}\n  tracking_uri: null\n",
            "conf/base/catalog.yml": "m:\n  type: kedro_mlflow.io.metrics.MlflowMetricDataset\n",
            "conf/base/mlflow.yml": "server:\n  mlflow_tracking_uri: http://m:5000\ntracking:\n  experiment:\n    name: a\n",
            "own.yaml": "_target_: src.loggers.MLFlowLogger\n",
        }
    )  # fmt: skip
    assert found.at("parameters.logged") == {"conf/logger.yaml:2"}
    assert found.at("metrics.logged") == {"conf/logger.yaml:2", "conf/base/catalog.yml:2"}
    assert found.at("runs.experiment") == {"conf/logger.yaml:2", "conf/base/mlflow.yml:5"}
    assert found.at("tracking.configured") == {"conf/base/mlflow.yml:2"}
    assert "own.yaml" not in {finding.path for finding in found.findings}


def test_a_target_s_tracking_uri_in_a_database_is_a_backend_store(scan) -> None:
    text = '_target_: pytorch_lightning.loggers.MLFlowLogger\ntracking_uri: "sqlite:///${paths.log_dir}/mlflow.db"\n'
    found = scan({"conf/logger.yaml": text})
    assert found.values("tracking.configured") == {"sqlite"}
    assert found.values("tracking.backend_db") == {"sqlite"}
    assert not found.at("tracking.shared")


def test_a_template_of_prose_runs_nothing(scan) -> None:
    text = "mlflow ui --backend-store-uri sqlite:///a.db\n"
    assert not scan({"template/README.md.tmpl": f"```sh\n{text}```\n"}).features
    assert scan({"deploy/unit.conf.j2": text}).at("tracking.server") == {"deploy/unit.conf.j2:1"}


def test_a_directive_within_a_directive_of_a_template_is_one(scan) -> None:
    text = "experiment:\n  tracking_uri: sqlite:///x\nmodel_registry:\n  model_name: {{`{{`}}NAME|default('{{ .x }}_m'){{`}}`}}\n"
    found = scan({"profiles/local.yaml.tmpl": text})
    assert found.values("tracking.backend_db") == {"sqlite"}
    assert found.at("models.registered") == {"profiles/local.yaml.tmpl:4"}


def test_recipes(scan) -> None:
    found = scan({"recipe.yaml": 'recipe: "regression/v1"\n', "profiles/local.yaml": "experiment:\n  name: a\n  tracking_uri: sqlite:///x\nmodel_registry:\n  model_name: m\n"})  # fmt: skip
    assert found.at("execution.pipeline") == {"recipe.yaml:1"}
    assert found.at("runs.experiment") == {"profiles/local.yaml:2"}
    assert found.values("tracking.configured") == {"sqlite"}
    assert found.at("models.registered") == {"profiles/local.yaml:5"}
