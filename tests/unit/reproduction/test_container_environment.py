"""Repositories that ask for a container: what is installed in its place, and what the plan says of it."""

from pathlib import Path

import pytest

from mlx_tui.reproduction import container_environment
from mlx_tui.reproduction.candidates import find_candidates
from mlx_tui.reproduction.container_environment import container_told, engine, image_requirements
from mlx_tui.reproduction.declared_environment import find_declared
from mlx_tui.reproduction.environment import read_environment
from mlx_tui.reproduction.worktree import WorkTree
from tests.unit.reproduction.clones import TRAINS, write

DOCKERFILE = """
FROM python:3.11
RUN pip install mlflow>=2.3.0 \\
    && pip install --timeout 120 numpy==1.26.0; python -m pip install -r more.txt --no-cache-dir
RUN apt-get install -y pip git && echo "pip install nothing"
RUN ["pip", "install", "six"]
"""
PROJECT = """
name: x
docker_env:
  image: some-image
entry_points:
  main:
    command: python train.py
"""


def asks_for_a_container(folder: Path) -> Path:
    write(folder, "MLproject", PROJECT)
    write(folder, "train.py", TRAINS)
    return folder


def test_what_the_dockerfile_installs_is_the_environment(tmp_path: Path) -> None:
    clone = asks_for_a_container(tmp_path)
    write(clone, "Dockerfile", DOCKERFILE)
    write(clone, "more.txt", "pandas==2.1.0\n")
    declared = find_declared(WorkTree(clone), find_candidates(clone)[0])
    assert declared is not None
    assert (declared.source, declared.path) == ("dockerfile", "Dockerfile")
    assert declared.requirements == ("mlflow>=2.3.0", "numpy==1.26.0", "pandas==2.1.0", "six")
    spec, deviations = read_environment(clone, find_candidates(clone)[0])
    assert spec.source == "dockerfile"
    assert [item.asked for item in deviations if item.subject == "container"] == ["docker_env of MLproject"]


def test_without_a_dockerfile_the_plan_still_says_that_no_container_is_run(tmp_path: Path) -> None:
    clone = asks_for_a_container(tmp_path)
    spec, deviations = read_environment(clone, find_candidates(clone)[0])
    assert spec.source == "imports"
    assert "mlflow" in spec.requirements
    told = next(item for item in deviations if item.subject == "container")
    assert told.used == "a Python environment"
    assert "what the Dockerfile installs by pip, else what is declared or imported, is installed" in told.reason


def test_a_requirements_file_goes_before_an_image(tmp_path: Path) -> None:
    clone = asks_for_a_container(tmp_path)
    write(clone, "Dockerfile", DOCKERFILE)
    write(clone, "requirements.txt", "mlflow==2.8.0\n")
    declared = find_declared(WorkTree(clone), find_candidates(clone)[0])
    assert declared is not None
    assert (declared.source, [item.subject for item in declared.deviations]) == ("requirements", ["container"])


def test_the_reason_names_the_engine_or_that_there_is_none(tmp_path: Path) -> None:
    tree = WorkTree(asks_for_a_container(tmp_path))
    assert container_told(tree, ["."], "")[0].reason.startswith("no container engine (docker, podman) runs here: ")
    assert container_told(tree, ["."], "podman")[0].reason.startswith("podman runs here, but experiments don't")
    assert container_told(tree, ["elsewhere"], "") == ()


def test_dockers_command_alone_is_no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = write(tmp_path, "docker", "#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr(container_environment, "DOCKER_SOCKET", tmp_path / "socket")
    assert engine() == ""
    (tmp_path / "socket").touch()
    assert engine() == "docker"
    program.rename(tmp_path / "podman")
    assert engine() == "podman"


def test_a_dockerfile_that_installs_nothing_declares_nothing(tmp_path: Path) -> None:
    write(tmp_path, "Dockerfile", "FROM x\nRUN pip install -U .\nRUN pip --version\n")
    assert image_requirements(WorkTree(tmp_path), ["."]) == ("", ())
