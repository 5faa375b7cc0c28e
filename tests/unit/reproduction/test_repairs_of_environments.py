"""Repairs of an environment: packages that are missing, too new or can't be installed, and the interpreter."""

from dataclasses import replace

import pytest
from repair_support import FAILED, PYTHONS, failure, name, plan

from mlx_tui.reproduction.install_failure import InstallCause, InstallFailure
from mlx_tui.reproduction.model import (
    Variable,
)
from mlx_tui.reproduction.repairs.failure import Failure
from mlx_tui.reproduction.repairs.ladder import next_repair
from mlx_tui.reproduction.repairs.packages import with_requirement


@pytest.mark.parametrize(
    ("line", "files", "expected"),
    [
        ("ModuleNotFoundError: No module named 'dotenv'", (), "python-dotenv added"),
        ("ModuleNotFoundError: No module named 'google.cloud'", (), ""),
        ("ModuleNotFoundError: No module named 'google.cloud.storage'", (), "google-cloud-storage added"),
        ("ImportError: Missing optional dependency 'openpyxl'.  Use pip", (), "openpyxl added"),
        ("ModuleNotFoundError: No module named 'helpers'", ("train.py", "lib/helpers.py"), "PYTHONPATH lib"),
        ("ModuleNotFoundError: No module named 'helpers.x'", ("src/helpers/x.py",), "PYTHONPATH src"),
        ("ModuleNotFoundError: No module named 'dbutils'", (), ""),
        ("ModuleNotFoundError: No module named 'tkinter'", (), ""),
        ("ModuleNotFoundError: No module named 'imp'", (), "python 3.9"),
        ("ValueError: Input contains NaN", (), ""),
        ("sh: 1: dvc: not found", (), "dvc added"),
    ],
)
def test_what_answers_a_missing_module(line: str, files: tuple[str, ...], expected: str) -> None:
    before = plan("mlflow")
    given_ = replace(failure(line, *files), interpreters=PYTHONS[:2])
    assert name(before, given_) == expected


def test_a_module_of_the_repositorys_own_is_never_installed() -> None:
    failed = failure("ModuleNotFoundError: No module named 'utils'", "a/utils.py", "b/utils.py")
    current, names = plan("mlflow"), []
    while (changed := next_repair(current, failed)) is not None:
        current = changed
        names.append(changed.repairs[-1].name)
    assert names == ["PYTHONPATH a", "PYTHONPATH b"]
    assert current.environment == plan("mlflow").environment
    assert current.variables == (Variable("PYTHONPATH", "a:b"),)


def test_a_package_that_is_there_already_isnt_added_again() -> None:
    line = "ModuleNotFoundError: No module named 'sklearn.externals.joblib'"
    assert name(plan("scikit-learn"), failure(line, scikit_learn="1.5")) == ""


@pytest.mark.parametrize(
    ("line", "installed", "expected"),
    [
        ("skops.io.exceptions.UntrustedTypesFoundException: Untrusted types found", "3.15.0", "mlflow<3.14"),
        ("mlflow.exceptions.MlflowException: … untrusted types …", "3.13.0", ""),
        ("AttributeError: 'RunInfo' object has no attribute 'run_uuid'", "3.1.0", "mlflow<3"),
        ("AttributeError: module 'mlflow.sklearn' has no attribute 'x'", "2.9.0", "mlflow<2"),
        ("AttributeError: module 'mlflow.sklearn' has no attribute 'x'", "1.30.0", ""),
        ("ImportError: cannot import name 'LoggedModel' from 'mlflow.entities' (/x.py)", "3.1.0", "mlflow<3"),
        ("AttributeError: module 'numpy' has no attribute 'float'", "3.1.0", ""),
    ],
)
def test_mlflow_is_bounded_where_its_interface_went(line: str, installed: str, expected: str) -> None:
    assert name(plan("mlflow[extras]==9"), failure(line, mlflow=installed)) == expected


@pytest.mark.parametrize(
    ("mlflow", "sqlalchemy", "expected"),
    [
        ("2.10", "2.1.9", "sqlalchemy<2.1"),
        ("1.30", "2.0.1", "sqlalchemy<2"),
        ("2.10", "2.0.1", ""),
        ("1.30", "1.4", ""),
    ],
)
def test_sqlalchemy_is_bounded_where_mlflows_store_breaks(mlflow: str, sqlalchemy: str, expected: str) -> None:
    line = "ImportError: cannot import name 'FallbackAsyncAdaptedQueuePool' from 'sqlalchemy.pool' (/x.py)"
    assert name(plan("mlflow"), failure(line, mlflow=mlflow, sqlalchemy=sqlalchemy)) == expected


