"""MLflow's interface by version, and its derivation from signatures."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.detection.mlflow_interface import Arguments, limits, sampled_versions


def load_tool() -> ModuleType:
    path = Path(__file__).parents[3] / "tools" / "mlflow_interface.py"
    spec = importlib.util.spec_from_file_location("derive_mlflow_interface", path)
    assert spec is not None and spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = load_tool()


def described(name: str, *keywords: str, positional: int = 0) -> list[tuple[str, str, str]]:
    versions = sampled_versions()
    found = limits(name, Arguments(keywords, positional))
    return [(limit.name, versions[limit.first], versions[limit.last]) for limit in found]


def test_names_and_keywords_of_mlflow() -> None:
    newest = sampled_versions()[-1]
    assert described("mlflow.autolog") == [("mlflow.autolog", "1.30.1", newest)]
    assert described("mlflow.gluon.log_model", positional=2)[0] == ("mlflow.gluon.log_model", "1.30.1", "2.15.1")
    assert ("mlflow.start_run(log_system_metrics=)", "2.10.2", newest) in described(
        "mlflow.start_run", "log_system_metrics"
    )
    assert described("mlflow.tracking.MlflowClient().list_run_infos") == described(
        "mlflow.MlflowClient().list_run_infos"
    )


def test_an_argument_that_older_versions_demand() -> None:
    newest = sampled_versions()[-1]
    left_out = ("mlflow.pytorch.log_model without artifact_path", "3.0.1", newest)
    assert left_out in described("mlflow.pytorch.log_model", "name", positional=1)
    assert left_out not in described("mlflow.pytorch.log_model", positional=2)
    assert left_out not in described("mlflow.pytorch.log_model", "artifact_path", positional=1)
    assert limits("mlflow.pytorch.log_model", Arguments(open=True)) == limits("mlflow.pytorch.log_model", None)


@pytest.mark.parametrize(
    "name", ["mlflow.log_param", "mlflow.no_such_function", "wandb.log", "x.MlflowClient().log_batch"]
)
def test_what_every_version_has_or_nobody_knows_limits_nothing(name: str) -> None:
    last = len(sampled_versions()) - 1
    assert all((limit.first, limit.last) == (0, last) for limit in limits(name, Arguments(["key"])))


def test_derivation_keeps_what_differs() -> None:
    signatures = {
        "1.0": {"m.old": "()", "m.same": "(a, b=1)", "m.more": "(a, path)", "m.open": "(**kw)", "m._private": "()"},
        "2.0": {
            "m.same": "(a, b=1)",
            "m.more": "(a: 'x, y', path=None, *, new: dict[str, int] = {})",
            "m.open": "(k=1)",
        },
    }
    derived = TOOL.derive(signatures)
    assert derived["versions"] == ["1.0", "2.0"]
    assert derived["names"] == {
        "m.old": {"in": [0, 0]},
        "m.more": {"in": [0, 1], "keywords": {"new": [1, 1]}, "optional": {"path": [1, 1]}},
    }


@pytest.mark.parametrize(
    ("text", "named", "required", "is_open"),
    [
        ("(self, a, b=2)", ("a", "b"), {"a": 0}, False),
        (
            "(a: Callable[[int, str], bool] = <function f at 0x1>, *args, c, **kwargs) -> dict[str, int]",
            ("a", "c"),
            {},
            True,
        ),
        ("(name: str = 'a, b', other='=')", ("name", "other"), {}, False),
        ("()", (), {}, False),
    ],
)
def test_signatures(text: str, named: tuple[str, ...], required: dict[str, int], is_open: bool) -> None:
    parsed = TOOL.parse_signature(text)
    assert (parsed.named, parsed.required, parsed.open) == (named, required, is_open)


@given(st.text(alphabet="ab()[]{},:='\"*<>- ", max_size=40))
def test_any_text_parses(text: str) -> None:
    TOOL.parse_signature(text)
