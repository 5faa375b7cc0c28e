"""Python that doesn't parse loses only what is broken."""

from tests.unit.detection.python.scanning import anomalies, lines


def test_python_2_is_read() -> None:
    text = """
import mlflow
def train():
    print "starting", mlflow.__version__
    try:
        mlflow.log_param("a", 0777)
    except Exception, error:
        print >>sys.stderr, error
        raise ValueError, "bad"
    exec "x = 1"
    mlflow.log_metric("a", 1L)
print `x`
mlflow.log_metric("b", 1)
"""
    assert lines(text, "parameters.logged") == [6]
    assert lines(text, "metrics.logged") == [11, 13]


def test_a_cut_file_keeps_what_stands_before_the_cut() -> None:
    text = (
        "import mlflow\nmlflow.log_param('a', 1)\ndef f():\n    mlflow.log_metric('a', 1)\n    mlflow.log_metric('b',"
    )
    assert lines(text, "parameters.logged") == [2]
    assert lines(text, "metrics.logged") == [4]


def test_conflict_markers_cost_their_lines() -> None:
    text = "import mlflow\n<<<<<<< HEAD\nmlflow.log_param('a', 1)\n=======\n"
    text += "mlflow.log_param('b', 1)\n>>>>>>> x\nmlflow.log_metric('a', 1)"
    assert lines(text, "metrics.logged") == [7]
    found = anomalies({"a.py": text})
    assert [a.kind for a in found] == ["unparseable"]
    assert "lines" in found[0].message


def test_nesting_without_end_is_an_anomaly() -> None:
    text = "import mlflow\nmlflow.log_param('a', 1)\nx = " + "(" * 20_000 + ")" * 20_000
    assert lines(text, "parameters.logged") == [2]
    assert [a.path for a in anomalies({"a.py": text})] == ["a.py"]


def test_tabs_and_spaces_mixed() -> None:
    text = "import mlflow\nif x:\n        y = 1\n\tmlflow.log_param('a', 1)\n"
    assert lines(text, "parameters.logged") == [4]


def test_quotes_of_python_312_inside_an_f_string() -> None:
    text = "import mlflow\nmlflow.log_param('a', f'{d['k']} {e[\"x\"]}')\nmlflow.log_metric(f\"{d[\"k\"]}\", 1)\n"
    assert lines(text, "parameters.logged") == [2]
    assert lines(text, "metrics.logged") == [3]
    assert anomalies({"a.py": text}) == []
