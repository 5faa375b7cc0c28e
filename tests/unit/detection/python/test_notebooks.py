"""Notebooks, magics and Databricks sources."""

import json

from mlx_tui.detection.python.notebook_code import cell_code
from tests.unit.detection.python.scanning import anomalies, findings, notebook


def places(files: dict[str, str | bytes], feature: str) -> list[str]:
    return [f.place for f in findings(files) if f.feature == feature]


def test_names_hold_across_cells_and_places_name_cell_and_line() -> None:
    data = notebook(("markdown", "mlflow.log_param(1)"), "import mlflow as m", "x = 1\nm.log_param('a', 1)")
    assert places({"n.ipynb": data}, "parameters.logged") == ["n.ipynb#2:2"]


def test_magics_are_tolerated_and_keep_the_lines() -> None:
    data = notebook(
        "%matplotlib inline\n!pip install \\\n  mlflow\nimport mlflow\n"
        "%time mlflow.log_param('a', 1)\nx?\nmlflow.log_metric('a', 1)"
    )
    assert places({"n.ipynb": data}, "parameters.logged") == ["n.ipynb#0:5"]
    assert places({"n.ipynb": data}, "metrics.logged") == ["n.ipynb#0:7"]
    assert anomalies({"n.ipynb": data}) == []


def test_shell_lines_run_commands() -> None:
    data = notebook(
        "!mlflow ui --port 5000 &", "%%bash\n# mlflow ui\nmlflow server", "get_ipython().system_raw('mlflow ui &')"
    )
    assert sorted(places({"n.ipynb": data}, "tracking.server")) == ["n.ipynb#0:1", "n.ipynb#1:3", "n.ipynb#2:1"]


def test_an_option_of_a_continued_command_is_on_its_own_line() -> None:
    run = "mlflow run https://example.org/a.git#b \\\n  -P a=1 \\\n\\\n  --experiment-id=2"
    data = notebook(f"x = 1\n! {run}\nx = 2", f"%%bash\n{run} \\")
    found = [f for f in findings({"n.ipynb": data}) if f.feature == "runs.experiment"]
    assert [f.place for f in found] == ["n.ipynb#0:5", "n.ipynb#1:5"]
    assert {f.excerpt.strip(" \\") for f in found} == {"--experiment-id=2"}


def test_a_magic_sets_the_environment() -> None:
    data = notebook("import mlflow", "%env MLFLOW_TRACKING_URI=http://localhost:5000")
    assert places({"n.ipynb": data}, "tracking.configured") == ["n.ipynb#1:1"]


def test_a_cell_that_writes_a_file_or_is_in_another_language_does_not_count() -> None:
    data = notebook("import mlflow", "%%writefile t.py\nmlflow.log_param('a', 1)", "%%R\nmlflow.log_param('a', 1)")
    assert places({"n.ipynb": data}, "parameters.logged") == []


def test_one_broken_cell_costs_itself_alone() -> None:
    files = {"n.ipynb": notebook("import mlflow", "this isn't python", "mlflow.log_param('a', 1)")}
    assert places(files, "parameters.logged") == ["n.ipynb#2:1"]
    assert [a.kind for a in anomalies(files)] == ["unparseable"]


def test_nbformat_3_and_a_source_that_is_a_string() -> None:
    cells = [{"cell_type": "code", "language": "python", "input": "import mlflow\nmlflow.log_param('a', 1)"}]
    old = json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]}).encode()
    assert places({"n.ipynb": old}, "parameters.logged") == ["n.ipynb#0:2"]


def test_a_notebook_that_is_none_is_an_anomaly() -> None:
    assert [a.kind for a in anomalies({"n.ipynb": b"{mlflow"})] == ["notebook"]
    assert [a.kind for a in anomalies({"empty.ipynb": b""})] == ["notebook"]


def test_databricks_sources() -> None:
    text = "# Databricks notebook source\n# MAGIC %md mlflow ui\n# COMMAND ----------\n# MAGIC %sh"
    text += "\n# MAGIC mlflow ui\n# COMMAND ----------\nimport mlflow\nmlflow.autolog()"
    assert places({"d.py": text}, "tracking.server") == ["d.py:5"]
    assert places({"d.py": text}, "parameters.autologged") == ["d.py:8"]


def test_an_operator_at_a_lines_start_is_no_magic() -> None:
    assert cell_code('x = ("%s"\n     % y)').python == 'x = ("%s"\n     % y)'
    assert cell_code("files = !ls\nprint(files)").python == "files = None\nprint(files)"


def test_a_package_that_is_installed_is_no_command() -> None:
    data = notebook("!uv add openai mlflow datasets", "!python -m pip install mlflow models", "!uv run mlflow ui")
    found = [f.place for f in findings({"n.ipynb": data}) if f.rule == "usage.mlflow.command"]
    assert found == ["n.ipynb#2:1"]


def test_python_cells_of_a_databricks_source_in_another_language() -> None:
    cells = "{0} Databricks notebook source\nprint(1)\n{0} COMMAND ----------\n{0} MAGIC %python\n"
    cells += "{0} MAGIC import mlflow\n{0} MAGIC if True:\n{0} MAGIC   mlflow.log_param('a', 1)\n"
    for name, comment in (("a.r", "#"), ("a.scala", "//"), ("a.sql", "--"), ("a.py", "#")):
        assert places({name: cells.format(comment)}, "parameters.logged") == [f"{name}:7"], name
    assert not places({"a.r": cells.format("#").replace("Databricks", "Another")}, "parameters.logged")


def test_python_cells_of_a_notebook_in_another_language() -> None:
    cells = ("SELECT 1", "%python\nimport mlflow\nmlflow.log_param('a', 1)", "mlflow.log_param('a', 1)")
    assert places({"n.ipynb": notebook(*cells, language="sql")}, "parameters.logged") == ["n.ipynb#1:3"]


def test_an_indented_cell_and_a_magic_without_its_sign_are_read_as_ipython_reads_them() -> None:
    indented = "\n    # first\n    with mlflow.start_run():\n        mlflow.log_metric('a', 1)\n"
    data = notebook("pip install \\\n  mlflow\nimport mlflow", indented)
    found = {(item.feature, item.cell, item.line) for item in findings({"a.ipynb": data})}
    assert {("usage.mlflow", 0, 3), ("runs.explicit", 1, 3), ("metrics.logged", 1, 4)} <= found
    assert not anomalies({"a.ipynb": data})
