"""What uv must be told of packages from before it: metadata that it can't read, and tools that its builds ask for."""

import re
import tomllib
from collections.abc import Sequence

from packaging.version import Version

from mlx_tui.formats.versions import version_of
from mlx_tui.reproduction.model import EnvironmentSpec
from mlx_tui.reproduction.requirement_lines import name_of

# Up to 0.24.2 pandas asked for `pytz>=2011k`, which is no version: uv refuses such a release, and where the version is
# left open it silently takes 0.11. What it really needs, as its setup.py says (pandas 0.18 to 0.24).
_PANDAS = (
    "0.18.0", "0.18.1", "0.19.0", "0.19.1", "0.19.2", "0.20.0", "0.20.1", "0.20.2", "0.20.3", "0.21.0", "0.21.1",
    "0.22.0", "0.23.0", "0.23.1", "0.23.2", "0.23.3", "0.23.4", "0.24.0", "0.24.1", "0.24.2",
)  # fmt: skip
_PANDAS_NEEDS = '["numpy>=1.9.0", "python-dateutil>=2.5.0", "pytz>=2011"]'
_PANDAS_READABLE = "2019-07-18"
"""The day of 0.25.0, whose metadata is right."""
_PINNED = re.compile(r"==\s*([\d.]+)")
_SETUPTOOLS = "2019-03-06T00:00:00Z"
"""A day after setuptools 40.8, which uv asks for wherever a `setup.py` doesn't say what builds it."""


def needs_old_metadata(spec: EnvironmentSpec) -> bool:
    """Whether an environment may hold a release of pandas whose metadata uv can't read."""
    if spec.as_of and spec.as_of < _PANDAS_READABLE:
        return True
    pins = [
        match[1]
        for line in (*spec.requirements, *spec.constraints)
        if name_of(line) == "pandas" and (match := _PINNED.search(line))
    ]
    versions = [version_of(pin.strip(".") or "0") for pin in pins]
    return any(version is not None and version < Version("0.25") for version in versions)


def with_old_metadata(configuration: str) -> str:
    """A uv configuration that also holds the metadata that uv can't read itself.

    Args:
        configuration: The text of the user's `uv.toml`; one that tells metadata in a form that can't be added to
            stays as it is.
    """
    added = "\n".join(
        f'[[dependency-metadata]]\nname = "pandas"\nversion = "{version}"\nrequires-dist = {_PANDAS_NEEDS}\n'
        for version in _PANDAS
    )
    text = f"{configuration.rstrip()}\n\n{added}".lstrip()
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return configuration
    return text


def later_tools(spec: EnvironmentSpec) -> Sequence[str]:
    """Uv's options for the tools that build sources, where the plan's date is before the ones that uv asks for."""
    if not spec.as_of or spec.as_of >= _SETUPTOOLS or any(name_of(line) == "setuptools" for line in _pins(spec)):
        return ()
    return ("--exclude-newer-package", f"setuptools={_SETUPTOOLS}")


def _pins(spec: EnvironmentSpec) -> list[str]:
    return [line for line in (*spec.requirements, *spec.constraints) if "==" in line]
