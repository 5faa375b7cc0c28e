"""What entries of dependency lists allow, in every dialect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from mlx_tui.formats.conda_env import conda_package
from mlx_tui.formats.packages import Package
from mlx_tui.formats.pyproject import parse_pipfile, parse_pyproject
from mlx_tui.formats.requirements import parse_requirement
from mlx_tui.formats.version_ranges import Span, span_of, specifier_of


def same(found: str, expected: str) -> bool:
    return SpecifierSet(found) == SpecifierSet(expected)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("mlflow==2.3.1", "==2.3.1"),
        ("mlflow[extras] >= 1.2 , < 3 ; python_version < '3.9'", ">=1.2,<3"),
        ("mlflow~=2.3.0  # why", "~=2.3.0"),
        ("mlflow (>=1.0,<2)", ">=1.0,<2"),
        ("mlflow==2.16.*", "==2.16.*"),
        ("mlflow!=2.0.0,>1", ">1,!=2.0.0"),
        ("mlflow", ""),
        ("mlflow @ https://example.org/mlflow-2.3.1.tar.gz", ""),
        ("mlflow==2.3.1 --hash=sha256:00", "==2.3.1"),
        ("mlflow>=1.2 --hash=sha256:00", ">=1.2"),
    ],
)
def test_requirements(entry: str, expected: str) -> None:
    package = parse_requirement(entry, 1)
    assert package is not None
    assert same(specifier_of(package), expected)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("mlflow=2.3", "==2.3.*"),
        ("mlflow=2.3.1", "==2.3.1"),
        ("conda-forge::mlflow>=1.6,<2", ">=1.6,<2"),
        ("mlflow=1.2.3=py_0", "==1.2.3"),
        ("mlflow 1.30.0", "==1.30.0"),
        ("mlflow=1.*", "==1.*"),
        ("mlflow>=1.2|2.0", ""),
        ("mlflow", ""),
    ],
)
def test_conda(entry: str, expected: str) -> None:
    package = conda_package(entry, 1)
    assert package is not None
    assert same(specifier_of(package), expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"^2.3.1"', ">=2.3.1,<3"),
        ('"^0.9.1"', ">=0.9.1,<0.10"),
        ('"~2.3"', ">=2.3,<2.4"),
        ('"~2"', ">=2,<3"),
        ('"2.3.1"', "==2.3.1"),
        ('"*"', ""),
        ('">=2,<3"', ">=2,<3"),
        ('">=2,<3 || >=4"', ""),
        ('{version = "^2.3", extras = ["x"]}', ">=2.3,<3"),
        ('{git = "https://example.org/m.git"}', ""),
    ],
)
def test_poetry(value: str, expected: str) -> None:
    (package,) = parse_pyproject(f"[tool.poetry.dependencies]\nmlflow = {value}\n").packages
    assert same(specifier_of(package), expected)


def test_pipfile() -> None:
    (package,) = parse_pipfile('[packages]\nmlflow = "~=2.3"\n').packages
    assert same(specifier_of(package), "~=2.3")


@given(st.text(max_size=60))
def test_any_text_gives_a_specifier_that_reads(text: str) -> None:
    specifier = specifier_of(Package("mlflow", "", 1, f"mlflow{text}"))
    SpecifierSet(specifier)
    span_of(specifier)


PARTS = st.integers(0, 4)
VERSIONS = st.builds(lambda parts: ".".join(map(str, parts)), st.lists(PARTS, min_size=2, max_size=3))
CLAUSES = st.one_of(
    st.builds(lambda o, v: o + v, st.sampled_from(["==", ">=", "<=", ">", "<", "!=", "~="]), VERSIONS),
    st.builds(lambda o, v: f"{o}{v}.*", st.sampled_from(["==", "!="]), VERSIONS),
)


@given(st.lists(CLAUSES, max_size=3).map(",".join), VERSIONS)
def test_a_span_holds_every_version_that_is_allowed(specifier: str, version: str) -> None:
    if SpecifierSet(specifier).contains(version, prereleases=True):
        span = span_of(specifier)
        assert span.low is None or span.low <= Version(version)
        assert span.high is None or Version(version) <= span.high


def test_what_is_no_specifier_has_no_ends() -> None:
    assert span_of("not a version") == Span()
