"""What is tried when an environment can't be resolved or built as it stands."""

import pytest

from mlx_tui.reproduction.install_failure import InstallCause, InstallFailure
from mlx_tui.reproduction.model import Deviation, EnvironmentSpec
from mlx_tui.reproduction.resolution_steps import MOST_LATER, with_later, without_only_conda


def spec(*requirements: str, constraints: tuple[str, ...] = (), source: str = "requirements") -> EnvironmentSpec:
    return EnvironmentSpec(source, "r.txt", "", "/python", "3.10.1", requirements, constraints=constraints)


def failed(package: str, cause: InstallCause = InstallCause.BUILD, *, unknown: bool = False) -> InstallFailure:
    return InstallFailure(cause, package, "it failed", unknown)


def test_a_dependency_that_cannot_be_built_is_asked_for_in_a_later_version() -> None:
    found = with_later(spec("mlflow"), failed("llvmlite==0.36.0"))
    assert found is not None
    changed, told = found
    assert (changed.requirements, changed.constraints) == (("mlflow",), ("llvmlite>0.36.0",))
    assert (told.asked, told.used) == ("llvmlite==0.36.0", "a later llvmlite")
    again = with_later(changed, failed("llvmlite==0.36.1"))
    assert again is not None
    assert again[0].constraints == ("llvmlite>0.36.0", "llvmlite>0.36.1")


@pytest.mark.parametrize(
    ("wanted", "failure"),
    [
        (spec("llvmlite==0.36.0"), failed("llvmlite==0.36.0")),  # it is asked for
        (spec("LLVMlite"), failed("llvmlite==0.36.0")),
        (spec("mlflow", constraints=("llvmlite==0.36.0",)), failed("llvmlite==0.36.0")),
        (spec("mlflow", source="lock"), failed("llvmlite==0.36.0")),
        (spec("mlflow"), failed("llvmlite==0.36.0", InstallCause.NETWORK)),
        (spec("mlflow"), failed("llvmlite")),
        (spec("mlflow"), failed("llvmlite>=0.36,<0.37")),
        (spec("mlflow", constraints=tuple(f"p{n}>1" for n in range(MOST_LATER))), failed("llvmlite==0.36.0")),
    ],
)
def test_what_is_asked_for_stays_as_it_is(wanted: EnvironmentSpec, failure: InstallFailure) -> None:
    assert with_later(wanted, failure) is None


def test_what_only_conda_has_is_left_out_or_open() -> None:
    conda = spec("six==1.4.1", "cling", source="conda")
    unknown = without_only_conda(conda, failed("cling", InstallCause.NO_VERSION, unknown=True), [])
    assert unknown is not None
    assert unknown[0].requirements == ("six==1.4.1",)
    open_now = without_only_conda(conda, failed("six==1.4.1", InstallCause.NO_VERSION), [])
    assert open_now is not None
    assert open_now[0].requirements == ("six==1.4.1.*", "cling")
    nothing = spec("gmp", source="conda")
    told = [Deviation("package", "gmp==6.1.2.*", "left open in its version", "the package index doesn't have it")]
    left = without_only_conda(nothing, failed("gmp", InstallCause.NO_VERSION), told)
    assert left is not None
    assert (left[0].requirements, left[1].used) == ((), "left out")
    assert without_only_conda(nothing, failed("gmp", InstallCause.NO_VERSION), []) is None  # the file's own open line
    assert without_only_conda(spec("cling"), failed("cling", InstallCause.NO_VERSION, unknown=True), []) is None
