"""Repositories that ask for a container: whether it is run, what the plan says of it, and what is installed instead."""

from dataclasses import replace
from pathlib import Path

import pytest

from mlx_tui.formats.mlproject import DockerEnvironment
from mlx_tui.reproduction.candidates import find_candidates
from mlx_tui.reproduction.container_engine import engine_problem, find_engine
from mlx_tui.reproduction.container_environment import Choice, choose_container, find_dockerfile, own_volumes
from mlx_tui.reproduction.container_names import container_line, origins, qualified, volume_lines
from mlx_tui.reproduction.declared_environment import find_declared
from mlx_tui.reproduction.environment import read_environment
from mlx_tui.reproduction.image_requirements import image_requirements
from mlx_tui.reproduction.isolation import IsolationError
from mlx_tui.reproduction.model import Container, ImageOrigin, NeedKind, OwnVolume, Variable
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
    spec, _ = read_environment(clone, find_candidates(clone)[0])
    assert spec.source == "dockerfile"


def test_a_requirements_file_goes_before_an_image(tmp_path: Path) -> None:
    clone = asks_for_a_container(tmp_path)
    write(clone, "Dockerfile", DOCKERFILE)
    write(clone, "requirements.txt", "mlflow==2.8.0\n")
    declared = find_declared(WorkTree(clone), find_candidates(clone)[0])
    assert declared is not None
    assert declared.source == "requirements"


def choose(clone: Path, isolation: str = "auto", engine: str = "podman", why: str = "") -> Choice:
    return choose_container(WorkTree(clone), find_candidates(clone)[0], isolation, lambda: (engine, why))


def told(choice: Choice) -> dict[str, tuple[str, str]]:
    return {item.subject: (item.asked, item.used) for item in choice.deviations}


def test_where_an_engine_works_the_image_is_the_environment(tmp_path: Path) -> None:
    choice = choose(asks_for_a_container(tmp_path))
    assert choice.container == Container("podman", "some-image", "MLproject", ImageOrigin.REGISTRY)
    assert (choice.environment.source, choice.environment.path) == ("image", "MLproject")
    assert told(choice).keys() == {"user in the container"}
    assert container_line(choice.container) == (
        "container of some-image, pulled as docker.io/library/some-image, run by podman"
    )


def test_an_image_that_is_not_here_is_built_where_a_dockerfile_says_how(tmp_path: Path) -> None:
    clone = asks_for_a_container(tmp_path)
    write(clone, "Dockerfile", "FROM x\nCOPY train.py /\n")
    choice = choose(clone)
    assert choice.container is not None
    assert (choice.container.origin, choice.container.dockerfile, choice.container.context) == (
        ImageOrigin.DOCKERFILE,
        "Dockerfile",
        ".",
    )
    assert told(choice)["image"] == ("some-image", "built from Dockerfile")


def test_a_name_with_a_registry_is_pulled_before_it_is_built() -> None:
    container = Container("podman", "ghcr.io/a/b:1", "MLproject", ImageOrigin.LOCAL, "Dockerfile")
    assert origins(container) == (ImageOrigin.REGISTRY, ImageOrigin.DOCKERFILE)
    assert origins(replace(container, image="a/b")) == (ImageOrigin.DOCKERFILE, ImageOrigin.REGISTRY)
    assert origins(replace(container, dockerfile="")) == (ImageOrigin.REGISTRY,)
    assert [qualified(name) for name in ("a", "a/b:1", "host:5000/a", "localhost/a")] == [
        "docker.io/library/a",
        "docker.io/a/b:1",
        "host:5000/a",
        "localhost/a",
    ]


def test_without_an_engine_the_reason_is_told_and_python_is_installed(tmp_path: Path) -> None:
    clone = asks_for_a_container(tmp_path)
    choice = choose(clone, engine="", why="no container engine works here (docker: not now)")
    assert choice.container is None
    reason = choice.deviations[0].reason
    assert reason.startswith("no container engine works here (docker: not now): what the Dockerfile installs")
    assert choose(clone, "bwrap").deviations[0].reason.startswith("isolation bwrap is asked for: ")
    with pytest.raises(IsolationError, match="ask for isolation `auto`"):
        choose(clone, "container", engine="", why="none")


def test_a_container_is_asked_for_by_the_project_alone(tmp_path: Path) -> None:
    write(tmp_path, "train.py", TRAINS)
    assert choose(tmp_path) == Choice()
    with pytest.raises(IsolationError, match="no MLproject of this command asks for a container"):
        choose(tmp_path, "container")


def test_a_name_that_the_engine_would_read_as_an_option_is_no_image(tmp_path: Path) -> None:
    clone = asks_for_a_container(tmp_path)
    write(clone, "MLproject", PROJECT.replace("some-image", "--privileged"))
    choice = choose(clone)
    assert choice.container is None
    assert choice.deviations[0].reason.startswith("`--privileged` is no image's name")


