# ruff: noqa: E501 - the texts of files stand on one line
import pytest


def test_mlproject_in_any_case_declares_parameters_and_entry_points(scan) -> None:
    found = scan(
        {
            "sub/MLProject": "name: x\nconda_env: conda.yaml\nentry_points:\n  main:\n    parameters:\n      a: float\n"
            '    command: "python train.py {a}"\n'
        }
    )
    assert found.at("code_version.mlproject") == {"sub/MLProject:1"}
    assert found.at("environment.mlproject") == {"sub/MLProject:2"}
    assert found.at("parameters.declared") == {"sub/MLProject:6"}
    assert found.at("execution.entry_point") == {"sub/MLProject:7"}


def test_mlproject_that_is_not_yaml_is_an_anomaly_and_counts_for_nothing(scan) -> None:
    found = scan({"MLproject": "name: x\nentry_points:\n  <!-- \n  main:\n    command: a -->\n"})
    assert not found.features
    assert [(anomaly.kind, anomaly.path) for anomaly in found.anomalies] == [("unparseable", "MLproject")]


@pytest.mark.parametrize(
    ("name", "text", "features"),
    [
        ("requirements.txt", "mlflow==2.1\nnumpy==1.2\n", {"declared", "pinned", "mlflow_pinned"}),
        ("requirements.txt", "mlflow==2.1\nnumpy>=1.2\n", {"declared", "mlflow_pinned"}),
        ("requirements.txt", "-e .\npip==2\n", set()),
        ("requirements.txt", "mlflow\nmlflow==2.1\n-e .\n", {"declared", "pinned", "mlflow_pinned"}),
        ("requirements-dev.txt", "numpy==1.0 --hash=sha256:a\n", {"declared", "pinned", "locked"}),
        ("requirements/base.txt", "numpy\n", {"declared"}),
        ("my_requirements.txt", "numpy\n", {"declared"}),
        ("freeze.txt", "numpy==1\n", {"declared", "pinned"}),
        ("notes.txt", "numpy==1\n", set()),
        ("MANIFEST.in", "include README.md\n", set()),
        ("setup.py", "R = ['a==1']\nsetup(install_requires=R, python_requires='>=3.8')\n", {"declared", "pinned"}),
        ("setup.cfg", "[options]\ninstall_requires =\n    mlflow\n", {"declared"}),
        ("pyproject.toml", '[project]\ndependencies = ["mlflow==2.0"]\n', {"declared", "pinned", "mlflow_pinned"}),
        ("pyproject.toml", '[dependency-groups]\ndev = ["a==1", {include-group="x"}]\n', {"declared", "pinned"}),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython="^3.8"\nmlflow="^2"\n', {"declared"}),
        ("pyproject.toml", '[tool.poetry.dependencies]\nmlflow="2.3.1"\n', {"declared", "pinned", "mlflow_pinned"}),
        ("Pipfile", '[packages]\nmlflow = "==2.1"\n', {"declared", "pinned", "mlflow_pinned"}),
        ("poetry.lock", '[[package]]\nname = "mlflow"\nversion = "2.1"\n', {"pinned", "locked", "mlflow_pinned"}),
        ("package-lock.json", "{}", set()),
        ("DESCRIPTION", "Package: a\nImports:\n    mlflow (== 2.0.1),\n    stats\n", {"declared", "pinned", "mlflow_pinned"}),
        ("build.sbt", 'libraryDependencies += "org.mlflow" % "mlflow-client" % "1.2"\n', {"declared", "pinned"}),
        ("build.gradle", "dependencies { implementation 'org.mlflow:mlflow-client:2.+' }\n", {"declared"}),
        (
            "pom.xml",
            "<p><properties><v>1.2</v></properties><!-- <dependency> -->\n<dependency><groupId>org.mlflow</groupId>"
            "<artifactId>mlflow-client</artifactId><version>${v}</version></dependency></p>",
            {"declared", "pinned"},
        ),
        ("conda.yaml", "dependencies:\n  - python=3.8\n  - numpy=1.21.2\n  - pip:\n      - mlflow==2.0\n",
         {"declared", "pinned", "mlflow_pinned"}),
        ("conda.yaml", "dependencies:\n  - numpy=1.21\n", {"declared"}),
        ("python_env.yaml", "python: '3.9'\ndependencies:\n  - mlflow==2.0\n", {"declared", "pinned", "mlflow_pinned"}),
        ("Chart.yaml", "name: x\ndependencies:\n  - name: mysql\n    version: 1\n", set()),
    ],
)  # fmt: skip
def test_lists_of_dependencies(scan, name: str, text: str, features: set[str]) -> None:
    found = scan({name: text})
    assert {f.removeprefix("dependencies.") for f in found.features if f.startswith("dependencies.")} == features


