"""What an MLproject's `docker_env` says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.formats.mlproject import DockerEnvironment, parse_mlproject
from mlx_tui.formats.yaml_lines import YamlError

TEXT = """
name: x
docker_env:
  image: registry:5000/a/b:1
  volumes: ["/data:/mnt", {not: text}, null]
  environment: [["NAME", "value"], "COPIED", ["NUMBER", 3], ["ALONE"], [], null]
"""


def test_image_volumes_and_both_kinds_of_variables_are_read() -> None:
    assert parse_mlproject(TEXT).docker == DockerEnvironment(
        "registry:5000/a/b:1", ("/data:/mnt",), ("COPIED",), (("NAME", "value"), ("NUMBER", "3")), 3
    )


@pytest.mark.parametrize("value", ["", "null", "text", "[1, 2]", "{image: [a]}", "{image: }", "{volumes: 3}"])
def test_what_says_nothing_names_no_image(value: str) -> None:
    docker = parse_mlproject(f"docker_env: {value}\n").docker
    assert docker is not None
    assert docker == DockerEnvironment("", (), (), (), 1)


def test_other_environments_are_no_container() -> None:
    assert parse_mlproject("conda_env: conda.yaml\n").docker is None


plain = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1).map(lambda text: f"x{text}")


@given(image=plain, volumes=st.lists(plain), copied=st.lists(plain), pairs=st.lists(st.tuples(plain, plain)))
def test_what_is_written_is_read(
    image: str, volumes: list[str], copied: list[str], pairs: list[tuple[str, str]]
) -> None:
    variables = [*copied, *(list(pair) for pair in pairs)]
    text = f"docker_env:\n  image: {image}\n  volumes: {volumes}\n  environment: {variables}\n"
    found = DockerEnvironment(image, tuple(volumes), tuple(copied), tuple(pairs), 1)
    assert parse_mlproject(text).docker == found


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    try:
        docker = parse_mlproject(f"docker_env:\n  image: {text}\n  environment: {text}\n  volumes: {text}\n").docker
    except YamlError:
        return
    assert docker is None or isinstance(docker.image, str)
