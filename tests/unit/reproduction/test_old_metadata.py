"""Packages from before uv: metadata that it can't read, tools that its builds ask for."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from mlx_tui.reproduction.build_environment import build_environment
from mlx_tui.reproduction.interpreters import find_interpreters
from mlx_tui.reproduction.model import EnvironmentSpec
from mlx_tui.reproduction.old_metadata import later_tools, needs_old_metadata, with_old_metadata

SPEC = EnvironmentSpec(
    "conda", "conda.yaml", "", "/usr/bin/python3", "3.6.15", ("pandas",), as_of="2018-08-09T00:00:00Z"
)


def test_when_old_metadata_is_told() -> None:
    today = replace(SPEC, as_of="")
    assert needs_old_metadata(SPEC)
    assert not needs_old_metadata(replace(SPEC, as_of="2019-08-01T00:00:00Z"))
    assert not needs_old_metadata(today)
    assert needs_old_metadata(replace(today, requirements=("pandas==0.23.1",)))
    assert needs_old_metadata(replace(today, constraints=("pandas==0.24.2",)))
    assert not needs_old_metadata(replace(today, requirements=("pandas==0.25.0", "numpy==0.1")))


def test_the_users_configuration_stays_in_force() -> None:
    users = '[[index]]\nurl = "https://index.example/simple"\ndefault = true\n'
    read = tomllib.loads(with_old_metadata(users))
    assert read["index"][0]["default"] is True
    told = {item["version"]: item["requires-dist"] for item in read["dependency-metadata"]}
    assert "pytz>=2011" in told["0.23.1"]
    assert tomllib.loads(with_old_metadata(""))["dependency-metadata"]
    inline = 'dependency-metadata = [{name = "x", version = "1"}]\n'
    assert with_old_metadata(inline) == inline


def test_tools_that_build_may_be_a_little_later_than_a_very_old_date() -> None:
    assert later_tools(SPEC)[1].startswith("setuptools=2019-03-06")
    assert later_tools(replace(SPEC, as_of="2020-01-01T00:00:00Z")) == ()
    assert later_tools(replace(SPEC, as_of="")) == ()
    assert later_tools(replace(SPEC, requirements=("setuptools==40.0.0",))) == ()


@pytest.mark.attempt
def test_pandas_of_2018_is_resolved_and_installed(tmp_path: Path) -> None:
    old = [item for item in find_interpreters() if item.minor in ((3, 6), (3, 7))]
    if not old:
        pytest.skip("needs Python 3.6 or 3.7")
    wanted = replace(SPEC, interpreter=str(old[0].path), requirements=("pandas", "querystring-parser"))
    (tmp_path / "work").mkdir()
    result = build_environment(wanted, tmp_path / "work", tmp_path / "env", lambda data: None)
    assert result.built, result.failure
    assert "pandas==0.23.4" in result.freeze
