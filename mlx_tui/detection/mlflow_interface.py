"""MLflow's interface by version: which calls and arguments exist in which of the sampled versions.

`mlflow_interface.json` holds facts alone. For each public callable: the first and the last sampled version that has it,
the same for those of its keywords that not all of these take, and, for arguments that the older ones demand, their
position and the first version that doesn't. `tools/mlflow_interface.py` derived it from the signatures that `inspect`
gives of each version. What every sampled version has isn't listed: it says nothing.
"""

from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from mlx_tui.json_file import prepare


class _Callable(msgspec.Struct, frozen=True, rename={"present": "in"}):
    present: tuple[int, int]
    keywords: dict[str, tuple[int, int]] = {}
    optional: dict[str, tuple[int, int]] = {}


class _Interface(msgspec.Struct, frozen=True):
    versions: tuple[str, ...]
    names: dict[str, _Callable]


class Limit(NamedTuple):
    """What limits the versions with which a call works.

    Attributes:
        name: The callable, or an argument of it, `mlflow.autolog(log_datasets=)`.
        first: Index of the first sampled version that has it.
        last: Index of the last one.
    """

    name: str
    first: int
    last: int


class Arguments(NamedTuple):
    """How a call gives its arguments.

    Attributes:
        keywords: The names that it writes.
        positional: How many it gives by position.
        open: Whether it expands a list or a dict of them, so that others may be given too.
    """

    keywords: Collection[str] = ()
    positional: int = 0
    open: bool = False


@cache
def _interface() -> _Interface:
    resource = files("mlx_tui.detection") / "mlflow_interface.json"
    prepare(_Interface)
    return msgspec.json.decode(resource.read_bytes(), type=_Interface)


def sampled_versions() -> tuple[str, ...]:
    """The versions whose interface is known, oldest first."""
    return _interface().versions


def limits(name: str, arguments: Arguments | None) -> list[Limit]:
    """What limits the versions with which a call of a qualified name works.

    Args:
        name: As the resolver writes it: `mlflow.sklearn.log_model`, `mlflow.tracking.MlflowClient().log_batch`.
        arguments: How it is called; None where it is only named (a decorator).

    Returns:
        The limits; none where every sampled version has it, or nothing is known of it.
    """
    written = public_name(name)
    known = _interface().names.get(written)
    if known is None:
        return []
    first, last = known.present
    found = [Limit(written, first, last)]
    if arguments is not None:
        found += [
            Limit(f"{written}({key}=)", *known.keywords[key]) for key in arguments.keywords if key in known.keywords
        ]
        found += [
            Limit(f"{written} without {key}", optional, last)
            for key, (position, optional) in known.optional.items()
            if not (arguments.open or key in arguments.keywords or arguments.positional > position)
        ]
    return found


def public_name(name: str) -> str:
    """The name under which the interface lists a callable: methods of a client by the client's name alone."""
    before, called, method = name.rpartition("MlflowClient().")
    return f"MlflowClient.{method}" if called and before.startswith("mlflow.") else name
