"""Which environment is read from where, and what of it is told as a deviation."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.reproduction.conda_packages import translate_environment_file
from mlx_tui.reproduction.environment import dated, everything_pinned, ladder, read_environment
from mlx_tui.reproduction.import_names import distribution_of
from mlx_tui.reproduction.lock_files import locked_versions
from mlx_tui.reproduction.model import Candidate, CommandSource, Deviation, EnvironmentSpec, Step, StepKind
from mlx_tui.reproduction.project_dependencies import poetry_requirement
from mlx_tui.reproduction.requirement_lines import flatten
from mlx_tui.reproduction.worktree import WorkTree
from tests.unit.reproduction.clones import TRAINS, write

TRAIN = Candidate((Step(StepKind.COMMAND, "python train.py"),), CommandSource.README, "README.md", 3)
SEEDS = ("pip", "setuptools")


def read(folder: Path, candidate: Candidate = TRAIN) -> tuple[EnvironmentSpec, tuple[Deviation, ...]]:
    return read_environment(folder, candidate, written=datetime(2023, 6, 1, tzinfo=UTC))


def test_the_mlprojects_file_comes_before_requirements(tmp_path: Path) -> None:
    write(tmp_path, "train.py", TRAINS)
    write(tmp_path, "requirements.txt", "mlflow==1.0\n")
    write(tmp_path, "MLproject", "name: x\npython_env: env/python_env.yaml\n")
    write(
        tmp_path,
        "env/python_env.yaml",
        'python: "3.8"\nbuild_dependencies: [setuptools==59]\ndependencies: [-r more.txt]\n',
    )
    write(tmp_path, "env/more.txt", "mlflow==2.3.0  # pinned\n")
    spec, _ = read(tmp_path)
    assert (spec.source, spec.path, spec.python_asked) == ("python_env", "env/python_env.yaml", "3.8")
    assert spec.requirements == ("setuptools==59", "mlflow==2.3.0", "pip")


def test_the_environment_line_of_an_invalid_mlproject_is_read_and_told(tmp_path: Path) -> None:
    write(tmp_path, "train.py", TRAINS)
    write(tmp_path, "MLproject", "# python_env: no.yaml\nconda_env: conf/env.yaml\n<!-- x: {\n")
    write(tmp_path, "conf/env.yaml", 'python: "3.9"\ndependencies: [mlflow==2.7.1]\n')
    spec, deviations = read(tmp_path)
    assert (spec.path, spec.requirements[0]) == ("conf/env.yaml", "mlflow==2.7.1")
    assert any("isn't valid YAML" in item.reason for item in deviations)


def test_what_the_code_imports_is_added_to_what_a_dockerfile_installs(tmp_path: Path) -> None:
    write(tmp_path, "train.py", TRAINS + "import hydra\nimport yaml\n")
    write(tmp_path, "server/Dockerfile", "FROM python:3.9\nRUN pip install mlflow==2.1 pyyaml\n")
    spec, deviations = read(tmp_path)
    assert spec.source == "dockerfile"
    assert [line for line in spec.requirements if line in ("mlflow==2.1", "mlflow", "pyyaml", "hydra-core")] == [
        "mlflow==2.1",
        "pyyaml",
        "hydra-core",
    ]
    assert ("hydra-core isn't listed", "hydra-core added") in {(item.asked, item.used) for item in deviations}


def test_conda_is_translated_and_each_change_told() -> None:
    read = translate_environment_file(
        "name: x\ndependencies:\n- python=3.8.10\n- pytorch::pytorch=1.9\n- numpy=1.21.2=py38h1\n- cudatoolkit=11\n"
        "- pandas>=1.0,<2\n- pip:\n  - mlflow==1.20.2\n  - -r extra.txt\n"
    )
    assert read is not None
    assert read.python == "=3.8.10"
    assert read.requirements == ("torch==1.9.*", "numpy==1.21.2", "pandas>=1.0,<2", "mlflow==1.20.2", "-r extra.txt")
    assert [(item.subject, item.asked) for item in read.deviations] == [
        ("environment", "conda"),
        ("package", "pytorch::pytorch=1.9"),
        ("conda packages", "cudatoolkit=11"),
    ]


def test_an_exports_builds_tell_what_is_no_python_package() -> None:
    read = translate_environment_file(
        "dependencies:\n- gmp=6.1.2=h6c8ec71_1\n- pcre=8.43=he6710b0_0\n- flask=1.1.1=py_1\n"
        "- sip=4.19.13=py38he6710b0_0\n- tensorflow-gpu=2.1.0=h0d30ee6_0\n- keras=2.3.1=0\n- idna=2.9=pyhd8ed1ab_0\n"
    )
    assert read is not None
    assert read.requirements == ("flask==1.1.1", "sip==4.19.13", "tensorflow==2.1.0", "keras==2.3.1", "idna==2.9")
    assert read.deviations[-1].asked == "gmp=6.1.2=h6c8ec71_1, pcre=8.43=he6710b0_0"


def test_requirements_in_utf16_with_files_read_in_and_a_loop(tmp_path: Path) -> None:
    write(tmp_path, "train.py", TRAINS)
    (tmp_path / "requirements.txt").write_bytes(
        "-r base.txt\r\nmlflow==2.0 \\\r\n  --hash=sha256:0\r\n".encode("utf-16")
    )
    write(tmp_path, "base.txt", "-r requirements.txt\n-c limits.txt\nnumpy\n")
    write(tmp_path, "limits.txt", "scipy==1.10\n")
    spec, _ = read(tmp_path)
    assert spec.requirements[:2] == ("numpy", "mlflow==2.0    --hash=sha256:0")
    assert spec.constraints == ("scipy==1.10",)


def test_a_lock_constrains_what_the_project_lists(tmp_path: Path) -> None:
    write(tmp_path, "train.py", TRAINS)
    write(
        tmp_path,
        "pyproject.toml",
        '[tool.poetry.dependencies]\npython = "^3.9"\nmlflow = "^2.3"\nlocal = {path = "x"}\n',
    )
    write(
        tmp_path,
        "poetry.lock",
        """
        [[package]]
        name = "MLflow"
        version = "2.3.1"

        [[package]]
        name = "pywin32"
        version = "306"

        [[package]]
        name = "numpy"
        version = "1.24.0"
        [[package]]
        name = "numpy"
        version = "1.26.0"
        """,
    )
    spec, _ = read(tmp_path)
    assert (spec.source, spec.python_asked) == ("lock", "^3.9")
    assert spec.requirements == ("mlflow>=2.3,<3", *SEEDS)
    assert spec.constraints == ("mlflow==2.3.1", "pywin32==306")
    assert everything_pinned(spec)


def test_pipfile_lock() -> None:
    text = json.dumps(
        {"default": {"mlflow": {"version": "==2.1"}, "x": {"git": "…"}}, "develop": {"black": {"version": "==1"}}}
    )
    assert locked_versions("Pipfile.lock", text) == ("mlflow==2.1",)
    assert locked_versions("uv.lock", "not toml [") == ()


def test_setup_py_and_what_is_missing_from_it(tmp_path: Path) -> None:
    write(tmp_path, "train.py", TRAINS)
    write(
        tmp_path,
        "setup.py",
        'from setuptools import setup\nsetup(install_requires=["scikit-learn>=1"], python_requires=">=3.8")\n',
    )
    spec, deviations = read(tmp_path)
    assert (spec.source, spec.requirements, spec.python_asked) == (
        "setup",
        ("scikit-learn>=1", "mlflow", *SEEDS),
        ">=3.8",
    )
    assert Deviation("package", "mlflow isn't listed", "mlflow added", "the code imports it") in deviations


def test_mlflow_isnt_added_where_the_clones_own_package_brings_it(tmp_path: Path) -> None:
    write(tmp_path, "train.py", TRAINS)
    write(tmp_path, "requirements.txt", "-e .\n")
    write(tmp_path, "pyproject.toml", '[project]\nname = "x"\ndependencies = ["mlflow>=2"]\n')
    assert read(tmp_path)[0].requirements == ("-e .", *SEEDS)


def test_imports_as_the_last_resort(tmp_path: Path) -> None:
    write(
        tmp_path,
        "train.py",
        """
        import os, sys, yaml, cv2
        from sklearn.svm import SVC
        from PIL import Image
        from helpers import tools
        from google.cloud import storage
        import mlflow.sklearn
        try:
            import optional_thing
        except ImportError:
            pass
        table.to_excel("x.xlsx")
        """,
    )
    write(tmp_path, "helpers/tools.py", "from skimage import io\nimport train\n")
    write(tmp_path, "unrelated.py", "import tensorflow\n")
    spec, deviations = read(tmp_path)
    assert spec.source == "imports"
    assert spec.requirements == (
        "google-cloud-storage", "mlflow", "opencv-python-headless", "openpyxl", "pillow", "pyyaml", "scikit-image",
        "scikit-learn", *SEEDS,
    )  # fmt: skip
    assert deviations[0].used == "8 packages inferred from imports"


def test_a_notebook_needs_a_kernel_and_tells_its_python_and_pip_lines(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": ["%pip install -q mlflow==2.3.0 'pandas<2'\n", "import mlflow, pandas"]}]
    metadata = {"language_info": {"name": "python", "version": "3.9.7"}}
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4}))
    candidate = Candidate((Step(StepKind.NOTEBOOK, "a.ipynb"),), CommandSource.NOTEBOOK, "a.ipynb", 1)
    spec, deviations = read(tmp_path, candidate)
    assert spec.requirements == ("mlflow==2.3.0", "pandas<2", "ipykernel", *SEEDS)
    assert spec.python_asked == "3.9"
    assert any(item.used == "ipykernel added" for item in deviations)


@pytest.mark.parametrize(
    ("path", "text", "asked"),
    [
        (".python-version", "3.9.1\n", "3.9.1"),
        ("runtime.txt", "python-3.8.2\n", "3.8.2"),
        ("Dockerfile", "FROM --platform=linux/amd64 python:3.9-slim\n", "3.9"),
        (".github/workflows/x.yml", "steps:\n- with: {python-version: '3.8'}\n", "3.8"),
        ("README.md", "`conda create -n x python=3.9 -y`\n", "3.9"),
    ],
)
def test_where_the_interpreter_is_asked_for(tmp_path: Path, path: str, text: str, asked: str) -> None:
    write(tmp_path, "train.py", TRAINS)
    write(tmp_path, path, text)
    assert read(tmp_path)[0].python_asked == asked


def test_ladder_goes_from_the_commits_date_to_today() -> None:
    spec = EnvironmentSpec("requirements", "r.txt", "", "/python", "3.11", ("mlflow",))
    then = datetime(2023, 6, 1, 12, tzinfo=UTC)
    assert [rung.as_of for rung in ladder(dated(spec, then))] == ["2023-06-01T12:00:00Z", ""]
    assert [rung.as_of for rung in ladder(spec, then)] == ["", "2023-06-01T12:00:00Z"]
    assert ladder(spec) == (spec,)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("^1.2.3", "x>=1.2.3,<2"),
        ("^0.2.3", "x>=0.2.3,<0.3"),
        ("~1.2", "x>=1.2,<1.3"),
        ("1.2.3", "x==1.2.3"),
        ("*", "x"),
        (">=1,<2", "x>=1,<2"),
        ({"version": "^1.0", "extras": ["a"]}, "x[a]>=1.0,<2"),
        ({"git": "https://e.org/x.git", "tag": "v1"}, "x @ git+https://e.org/x.git@v1"),
    ],
)
def test_poetry_constraints(value: object, line: str) -> None:
    assert poetry_requirement("x", value) == line


def test_distributions_of_imports() -> None:
    assert [distribution_of(name) for name in ("cv2", "sklearn.svm", "bs4", "dotenv", "my_pkg")] == [
        "opencv-python-headless", "scikit-learn", "beautifulsoup4", "python-dotenv", "my-pkg",
    ]  # fmt: skip


@given(st.text(max_size=200))
def test_any_text_can_be_a_requirements_file(tmp_path_factory, text: str) -> None:
    flatten(WorkTree(tmp_path_factory.getbasetemp()), text, ".")
