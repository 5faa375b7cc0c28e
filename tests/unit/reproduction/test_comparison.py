"""References and verdicts: which run is compared with which, and when values count as equal."""

import json
import math
from pathlib import Path

import pytest

from mlx_tui.formats.notebook import NotebookError
from mlx_tui.reproduction.comparison import Results, compare, outcome_of
from mlx_tui.reproduction.model import (
    CapturedMetric,
    CapturedRun,
    KeyValue,
    MetricPoint,
    MetricVerdict,
    Outcome,
    Spread,
)
from mlx_tui.reproduction.notebook_numbers import read_numbers
from mlx_tui.reproduction.reference import COMMITTED, EARLIER, NOTEBOOK, Reference


def made(metrics: dict[str, float | None], name: str = "", **params: str) -> CapturedRun:
    return CapturedRun(
        f"id-{name}",
        name,
        "Default",
        "FINISHED",
        "",
        tuple(KeyValue(key, value) for key, value in params.items()),
        tuple(
            CapturedMetric(key, (MetricPoint(0, 0, 9.0), MetricPoint(1, 1, value))) for key, value in metrics.items()
        ),
        (),
        (),
    )


def verdicts(reference: Reference, results: Results, *repeats: Results) -> dict[str, MetricVerdict]:
    comparison = compare(reference, results, repeats)
    assert comparison is not None
    return {metric.name: metric.verdict for metric in comparison.metrics}


def results(*runs: CapturedRun, freeze: str = "") -> Results:
    return Results(runs, {}, freeze)


@pytest.mark.parametrize(
    ("value", "across", "within"),
    [
        (0.8, MetricVerdict.IDENTICAL, MetricVerdict.IDENTICAL),
        (math.nextafter(0.8, 1), MetricVerdict.EQUAL, MetricVerdict.DIFFERENT),
        (0.8 * (1 + 1e-7), MetricVerdict.EQUAL, MetricVerdict.DIFFERENT),
        (0.8 * (1 + 1e-5), MetricVerdict.DIFFERENT, MetricVerdict.DIFFERENT),
        (None, MetricVerdict.MISSING, MetricVerdict.MISSING),
    ],
)
def test_the_tolerance_is_wider_across_environments(
    value: float | None, across: MetricVerdict, within: MetricVerdict
) -> None:
    runs = (made({"r2": 0.8, "same": 1.0}),)
    again = made({"r2": value, "same": 1.0})
    assert verdicts(Reference(EARLIER, "x", runs, freeze="a==1"), results(again, freeze="a==2"))["r2"] is across
    assert verdicts(Reference(EARLIER, "x", runs, freeze="a==1"), results(again, freeze="a==1"))["r2"] is within
    assert verdicts(Reference(EARLIER, "x", runs), results(again))["r2"] is across


def test_of_very_many_runs_the_newest_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlx_tui.reproduction.comparison.MOST_RUNS", 3)
    runs = [made({"rmse": number / 10}, name=f"n{number}", seed=str(number)) for number in range(5)]
    told = verdicts(Reference(EARLIER, "x", tuple(runs)), results(*runs))
    assert list(told) == ["n2 #1/rmse", "n3 #2/rmse", "n4 #3/rmse"]
    assert set(told.values()) == {MetricVerdict.IDENTICAL}


def test_only_the_committed_run_with_the_same_parameters_counts() -> None:
    stored = (made({"rmse": 0.7}, alpha="0.1"), made({"rmse": 0.8}, alpha="0.5"), made({"rmse": 0.9}, alpha="0.9"))
    reference = Reference(COMMITTED, "mlruns", stored)
    comparison = compare(reference, results(made({"rmse": 0.8}, alpha="0.50")))
    assert comparison is not None
    assert [(metric.name, metric.reference, metric.verdict) for metric in comparison.metrics] == [
        ("rmse", 0.8, MetricVerdict.IDENTICAL)
    ]
    assert outcome_of(comparison)[0] is Outcome.REPRODUCED
    assert compare(reference, results(made({"rmse": 0.8}, alpha="0.3"))) is None
    assert compare(reference, results()) is None


def test_of_equal_committed_runs_the_newest_counts() -> None:
    stored = (made({"rmse": 0.7}, alpha="0.5"), made({"rmse": 0.8}, alpha="0.5"))
    assert verdicts(Reference(COMMITTED, "mlruns", stored), results(made({"rmse": 0.8}, alpha="0.5"))) == {
        "rmse": MetricVerdict.IDENTICAL
    }


