import pytest

from mlx_tui.formats.assignments import UNKNOWN, find_assignments, resolve

NAME = "VARIABLE"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("VARIABLE=a", "a"),
        ("export VARIABLE='a b' # c", "a b"),
        ("VARIABLE: http://x:5000", "http://x:5000"),
        ("VARIABLE: ${{ secrets.VARIABLE }}", "${{ secrets.VARIABLE }}"),
        ('- "VARIABLE=a"', "a"),
        ("ENV VARIABLE a", "a"),
        ("run -e VARIABLE=a img", "a"),
        ("run -e VARIABLE img", UNKNOWN),
        ("- name: VARIABLE\n  value: 'a'", "a"),
        ("- name: VARIABLE\n  valueFrom:\n    secretKeyRef: x", UNKNOWN),
        ('{"name": "VARIABLE", "value": "a"},', "a"),
        ('Environment="VARIABLE=a" "B=1"', "a"),
        ("${VARIABLE:=a}", "a"),
        ('$env:VARIABLE = "a"', "a"),
        ("VARIABLE: >-\n  a", "a"),
        ("VARIABLE:\n  value: a", "a"),
        ("VARIABLE ?= a", "a"),
        ('"VARIABLE": "a",', "a"),
        ("VARIABLE: {{ .Values.a }}", "{{ .Values.a }}"),
        ("# VARIABLE=a", None),
        ("ARG VARIABLE", None),
        ("VARIABLE=", None),
        ("VARIABLE= other", None),
        ("VARIABLE: null", None),
        ("VARIABLE:\n  required: true", None),
        ("if [ $VARIABLE = a ]", None),
        ("echo ${VARIABLE:-a}", None),
        ("VARIABLE == a", None),
        ("secrets.VARIABLE: a", None),
        ("MY_VARIABLE=a", None),
    ],
)
def test_values(text: str, value: str | None) -> None:
    assert [found.value for found in find_assignments(text, frozenset({NAME}))] == ([] if value is None else [value])


def test_references_within_the_text_are_filled_in() -> None:
    text = "HOST=mlflow\nLOOP=$LOOP\n"
    assert resolve("http://${HOST}:${PORT:-5000}/$OTHER", text) == "http://mlflow:5000/$OTHER"
    assert resolve("$LOOP", text) == "$LOOP"
