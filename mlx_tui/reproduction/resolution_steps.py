"""Steps by which an environment that can't be resolved or built as it stands still can, each told as a deviation."""

import re
from dataclasses import replace

from mlx_tui.formats.packages import normalise
from mlx_tui.reproduction.install_failure import InstallCause, InstallFailure
from mlx_tui.reproduction.model import Deviation, EnvironmentSpec
from mlx_tui.reproduction.requirement_lines import name_of

MOST_ONLY_CONDA = 40
"""So many of a conda file's packages are left out or open at most; each costs asking the index."""
MOST_LATER = 3
"""So many dependencies are asked for in a later version at most."""
_LEFT_OPEN = "left open in its version"
_OURS = re.compile(r"[\w.-]+>[\w.]+")


def with_later(spec: EnvironmentSpec, failure: InstallFailure) -> tuple[EnvironmentSpec, Deviation] | None:
    """The environment with a later version of a dependency that can't be built, where nothing asks for just that one.

    A resolver that goes back for one package's sake can end at a version of another that was never meant for the
    interpreter: an `llvmlite` of years before, whose wheels end with Python 3.9.
    """
    name, _, version = failure.package.partition("==")
    bounds = [line for line in spec.constraints if _OURS.fullmatch(line)]
    asked = (*spec.requirements, *(line for line in spec.constraints if line not in bounds))
    listed = any(name_of(line) == normalise(name) for line in asked)
    unfit = failure.cause in (InstallCause.BUILD, InstallCause.NO_WHEEL)
    if (
        not unfit
        or not re.fullmatch(r"[\w.]+", version)
        or listed
        or len(bounds) >= MOST_LATER
        or spec.source == "lock"
    ):
        return None
    line = f"{normalise(name)}>{version}"
    told = Deviation("package", failure.package, f"a later {name}", "it can't be built here, and nothing asks for it")
    return replace(spec, constraints=(*spec.constraints, line)), told


def without_only_conda(
    spec: EnvironmentSpec, failure: InstallFailure, told: list[Deviation]
) -> tuple[EnvironmentSpec, Deviation] | None:
    """The environment without a package, or a version, that conda has and the package index hasn't."""
    if len(told) >= MOST_ONLY_CONDA:
        return None
    name = name_of(failure.package)
    line = next((line for line in spec.requirements if name and name_of(line) == name), "")
    if spec.source != "conda" or failure.cause is not InstallCause.NO_VERSION or not line:
        return None
    kept: tuple[str, ...]
    opened = any(item.used == _LEFT_OPEN and name_of(item.asked) == name for item in told)
    if failure.unknown or opened:  # of another project's name the index may have nothing of that time at all
        kept, used = (), "left out"
    elif match := re.fullmatch(r"[^=<>~!]+==([\d.]*\d)", line.replace(" ", "")):
        kept, used = (f"{name}=={match[1]}.*",), f"=={match[1]}.*"  # 1.4.1 may be there as 1.4.1.post1
    elif line != name:
        kept, used = (name,), _LEFT_OPEN
    else:
        return None
    lines = tuple(new for one in spec.requirements for new in (kept if one == line else (one,)))
    return replace(spec, requirements=lines), Deviation("package", line, used, "the package index doesn't have it")