def test_utf_16_requirements_are_read_by_their_mark(scan) -> None:
    found = scan({"requirements.txt": "mlflow==2.9\n".encode("utf-16")})
    assert found.values("dependencies.mlflow_pinned") == {"2.9"}


def test_an_included_file_decides_whether_a_list_is_pinned(scan) -> None:
    assert "dependencies.pinned" not in scan({"requirements.txt": "a==1\n-r more.txt\n", "more.txt": "b\n"}).features
    assert "dependencies.pinned" in scan({"requirements.txt": "a==1\n-r more.txt\n", "more.txt": "b==1\n"}).features
    alone = scan({"python_env.yaml": "python: '3.9'\ndependencies:\n  - -r more.txt\n", "more.txt": "b==1\n"})
    assert not alone.at("dependencies.pinned")


def test_a_conda_file_may_be_named_by_an_mlproject_alone(scan) -> None:
    text = "dependencies:\n  - numpy\n"
    assert "environment.conda" not in scan({"env/my.yaml": text}).features
    assert "environment.conda" in scan({"env/my.yaml": text, "MLproject": "conda_env: env/my.yaml\n"}).features


@pytest.mark.parametrize(
    ("name", "text", "version"),
    [
        (".python-version", "3.9.7\n", "3.9.7"),
        (".python-version", "my-environment\n", None),
        ("runtime.txt", "python-3.8.1\n", "3.8.1"),
        ("python_env.yaml", "python: '3.11'\n", "3.11"),
        ("python_env.yaml", "python: '3'\n", None),
        ("environment.yml", "name: a\ndependencies:\n  - python>=3.6\n", ">=3.6"),
        ("pyproject.toml", '[project]\nrequires-python = ">=3.10"\n', ">=3.10"),
        ("pyproject.toml", '[project]\nrequires-python = ">=3"\n', None),
        ("Dockerfile", "FROM python:3.8-slim\n", "3.8"),
        ("Dockerfile", "FROM python:3\n", None),
        ("Dockerfile", "FROM python:latest\n", None),
        ("Dockerfile", "ARG V=3.7\nFROM ghcr.io/a/python:${V}\n", "3.7"),
        ("Dockerfile", "FROM acme/cuda:11.2-py310\n", "3.10"),
        ("Dockerfile", "FROM pytorch/pytorch:2.3.1-cuda11.8\n", None),
        ("docker-compose.yml", "services:\n  a:\n    image: python:3.10\n", "3.10"),
        (".devcontainer/devcontainer.json", '{\n "image": "mcr.example/devcontainers/python:0-3.11"\n}', "3.11"),
        ("renv.lock", '{"R": {"Version": "4.2.2"}, "Packages": {}}', "4.2.2"),
        (".github/workflows/ci.yml", "on: push\njobs:\n  a:\n    steps:\n    - with: {python-version: 3.9}\n", None),
    ],
)
def test_interpreter(scan, name: str, text: str, version: str | None) -> None:
    assert scan({name: text}).values("environment.interpreter") == ({version} if version else set())


@pytest.mark.parametrize(
    ("name", "text", "counts"),
    [
        ("a/Dockerfile", "FROM x\n", True),
        ("Dockerfile.gpu", "FROM x\n", True),
        ("train.Dockerfile", "FROM x\n", True),
        ("Containerfile", "FROM x\n", True),
        ("docker-compose.prod.yaml", "services: {}\n", True),
        ("compose.yml", "version: 3\n", False),
        ("docker-compose.yml", "web:\n  image: x\n", True),
        (".devcontainer.json", "{}", True),
    ],
)
def test_containers(scan, name: str, text: str, counts: bool) -> None:
    assert ("environment.container" in scan({name: text}).features) is counts


def test_lines_of_evidence(scan) -> None:
    found = scan(
        {
            "requirements.txt": "# first\n\nnumpy\nmlflow==2.0\n",
            "uv.lock": 'version = 1\n[[package]]\nname = "mlflow"\nversion = "2.1"\n',
        }
    )
    assert found.at("dependencies.declared") == {"requirements.txt:3"}
    assert found.at("dependencies.mlflow_pinned") == {"requirements.txt:4", "uv.lock:3"}
    assert found.at("dependencies.locked") == {"uv.lock:1"}


def test_an_encoding_that_cannot_be_told_is_an_anomaly(scan) -> None:
    found = scan({"requirements.txt": b"# caf\xe9\nnumpy\n", "README.md": "# café\n", "notes.bin": b"\xff"})
    assert [(anomaly.path, anomaly.kind) for anomaly in found.anomalies] == [("requirements.txt", "encoding")]
    assert found.at("dependencies.declared") == {"requirements.txt:2"}
