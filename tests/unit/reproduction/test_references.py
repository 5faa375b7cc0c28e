"""Recorded results in a repository: stores of MLflow under any name."""

from pathlib import Path

from mlx_tui.reproduction.model import Candidate, CommandSource, EnvironmentSpec, Isolation, Plan, Step, StepKind
from mlx_tui.reproduction.reference import COMMITTED, find_references
from tests.unit.reproduction.clones import write

RUN = "32f7189af38d418fb0942941d1144c15"


def plan() -> Plan:
    candidate = Candidate((Step(StepKind.COMMAND, "python train.py"),), CommandSource.USER)
    spec = EnvironmentSpec("none", "", "", "/python", "3.11.7", ())
    return Plan("o/n", "0" * 40, "/clone", candidate, spec, (), (), Isolation.NONE, True, 60)


def store(folder: Path, name: str, experiment: str = "0") -> None:
    write(folder, f"{name}/{experiment}/meta.yaml", f"experiment_id: '{experiment}'\nname: Default\n")
    write(folder, f"{name}/{experiment}/{RUN}/meta.yaml", f"run_id: {RUN}\nstatus: 3\nlifecycle_stage: active\n")
    write(folder, f"{name}/{experiment}/{RUN}/metrics/acc", "1600000000000 0.5 0\n")


def test_a_store_under_another_name_is_known_by_its_default_experiment(tmp_path: Path) -> None:
    store(tmp_path, "saved/model_data")
    store(tmp_path, "mlruns", "7")
    write(tmp_path, "data/1/meta.yaml", "of something else\n")
    found = find_references(tmp_path, plan(), [])
    assert {(item.source, item.path) for item in found} == {(COMMITTED, "mlruns"), (COMMITTED, "saved/model_data")}
    assert [metric.name for item in found for run in item.runs for metric in run.metrics] == ["acc", "acc"]
