# ruff: noqa: E501 - the texts of files stand on one line
"""Whatever a file holds, no matcher raises, and none takes long."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlx_tui.detection.codebook import Codebook, load_codebook
from mlx_tui.detection.commands import match_command_line
from mlx_tui.detection.file_matchers import FILE_MATCHERS
from mlx_tui.detection.model import Anomaly, Finding
from mlx_tui.detection.source import RepositoryView, SourceFile

CODEBOOK: Codebook = load_codebook()
SEEDS = {
    "MLproject": "name: x\nconda_env: c.yaml\nentry_points:\n  main:\n    parameters: {a: {type: float, default: 1}}\n    command: 'python a.py {a}'\n",
    "requirements.txt": "mlflow==2.1 --hash=sha256:a\n-r b.txt\n-e git+https://h/a/b.git@abcdef1#egg=b\nx[y]>=1; python_version<'3'\n",
    "setup.py": "from setuptools import setup\nR=['a==1']\nsetup(**dict(install_requires=R+['b']), python_requires='>=3.8')\n",
    "setup.cfg": "[options]\npython_requires = >=3.8\ninstall_requires =\n  a==1\n[testenv:train]\ncommands = python train.py\n",
    "pyproject.toml": '[project]\ndependencies=["a==1"]\n[tool.poetry.dependencies]\npython="^3.8"\nm={version="1", extras=["x"]}\n[tool.poe.tasks]\nt={cmd="python train.py"}\n',
    "Pipfile": '[packages]\nmlflow="==2.1"\n[requires]\npython_version="3.8"\n',
    "environment.yml": "name: a\nchannels: [c]\ndependencies:\n- python=3.8\n- numpy=1.2.3=py\n- pip:\n  - mlflow==1\n",
    "poetry.lock": '[[package]]\nname = "mlflow"\nversion = "2.1"\n',
    "renv.lock": '{"R": {"Version": "4.2"}, "Packages": {"mlflow": {"Package": "mlflow", "Version": "2.0"}}}',
    "DESCRIPTION": "Package: a\nDepends: R (>= 3.5), x\nImports:\n  mlflow (== 1)\n",
    "pom.xml": "<dependency><groupId>a</groupId><artifactId>b</artifactId><version>${v}</version></dependency>",
    "build.gradle": "implementation 'a:b:1'\n// x\n",
    "Dockerfile": 'ARG V=3.8\nFROM python:$V\nENV MLFLOW_TRACKING_URI=http://a \\\n  B=2\nRUN <<EOF\nmlflow ui\nEOF\nCMD ["sh", "-c", "mlflow server"]\n',
    "docker-compose.yml": "services:\n  a:\n    image: mlflow:1\n    build: {context: .}\n    command: [mlflow, server]\n    environment:\n    - MLFLOW_TRACKING_URI\n",
    "run.sh": "#!/bin/bash\nX=$(mlflow run .)\ncat > a <<EOF\nExecStart=mlflow ui\nEOF\nmlflow server --backend-store-uri ${B:-sqlite:///x} # c\n",
    ".env": "MLFLOW_TRACKING_URI=http://${A}:${B:-5}\n",
    "Makefile": "train: data ; echo\n\t@python train.py \\\n\t --x\n",
    "justfile": "train a='1': dep\n  python x.py\n",
    "Taskfile.yml": "tasks:\n  a: {cmds: [mlflow ui, {cmd: x}]}\n",
    "noxfile.py": "import nox\n@nox.session\ndef train(s):\n  s.run('python', f'{x}.py')\n",
    "package.json": '{"scripts": {"train": "python \\"a\\""}}',
    ".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n    - run: |\n        python train.py\n",
    "Jenkinsfile": "sh '''\npython train.py\n'''\nsh(script: \"mlflow ui\")\n",
    "conf/logger.yaml": "_target_: lightning.pytorch.loggers.MLFlowLogger\nexperiment_name: ${a}\n",
    "chart/templates/a.yaml": "{{- if .x }}\nimage: {{ .y }}\nargs: [mlflow]\n{{ end }}\n",
    "README.md": "# a\n```sh\n$ python train.py\n```\n\n    mlflow run .\n`make train` <pre>a</pre>\n",
    "README.rst": "Usage::\n\n   python x.py\n",
    "a.R": "library(mlflow)\nwith(mlflow_start_run(nested=TRUE), mlflow_log_param('a', r\"(x)\"))\nsystem('mlflow ui')\n",
    "a.Rmd": "```{r}\nset.seed(1)\n```\n",
    "A.java": 'import org.mlflow.*;\nMlflowClient c = new MlflowClient("a"); c.logBatch(a, b, null, d);\n',
    "A.scala": 'import org.mlflow.x\nval c = new MlflowClient("""a""")\n@Test\n',
    ".gitattributes": "* filter=lfs\n",
    "mlflow.service": "[Service]\nExecStart=mlflow server \\\n --x\n",
    "main.tf": 'user_data = "mlflow server"\n',
}  # fmt: skip


def run(name: str, data: bytes) -> list[Finding | Anomaly]:
    view = RepositoryView(Path("/nonexistent"), (name,), (name,))
    file = SourceFile(name, data)
    return [item for matcher in FILE_MATCHERS if matcher.wants(name) for item in matcher.match(file, view, CODEBOOK)]


def test_every_seed_is_somebodys() -> None:
    for name in SEEDS:
        assert any(matcher.wants(name) for matcher in FILE_MATCHERS), name


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(SEEDS)), st.binary(max_size=300))
def test_random_bytes(name: str, data: bytes) -> None:
    for item in run(name, data):
        assert not isinstance(item, Finding) or item.line >= 1


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(SEEDS)), st.data())
def test_mutated_and_truncated_files(name: str, data: st.DataObject) -> None:
    text = SEEDS[name]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 20)))
        insert = data.draw(st.sampled_from(["", "\n", "'", '"', "{", "[", "(", ")", ":", "\\", "$(", "`", "#", "\x00", "&a *a", "é", "\t", "- ", text[:9]]))  # fmt: skip
        text = text[:start] + insert + text[end:]
    lines = text.count("\n") + 1
    for item in run(name, text.encode("utf-8", "surrogatepass")):
        if isinstance(item, Finding):
            assert 1 <= item.line <= lines + 1
            assert item.rule and item.explanation


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_command_line(text: str) -> None:
    for finding in match_command_line("mlflow " + text, "a.ipynb", 1, cell=0):
        assert finding.line >= 1


@pytest.mark.parametrize("name", sorted(SEEDS))
@pytest.mark.parametrize("text", ["[" * 10_000, "{" * 3_000, "$(" * 20_000, "'" * 20_001, "`" * 20_001, "f(" * 10_000, "a: " * 10_000, "<dependency>" * 3_000, "- " * 10_000 + "mlflow", "mlflow server \\\n" * 3_000, "```\n" * 5_001, "sh '''" * 5_001, 'r"(' * 5_001, "MLFLOW_TRACKING_URI" * 500, "a" * 300_000, "\n" * 300_000, " " * 300_000, "a" + " " * 300_000 + "!"], ids=range(18))  # fmt: skip
def test_pathological_files_cost_little(name: str, text: str) -> None:
    started = time.process_time()
    run(name, (text + "\nimport org.mlflow\n").encode())
    assert time.process_time() - started < 5


def test_a_bomb_of_anchors_is_not_expanded() -> None:
    text = "a0: &a0 [mlflow]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    started = time.process_time()
    run("conf/mlflow.yml", text.encode())
    assert time.process_time() - started < 2
