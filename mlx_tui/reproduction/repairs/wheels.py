"""Which interpreters of this machine a pinned package has wheels for, as uv tells."""

import subprocess
from collections.abc import Iterable, Mapping

from mlx_tui.reproduction.interpreters import Interpreter

SECONDS = 60


def with_wheels(
    requirement: str, interpreters: Iterable[Interpreter], variables: Mapping[str, str]
) -> tuple[Interpreter, ...]:
    """Asks uv, which downloads metadata and runs nothing.

    Args:
        requirement: A package with its version.
        interpreters: Those that are asked about.
        variables: The environment variables for uv.
    """
    return tuple(item for item in interpreters if _has_wheel(requirement, item, variables))


def _has_wheel(requirement: str, interpreter: Interpreter, variables: Mapping[str, str]) -> bool:
    from uv import find_uv_bin

    options = ("--quiet", "--no-deps", "--only-binary", ":all:", "--python", str(interpreter.path))
    try:
        done = subprocess.run(
            [find_uv_bin(), "pip", "compile", *options, "-"],
            input=requirement.encode(),
            env=dict(variables),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