@pytest.mark.parametrize(
    ("lines", "installed", "expected"),
    [
        (
            ("A module that was compiled using NumPy 1.x cannot be run in", "RuntimeError: Numpy is not available"),
            "2.2.6",
            "numpy<2",
        ),
        (("AttributeError: `np.float_` was removed in the NumPy 2.0 release.",), "2.0.0", "numpy<2"),
        (("AttributeError: module 'numpy' has no attribute 'bool'.",), "1.26.4", "numpy<1.24"),
        (("AttributeError: module 'numpy' has no attribute 'bool'.",), "1.23.5", ""),
        (("RuntimeError: Numpy is not available",), "1.26.4", ""),
    ],
)
def test_numpy_is_bounded_where_others_were_made_for_an_older_one(
    lines: tuple[str, ...], installed: str, expected: str
) -> None:
    assert name(plan(), replace(failure(lines[-1], numpy=installed), lines=lines)) == expected


def test_a_bound_keeps_extras_and_takes_the_place_of_pins_and_constraints() -> None:
    spec = replace(plan("MLflow[extras, x]==3.0", "numpy").environment, constraints=("mlflow==3.0", "six==1"))
    changed = with_requirement(spec, "mlflow", "<3")
    assert changed.requirements == ("numpy", "mlflow[extras, x]<3")
    assert changed.constraints == ("six==1",)


@pytest.mark.parametrize(
    ("cause", "lines", "expected"),
    [
        (InstallCause.NO_WHEEL, ("llvmlite has no wheels with a matching Python ABI tag",), "python 3.9"),
        (
            InstallCause.NO_WHEEL,
            ("the current Python version (3.11.7) does not satisfy Python>=3.12 and x==1 depends on Python>=3.12",),
            "python 3.12",
        ),
        (InstallCause.NETWORK, (), ""),
        (InstallCause.MALFORMED, (), ""),
    ],
)
def test_an_interpreter_that_fits(cause: InstallCause, lines: tuple[str, ...], expected: str) -> None:
    failed = Failure(FAILED, lines=lines, install=InstallFailure(cause, "x", "x can't be had"), interpreters=PYTHONS)
    before = plan("x")
    before = replace(before, environment=replace(before.environment, as_of="2021-12-01T00:00:00Z"))
    changed = next_repair(before, failed)
    assert (changed.repairs[-1].name if changed else "") == expected
    if changed:
        assert changed.environment.interpreter == f"/python{changed.environment.python_used}"


def test_the_interpreter_that_the_package_has_wheels_for_goes_before_all_others() -> None:
    install = InstallFailure(InstallCause.BUILD, "x==1", "x==1 has to be built from source, and that failed")
    failed = Failure(FAILED, install=install, interpreters=PYTHONS, with_wheels=PYTHONS[:1])
    changed = next_repair(plan("x==1"), failed)
    assert changed is not None
    assert changed.repairs[-1].name == "python 3.8"


@pytest.mark.parametrize(
    ("line", "install", "expected", "repair"),
    [
        (
            "a==1    - b==2",
            InstallFailure(InstallCause.MALFORMED, "a==1    - b==2", "it can't be understood"),
            ("a==1", "b==2"),
            "requirements separated",
        ),
        ("a some prose", InstallFailure(InstallCause.MALFORMED, "a some prose", "it can't be understood"), None, ""),
        ("a==1.4.1", InstallFailure(InstallCause.NO_VERSION, "a==1.4.1", "no"), ("a==1.4.1.*",), "a==1.4.1.*"),
        ("a==1.4.1.*", InstallFailure(InstallCause.NO_VERSION, "a==1.4.1.*", "no"), ("a~=1.4.0",), "a~=1.4.0"),
        ("a>=3", InstallFailure(InstallCause.NO_VERSION, "a", "no"), None, ""),
        (
            "pkg_resources==0.0.0",
            InstallFailure(InstallCause.NO_VERSION, "pkg-resources", "no", unknown=True),
            (),
            "pkg-resources left out",
        ),
        ("pywin32==306", InstallFailure(InstallCause.NO_WHEEL, "pywin32==306", "no"), (), "pywin32 left out"),
    ],
)
def test_what_is_listed_and_cannot_be_installed(
    line: str, install: InstallFailure, expected: tuple[str, ...] | None, repair: str
) -> None:
    changed = next_repair(plan("six", line), Failure(FAILED, install=install))
    if expected is None:
        assert changed is None
        return
    assert changed is not None
    assert changed.environment.requirements == ("six", *expected)
    assert changed.repairs[-1].name == repair


def test_no_more_than_two_interpreters_are_tried() -> None:
    failed = Failure(FAILED, install=InstallFailure(InstallCause.BUILD, "x", "it failed"), interpreters=PYTHONS)
    current, names = plan("x"), []
    while (changed := next_repair(current, failed)) is not None:
        current = changed
        names.append(changed.repairs[-1].name)
    assert names == ["python 3.9", "python 3.8"]
