"""Which command is found first, and where it was read."""

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from mlx_tui.reproduction.candidate_code import reached_files
from mlx_tui.reproduction.candidates import Discovery, find_candidates
from mlx_tui.reproduction.code_index import CodeIndex
from mlx_tui.reproduction.entry_points.make import read_targets
from mlx_tui.reproduction.entry_points.markdown import command_blocks
from mlx_tui.reproduction.model import CommandSource, ParameterValue, Step, StepKind
from mlx_tui.reproduction.worktree import WorkTree
from tests.unit.reproduction.clones import TRAINS, write


def command(text: str, workdir: str = ".") -> Step:
    return Step(StepKind.COMMAND, text, workdir)


def notebook(*sources: str) -> str:
    cells = [{"cell_type": "code", "source": source, "outputs": [], "metadata": {}} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_mlproject_main_in_a_subfolder_with_defaults_as_mlflow_formats_them(tmp_path: Path) -> None:
    write(
        tmp_path,
        "project/mlPROJECT",
        """
        name: x
        entry_points:
          other:
            command: "python other.py"
          main:
            parameters:
              rate: {type: float, default: 1.50}
              fast: {type: string, default: true}
              said: {type: string, default: "true"}
              note: {type: string, default: "a b; rm -rf /"}
            command: "python train.py {rate} {fast} {said} --note {note}"
        """,
    )
    write(tmp_path, "project/train.py", TRAINS)
    first = find_candidates(tmp_path)[0]
    assert first.steps == (command("python train.py 1.5 True true --note 'a b; rm -rf /'", "project"),)
    assert (first.source, first.path, first.line) == (CommandSource.MLPROJECT, "project/mlPROJECT", 11)
    assert ParameterValue("rate", "1.5") in first.parameters


def test_steps_of_a_chain_have_the_names_by_which_their_runs_are_looked_for(tmp_path: Path) -> None:
    points = "  data-prep: {command: python prep.py}\n  fit: {command: python train.py}\n"
    write(tmp_path, "MLproject", f"entry_points:\n{points}")
    write(tmp_path, "prep.py", TRAINS)
    write(tmp_path, "train.py", "import mlflow\nmlflow.search_runs(filter_string=last('Data_Prep'))\n")
    assert [step.run_name for step in find_candidates(tmp_path)[0].steps] == ["", ""]
    write(tmp_path, "runs.py", "import mlflow\nmlflow.search_runs(filter_string=f\"tags.mlflow.runName = '{name}'\")\n")
    assert [step.run_name for step in find_candidates(tmp_path)[0].steps] == ["Data_Prep", ""]


def test_a_path_of_another_machine_in_a_readme_is_the_clones_own_file(tmp_path: Path) -> None:
    project = """
        entry_points:
          main:
            parameters: {data: path, out: path, n: int}
            command: "python train.py {data} {out} {n}"
    """
    write(tmp_path, "MLproject", project)
    write(tmp_path, "train.py", TRAINS)
    write(tmp_path, "data/train.csv", "a")
    write(
        tmp_path,
        "README.md",
        """
        ```
        mlflow run name -P data=absolute path/name/data/train.csv -P out=/home/me/gone.csv -P n=3
        ```
        """,
    )
    found = next(item for item in Discovery(tmp_path).complete if item.source is CommandSource.README)
    assert found.steps == (command("python train.py data/train.csv /home/me/gone.csv 3"),)
    assert found.steps[0].of_project
    assert found.parameters == (
        ParameterValue("data", "data/train.csv", "absolute path/name/data/train.csv"),
        ParameterValue("out", "/home/me/gone.csv"),
        ParameterValue("n", "3"),
    )


def test_mlproject_without_main_is_a_chain_of_those_that_have_every_value(tmp_path: Path) -> None:
    write(
        tmp_path,
        "MLproject",
        """
        entry_points:
          prepare: {command: "python prepare.py"}
          train:
            parameters: {n-trials: {type: int, default: 10}}
            command: "python train.py --n {n-trials}"
          evaluate:
            parameters: {dataset: string}
            command: "python evaluate.py {dataset}"
        """,
    )
    write(tmp_path, "train.py", TRAINS)
    found = Discovery(tmp_path)
    assert found.candidates[0].steps == (command("python prepare.py"), command("python train.py --n 10"))
    incomplete = next(item for item in found.found if item.missing)
    assert incomplete.missing == ("dataset",)
    assert incomplete is found.found[-1]


def test_an_invalid_mlproject_is_passed_over_with_its_reason(tmp_path: Path) -> None:
    write(tmp_path, "MLproject", "entry_points:\n  <!-- x\n  main: {\n")
    write(tmp_path, "train.py", TRAINS)
    found = Discovery(tmp_path)
    assert found.candidates[0].steps == (command("python train.py"),)
    assert [(item.path, "not a valid MLproject" in item.reason) for item in found.passed_over] == [("MLproject", True)]


def test_ci_gives_the_parameters_that_the_mlproject_lacks(tmp_path: Path) -> None:
    write(tmp_path, "ml/MLproject", 'entry_points:\n  main: {parameters: {d: path}, command: "python train.py {d}"}\n')
    write(tmp_path, "ml/train.py", TRAINS)
    write(
        tmp_path,
        ".github/workflows/ci.yml",
        """
        jobs:
          lint: {steps: [{run: "ruff check ."}]}
          train:
            defaults: {run: {working-directory: ml}}
            steps:
              - run: pip install -r requirements.txt
              - run: |
                  pytest
                  mlflow run . -P d=data.csv --env-manager local
        """,
    )
    first = find_candidates(tmp_path)[0]
    assert first.steps == (command("python train.py data.csv", "ml"),)
    assert (first.source, first.path, first.line) == (CommandSource.CI, ".github/workflows/ci.yml", 9)


def test_readme_steps_are_chained_and_servers_installs_and_placeholders_left_out(tmp_path: Path) -> None:
    for name in ("prepare_data", "train"):
        write(tmp_path, f"src/{name}.py", TRAINS if name == "train" else "print(open('x'))\n")
    write(tmp_path, "app.py", "from flask import Flask\nimport mlflow\napp = Flask(__name__)\napp.run()\n")
    write(
        tmp_path,
        "README.md",
        """
        ```bash
        git clone https://example.org/x && cd x
        pip install -r requirements.txt
        ```
        First `python src/prepare_data.py`, then

            $ MLFLOW_TRACKING_PASSWORD=hunter2 SEED=3 python3.8 src/train.py --epochs 3

        ```
        mlflow ui
        python app.py
        python src/train.py --data <your data>
        ```
        """,
    )
    first = find_candidates(tmp_path)[0]
    assert first.steps == (command("python src/prepare_data.py"), command("SEED=3 python src/train.py --epochs 3"))
    assert (first.source, first.path, first.line) == (CommandSource.README, "README.md", 7)
    assert not any(
        "hunter2" in step.text or "app.py" in step.text for item in find_candidates(tmp_path) for step in item.steps
    )


def test_dvc_stages_in_dependency_order_with_parameters(tmp_path: Path) -> None:
    write(
        tmp_path,
        "dvc.yaml",
        """
        stages:
          train:
            cmd: python train.py ${model.depth}
            deps: [data/clean.csv]
          clean@each:
            foreach: [a, b]
            do:
              cmd: python clean.py ${item}
              outs: [data/clean.csv]
        """,
    )
    write(tmp_path, "params.yaml", "model: {depth: 4}\n")
    write(tmp_path, "train.py", TRAINS)
    write(tmp_path, "clean.py", "print(1)\n")
    first = find_candidates(tmp_path)[0]
    assert first.source is CommandSource.DVC
    assert [step.text for step in first.steps] == ["python clean.py a", "python clean.py b", "python train.py 4"]


def test_makefile_target_with_prerequisites_and_variables(tmp_path: Path) -> None:
    write(
        tmp_path,
        "Makefile",
        "PYTHON ?= python3\nDATA := data.csv\n\nprepare:\n\t@$(PYTHON) prepare.py $(DATA)\n\n"
        "train: prepare\n\t$(PYTHON) train.py \\\n\t  --data $(DATA)\n\nserve:\n\tmlflow ui\n",
    )
    write(tmp_path, "train.py", TRAINS)
    write(tmp_path, "prepare.py", "print(1)\n")
    first = find_candidates(tmp_path)[0]
    assert [step.text for step in first.steps] == ["python prepare.py data.csv", "python train.py --data data.csv"]
    assert (first.source, first.line) == (CommandSource.TASK, 7)


def test_undeclared_the_driver_is_ranked_before_its_parts_and_notebooks(tmp_path: Path) -> None:
    write(tmp_path, "main.py", "from pkg.train import run\nrun()\n")
    write(tmp_path, "pkg/train.py", TRAINS + "\ndef run():\n    main()\n")
    write(tmp_path, "research/trial.ipynb", notebook("import mlflow", "mlflow.autolog()"))
    write(tmp_path, "tests/test_train.py", TRAINS)
    found = find_candidates(tmp_path)
    assert found[0].steps == (command("python main.py"),)
    assert Step(StepKind.NOTEBOOK, "trial.ipynb", "research") in [item.steps[0] for item in found]


def test_a_script_whose_imports_are_found_from_the_root_only_is_run_as_a_module(tmp_path: Path) -> None:
    write(tmp_path, "src/steps/train.py", "from src.data import load\n" + TRAINS)
    write(tmp_path, "src/data.py", "def load(): ...\n")
    write(tmp_path, "lone/fit.py", "import data\n" + TRAINS)
    write(tmp_path, "lone/data.py", "")
    found = [item.steps[0] for item in find_candidates(tmp_path)]
    assert found == [command("python -m src.steps.train"), command("python fit.py", "lone")]


def test_integration_that_only_the_configuration_names(tmp_path: Path) -> None:
    write(tmp_path, "conf/logger.yaml", "_target_: pytorch_lightning.loggers.MLFlowLogger\n")
    write(
        tmp_path,
        "train.py",
        'import hydra\n\n@hydra.main(config_name="c")\ndef main(c): ...\n\nif __name__ == "__main__":\n    main()\n',
    )
    assert find_candidates(tmp_path)[0].steps == (command("python train.py"),)


def test_mlflow_in_comments_only_leads_to_no_script(tmp_path: Path) -> None:
    write(
        tmp_path,
        "train.py",
        '# mlflow.log_metric("x", 1)\nimport wandb\n\nif __name__ == "__main__":\n    wandb.init()\n',
    )
    found = Discovery(tmp_path)
    assert found.candidates == ()
    assert not found.uses_mlflow


def test_r_notebooks_and_broken_notebooks_are_not_run(tmp_path: Path) -> None:
    write(tmp_path, "empty.ipynb", "")
    write(
        tmp_path,
        "r.ipynb",
        json.dumps(
            {"cells": [{"cell_type": "code", "source": "import mlflow"}], "metadata": {"kernelspec": {"name": "ir"}}}
        ),
    )
    assert find_candidates(tmp_path) == ()


def test_links_out_of_the_clone_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "outside/train.py", TRAINS)
    clone = tmp_path / "clone"
    clone.mkdir()
    (clone / "train.py").symlink_to(tmp_path / "outside" / "train.py")
    (clone / "folder").symlink_to(tmp_path / "outside")
    assert find_candidates(clone) == ()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["README.md", "Makefile", "MLproject", "dvc.yaml", "run.sh", "a.py"]))