ENVIRONMENT = """
docker_env:
  image: some-image
  volumes: ["/data/mnist:/mnt:ro", "~/.aws:/keys/.aws", "../data:/x", "${PWD}/d:/data:ro"]
  environment: [["ALPHA", "0.5"], ["AWS_SECRET_ACCESS_KEY", "x"], "HOST_NAME", "API_TOKEN", ["bad name", "1"]]
entry_points:
  main: {command: python train.py}
"""


def test_what_is_the_hosts_stays_there_and_is_a_need(tmp_path: Path) -> None:
    clone = asks_for_a_container(tmp_path)
    write(clone, "MLproject", ENVIRONMENT)
    choice = choose(clone)
    assert choice.container is not None
    assert choice.container.volumes == (OwnVolume("d", "/data"),)
    assert volume_lines(choice.container) == ["d of the repository is /data in it, too"]
    assert choice.variables == (Variable("ALPHA", "0.5"),)
    assert [(need.kind, need.what, need.met) for need in choice.needs] == [
        (NeedKind.DATA, "/data/mnist", False),
        (NeedKind.CREDENTIAL, "~/.aws", False),
        (NeedKind.DATA, "../data", False),
        (NeedKind.CREDENTIAL, "HOST_NAME", None),
        (NeedKind.CREDENTIAL, "API_TOKEN", False),
    ]
    assert [item.asked for item in choice.deviations if item.subject in ("volumes", "variables")] == [
        "/data/mnist:/mnt:ro, ~/.aws:/keys/.aws, ../data:/x",
        "HOST_NAME, API_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
    ]


@pytest.mark.parametrize(
    ("volume", "found"),
    [
        ("${PWD}/data:/data", OwnVolume("p/data", "/data")),
        ("$PWD:/x:ro", OwnVolume("p", "/x")),
        ("$(pwd)/a/b/:/x", OwnVolume("p/a/b", "/x")),
        ("./../data:/x", OwnVolume("data", "/x")),
        ("./../../data:/x", None),
        ("${PWD}data:/x", None),
        ("${DATA_PATH}:/x", None),
        ("data:/x", None),
        ("./d:/x,source=/", None),
        (".:x", None),
    ],
)
def test_a_volume_inside_the_repository_is_its_own(volume: str, found: OwnVolume | None) -> None:
    docker = DockerEnvironment("i", (volume,), (), (), 1)
    assert own_volumes(docker, "p") == ((found,) if found else ())


@pytest.mark.parametrize(
    ("files", "folder", "found"),
    [
        ({"Dockerfile": ""}, ".", ("Dockerfile", ".")),
        ({"Dockerfile": "", "p/Dockerfile": ""}, "p", ("p/Dockerfile", "p")),
        ({"docker/Dockerfile": "FROM x\nCOPY train.py ./\n"}, ".", ("docker/Dockerfile", ".")),
        (
            {"docker/Dockerfile": "FROM x\nCOPY own.txt ./\n", "docker/own.txt": ""},
            ".",
            ("docker/Dockerfile", "docker"),
        ),
        ({"other/Dockerfile": ""}, "p", ("", ".")),
        ({"p/Dockerfile": 'COPY --from=a x y\nADD ["http://x/y", "z"]\nCOPY *.py .\n'}, "p", ("p/Dockerfile", "p")),
    ],
)
def test_the_nearest_dockerfile_and_the_folder_that_it_copies_from(
    tmp_path: Path, files: dict[str, str], folder: str, found: tuple[str, str]
) -> None:
    for name, text in (files | {"train.py": "", "p/train.py": ""}).items():
        write(tmp_path, name, text)
    assert find_dockerfile(WorkTree(tmp_path), folder) == found


def test_no_program_is_no_engine_and_one_that_fails_neither(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    engine_problem.cache_clear()
    try:
        assert find_engine() == ("", "no container engine (docker, podman) is installed here")
        for name in ("docker", "podman"):
            write(tmp_path, name, f"#!/bin/sh\necho {name} is asleep >&2; exit 1\n").chmod(0o755)
        engine_problem.cache_clear()
        why = "no container engine works here (docker: docker is asleep; podman: podman is asleep)"
        assert find_engine() == ("", why)
        engine_problem.cache_clear()
        monkeypatch.setenv("DOCKER_HOST", "tcp://elsewhere:2375")
        assert "names another machine" in engine_problem("docker")
    finally:
        engine_problem.cache_clear()


def test_a_dockerfile_that_installs_nothing_declares_nothing(tmp_path: Path) -> None:
    write(tmp_path, "Dockerfile", "FROM x\nRUN pip install -U .\nRUN pip --version\n")
    assert image_requirements(WorkTree(tmp_path), ["."]) == ("", ())
