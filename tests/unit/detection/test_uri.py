import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.detection.uri import HOLE, artifact_scheme, database_scheme, uri_class

CLASSES = {
    "local_path",
    "sqlite",
    "database",
    "loopback_server",
    "service_host",
    "remote_server",
    "managed",
    "dynamic",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "local_path"),
        ("./mlruns", "local_path"),
        ("file:///srv/mlruns", "local_path"),
        ("C:\\runs\\mlruns", "local_path"),
        ("${DIR}/mlruns", "local_path"),
        (HOLE + "/mlruns", "local_path"),
        ("sqlite:///" + HOLE, "sqlite"),
        ("postgresql+psycopg2://u:p@db/mlflow", "database"),
        ("http://localhost:5000", "loopback_server"),
        ("http://127.0.0.9", "loopback_server"),
        ("http://[::1]:5000", "loopback_server"),
        ("http://host.docker.internal:5000", "loopback_server"),
        ("${URI:-http://localhost:5000}", "loopback_server"),
        ("http://mlflow:${PORT}", "service_host"),
        ("http://{{ .Release.Name }}-mlflow:5000", "service_host"),
        ("https://user:p@mlflow.example.org/x", "remote_server"),
        ("http://192.168.0.7:5000", "remote_server"),
        ("https://dagshub.com/a/b.mlflow", "managed"),
        ("databricks://profile", "managed"),
        ("${URI}", "dynamic"),
        ("${{ secrets.URI }}", "dynamic"),
        ("http://${HOST}:5000", "remote_server"),
        ("$HOST:5000", "dynamic"),
    ],
)
def test_class_of_a_uri(text: str, expected: str) -> None:
    assert uri_class(text) == expected


@given(st.text())
def test_any_text_has_a_class(text: str) -> None:
    assert uri_class(text) in CLASSES


def test_schemes_of_stores() -> None:
    assert database_scheme("mysql+pymysql://u:${P}@db/x") == "mysql"
    assert database_scheme("postgres://x") == "postgresql"
    assert database_scheme("./mlruns") == ""
    assert artifact_scheme("s3://bucket/x") == "s3"
    assert artifact_scheme("/workspace/mlruns") == ""


def test_a_text_of_brackets_that_never_close() -> None:
    assert uri_class("{" * 500_000) == uri_class("{" * 5_000)