def test_several_runs_are_told_apart_by_their_parameters_and_names() -> None:
    stored = (made({"a": 1.0}, "one", k="1"), made({"a": 2.0}, "two", k="2"), made({"a": 3.0}, "three", k="3"))
    again = results(made({"a": 2.0}, "two", k="2"), made({"a": 1.5}, "one", k="1"))
    assert verdicts(Reference(EARLIER, "x", stored), again) == {
        "one #1/a": MetricVerdict.DIFFERENT,
        "two #2/a": MetricVerdict.IDENTICAL,
        "three #3/a": MetricVerdict.MISSING,
    }
    assert verdicts(Reference(COMMITTED, "x", stored), again) == {
        "one #1/a": MetricVerdict.DIFFERENT,
        "two #2/a": MetricVerdict.IDENTICAL,
    }


def test_a_run_that_hardly_fits_takes_none_away_from_one_that_fits_wholly() -> None:
    committed = Reference(
        COMMITTED,
        "mlflow.db",
        (
            made({"accuracy": 1.0}, "forest", trees="100"),
            made({"accuracy": 0.5}, "svm", kernel="rbf"),
            made({"accuracy": 0.9}, "retrain"),  # of a script that isn't run
            made({"accuracy": 0.8}, "retrain"),
        ),
    )
    again = results(
        made({"accuracy": 1.0}, "forest", trees="100"),
        made({"accuracy": 0.5}, "svm", kernel="rbf"),
    )
    assert verdicts(committed, again) == {
        "forest #1/accuracy": MetricVerdict.IDENTICAL,
        "svm #2/accuracy": MetricVerdict.IDENTICAL,
    }


def test_a_committed_run_of_another_script_with_the_same_parameters_is_no_reference() -> None:
    committed = Reference(COMMITTED, "mlruns", (made({"accuracy": 0.9}, "by hand", depth="8"),))
    assert compare(committed, results(made({"training_score": 1.0}, "autolog", depth="8"))) is None
    own = Reference(COMMITTED, "mlruns", (made({"accuracy": 0.9, "auc": 0.8}, "by hand", depth="8"),))
    assert verdicts(own, results(made({"accuracy": 0.9}, depth="8")))["auc"] is MetricVerdict.MISSING


def test_times_and_what_is_not_finite_are_left_out() -> None:
    stored = (made({"r2": 1.0, "training_time": 5.0, "system/cpu": 1.0, "duration_seconds": 2.0, "bad": None}),)
    assert set(verdicts(Reference(EARLIER, "x", stored), results(made({"r2": 1.0})))) == {"r2"}
    named = made({"times_two": 1.0, "bestimate": 1.0, "idle": 1.0, "update": 1.0})
    assert set(verdicts(Reference(EARLIER, "x", (named,)), results(named))) == {"bestimate", "idle", "update"}


def test_three_repeats_give_a_spread() -> None:
    reference = Reference(COMMITTED, "mlruns", (made({"acc": 0.5}),))
    near, far = [results(made({"acc": value})) for value in (0.49, 0.51)], [results(made({"acc": 0.9}))] * 2
    now = results(made({"acc": 0.505}))
    assert verdicts(reference, now, near[0]) == {"acc": MetricVerdict.DIFFERENT}
    assert verdicts(reference, now, *near) == {"acc": MetricVerdict.WITHIN_SPREAD}
    assert verdicts(reference, results(made({"acc": 0.900001})), *far) == {"acc": MetricVerdict.DIFFERENT}
    comparison = compare(reference, now, near)
    assert comparison is not None
    outcome, reason = outcome_of(comparison)
    assert outcome is Outcome.DIFFERS
    told = "1 of them within the spread of the repeats: acc is 0.505, was 0.5 (3 repeats: 0.49 to 0.51)"
    assert told in reason
    spread = comparison.metrics[0].spread
    assert spread == Spread(3, pytest.approx(0.50167, abs=1e-5), pytest.approx(0.01041, abs=1e-5), 0.49, 0.51)


def test_a_difference_in_the_last_digits_within_one_environment_is_shown_in_all_of_them() -> None:
    value = math.nextafter(0.8, 1)
    reference = Reference(EARLIER, "x", (made({"r2": 0.8}),), freeze="a==1")
    comparison = compare(reference, results(made({"r2": value}), freeze="a==1"))
    assert comparison is not None and comparison.relative_tolerance == 0
    assert outcome_of(comparison) == (
        Outcome.DIFFERS,
        "1 of 1 metrics differ from earlier attempt x (same environment): r2 is 0.8000000000000002, was 0.8",
    )