def test_no_text_raises(tmp_path_factory, text: str, name: str) -> None:
    folder = tmp_path_factory.mktemp("clone")
    (folder / name).write_text(text, encoding="utf-8", errors="replace")
    write(folder, "train.py", TRAINS)
    assert find_candidates(folder)


@given(st.text(alphabet="abc \t\n:=$(){}`#'\"\\-&;|", max_size=200))
def test_readers_of_task_files_take_any_text(text: str) -> None:
    read_targets(text)
    assert all(line.text for block in command_blocks(text) for line in block)


def test_lines_that_no_person_wrote_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, "README.md", "python " + " " * 100_000 + "!\n`python train.py`\n")
    write(tmp_path, "pyproject.toml", "1." * 50_000 + "\n")
    write(tmp_path, "Makefile", "a:" + " " * 100_000 + "=\ntrain:\n\tpython train.py --x 1\n")
    write(tmp_path, "train.py", TRAINS)
    assert [item.steps[0].text for item in find_candidates(tmp_path)] == ["python train.py --x 1", "python train.py"]


def test_a_kedro_project_is_run_by_its_default_pipeline(tmp_path: Path) -> None:
    write(tmp_path, "app/pyproject.toml", '[tool.black]\n\n[tool.kedro]\npackage_name = "app"\n')
    write(tmp_path, "app/src/app/nodes.py", "import mlflow\n\ndef fit():\n    mlflow.log_metric('m', 1)\n")
    write(tmp_path, "app/src/tests/test_run.py", "import pytest\n")
    write(tmp_path, "README.md", "```\nkedro run --pipeline=etl\nkedro viz\n```\n")
    first, second = find_candidates(tmp_path)
    assert first.steps == (command("kedro run", "app"),)
    assert (first.source, first.path, first.line) == (CommandSource.TASK, "app/pyproject.toml", 3)
    assert second.steps == (command("kedro run --pipeline=etl", "app"),)
    started = reached_files(first, CodeIndex(WorkTree(tmp_path)))
    assert [file.path for file in started] == ["app/src/app/nodes.py"]