def notebook(*cells: tuple[str, list[dict[str, object]]]) -> bytes:
    made_cells = [{"cell_type": "code", "source": source, "outputs": outputs} for source, outputs in cells]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": "x: 1"}, *made_cells]}).encode()


def printed(text: str, name: str = "stdout") -> dict[str, object]:
    return {"output_type": "stream", "name": name, "text": text.splitlines(keepends=True)}


def result(text: str) -> dict[str, object]:
    return {"output_type": "execute_result", "data": {"text/plain": text}}


def test_numbers_that_a_notebook_printed(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    text = (
        "trees=5 test_accuracy=0.913333\nbest: 80 trees, test accuracy: 9.6e-1\nloss = -1.5,\n"
        "Wall time: 3.2 s\nfit took: 3.2 s\nrun_id: 12\nhttp://127.0.0.1:5000/x version: 1.2.3\n"
        "date=2024-12-04 10:11:12\n"
    )
    path.write_bytes(
        notebook(
            ("  ", []),
            ("train()", [printed(text), printed("lr: 0.1\n", "stderr")]),
            ("scores", [result("{'f1': 0.77, 'auc': np.float64(0.66)}")]),
            ("scores", [printed("f1: 0.1\nf1: 0.2\n")]),
        )
    )
    assert read_numbers(path) == {
        "[1] trees": 5,
        "[1] test_accuracy": 0.913333,
        "[1] best": 80,
        "[1] test accuracy": 0.96,
        "[1] loss": -1.5,
        "[2] f1": 0.77,
        "[2] auc": 0.66,
        "[3] f1": 0.1,
        "[3] f1 (2)": 0.2,
    }


def test_where_nothing_is_named_every_decimal_number_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_bytes(notebook(("x", [result("array([0.25, -1.5e-3, 7])")])))
    assert read_numbers(path) == {"[1] number": 0.25, "[1] number (2)": -0.0015}
    link = tmp_path / "link.ipynb"
    link.symlink_to(path)
    for broken in (link, tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NotebookError):
            read_numbers(broken)
    path.write_bytes(b"\xff{")
    with pytest.raises(NotebookError):
        read_numbers(path)


def test_a_hostile_output_does_not_take_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    text = "a" * 300_000 + " " + "1" * 300_000 + " " + "a b " * 100_000 + "f1: 0.5"
    path.write_bytes(notebook(("x", [printed(text)])))
    assert list(read_numbers(path).values()) == [0.5]


def test_an_output_that_shows_data_is_no_result(tmp_path: Path) -> None:
    table = "\n".join(f"{row} {row}.25 {row}.5" for row in range(40))
    path = tmp_path / "a.ipynb"
    outputs = [[{"output_type": "execute_result", "data": {"text/plain": text}}] for text in (table, "0.75")]
    cells = [{"cell_type": "code", "source": "x", "outputs": each} for each in outputs]
    path.write_text(json.dumps({"cells": cells}))
    assert read_numbers(path) == {"[2] number": 0.75}


def test_a_notebooks_numbers_are_compared() -> None:
    reference = Reference(NOTEBOOK, "a.ipynb", numbers=(("[1] f1", 0.7), ("[2] auc", 0.8)))
    comparison = compare(reference, Results((), {"[1] f1": 0.7, "[2] auc": 0.9}))
    assert comparison is not None
    assert outcome_of(comparison) == (
        Outcome.DIFFERS,
        "1 of 2 metrics differ from notebook output a.ipynb: [2] auc is 0.9, was 0.8",
    )


def test_a_number_that_is_not_printed_any_more_is_looked_for_among_the_logged_metrics() -> None:
    reference = Reference(NOTEBOOK, "a.ipynb", numbers=(("[1] f1", 0.7), ("[1] loss (2)", 0.1), ("[1] gone", 1.0)))
    assert verdicts(reference, Results((made({"f1": 0.7, "loss": 0.1}), made({"loss": 0.2})), {})) == {
        "[1] f1": MetricVerdict.IDENTICAL,
        "[1] loss (2)": MetricVerdict.MISSING,
        "[1] gone": MetricVerdict.MISSING,
    }