def test_a_kedro_project_leads_to_mlflow_by_its_plugin(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "[tool.kedro]\n")
    write(tmp_path, "src/app/nodes.py", "def fit(): pass\n")
    assert not [item for item in Discovery(tmp_path).found if item.leads_to_mlflow]
    write(tmp_path, "src/requirements.txt", "kedro-mlflow==0.11.8\n")
    assert [item.candidate.steps for item in Discovery(tmp_path).found if item.leads_to_mlflow] == [
        (command("kedro run"),)
    ]


def test_what_a_folder_says_to_prepare_goes_before(tmp_path: Path) -> None:
    write(tmp_path, "README.md", "```\npython -m app.data_pipeline.index\n```\n```\npython -m app.model.index\n```\n")
    write(tmp_path, "app/data_pipeline/index.py", "if __name__ == '__main__':\n    print('made')\n")
    write(tmp_path, "app/model/index.py", TRAINS)
    assert find_candidates(tmp_path)[0].steps == (
        command("python -m app.data_pipeline.index"),
        command("python -m app.model.index"),
    )


def test_what_serves_prepares_nothing(tmp_path: Path) -> None:
    write(tmp_path, "README.md", "```\npython prepare.py\n```\n```\npython train.py\n```\n")
    write(tmp_path, "prepare.py", "from feast.feature_server import start_server\n\nstart_server()\n")
    write(tmp_path, "train.py", TRAINS)
    assert find_candidates(tmp_path)[0].steps == (command("python train.py"),)
