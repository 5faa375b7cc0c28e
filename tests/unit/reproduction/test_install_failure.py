"""Install failures classed from what uv writes; the texts are uv 0.13's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.reproduction.install_failure import InstallCause, classify

NO_SOLUTION = "error: No solution found when resolving dependencies\n  cause: Because "
UNSATISFIABLE = ", we can conclude that your requirements are unsatisfiable.\n"


@pytest.mark.parametrize(
    ("output", "cause", "package"),
    [
        (
            "error: Couldn't parse requirement in `r.txt` at position 0\n"
            "  cause: Unexpected end of version specifier, expected version\n         pandas==\n               ^^\n",
            InstallCause.MALFORMED,
            "pandas==",
        ),
        (
            f"{NO_SOLUTION}there is no version of pandas==99 and you require pandas==99{UNSATISFIABLE}",
            InstallCause.NO_VERSION,
            "pandas==99",
        ),
        (
            f"{NO_SOLUTION}nosuch-1 was not found in the package registry and you require nosuch-1{UNSATISFIABLE}",
            InstallCause.NO_VERSION,
            "nosuch-1",
        ),
        (
            f"{NO_SOLUTION}tensorflow==2.5.0 has no wheels with a matching Python ABI tag (e.g., `cp310`) and you "
            f"require tensorflow==2.5.0{UNSATISFIABLE}",
            InstallCause.NO_WHEEL,
            "tensorflow==2.5.0",
        ),
        (
            f"{NO_SOLUTION}the current Python version (3.10.13) does not satisfy Python>=3.11 and numpy==2.3.0 depends "
            "on Python>=3.11, we can conclude that numpy==2.3.0 cannot be used.",
            InstallCause.NO_WHEEL,
            "numpy==2.3.0",
        ),
        (
            f"{NO_SOLUTION}pandas==2.2.2 depends on numpy{{python_full_version < '3.11'}}>=1.22.4 and you require "
            f"pandas==2.2.2, we can conclude that you require numpy>=1.22.4.\n         And because you require "
            f"numpy==1.10{UNSATISFIABLE}",
            InstallCause.CONFLICT,
            "pandas==2.2.2",
        ),
        (
            "error: Request failed after 3 retries in 8.7s\n  cause: Failed to fetch: http://127.0.0.1:9/simple/foobar2/\n"
            "  cause: error sending request for url (http://127.0.0.1:9/simple/foobar2/)\n",
            InstallCause.NETWORK,
            "foobar2",
        ),
        (
            f"{NO_SOLUTION}pandas==0.23.1 has invalid metadata and you require pandas==0.23.1{UNSATISFIABLE}\n"
            "hint: Metadata for `pandas` (v0.23.1) could not be parsed:\n  after parsing `2011`, found `k`\n",
            InstallCause.METADATA,
            "pandas==0.23.1",
        ),
        (
            f"{NO_SOLUTION}sip>=4.19.4,<=4.19.8 has no wheels with a matching Python ABI tag (e.g., `cp38`) and you "
            f"require sip{UNSATISFIABLE}",
            InstallCause.NO_WHEEL,
            "sip>=4.19.4,<=4.19.8",
        ),
        ("error: Distribution not found at: file:///tmp/x/numpy\n", InstallCause.MISSING_FILE, "file:///tmp/x/numpy"),
        ("error: failed to write\n  cause: No space left on device (os error 28)\n", InstallCause.DISK, ""),
        ("error: something never seen before\n", InstallCause.OTHER, ""),
    ],
)
def test_classes(output: str, cause: InstallCause, package: str) -> None:
    found = classify("Using Python 3.10.13 environment at: v1\n" + output)
    assert (found.cause, found.package) == (cause, package)
    assert package in found.message


def test_a_build_names_the_library_that_it_lacks() -> None:
    found = classify(
        "Resolved 1 package\nerror: Failed to build `psycopg2==2.9.5`\n  cause: The build backend returned an error\n"
        "         Error: pg_config executable not found.\n"
    )
    assert (found.cause, found.package) == (InstallCause.BUILD, "psycopg2==2.9.5")
    assert "(pg_config)" in found.message


@given(st.text(max_size=500))
def test_any_output_has_a_message(text: str) -> None:
    assert classify(text).message


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("invalid peer certificate: UnknownIssuer", "invalid peer certificate: UnknownIssuer"),
        (
            "SSL certificate problem: self-signed certificate in certificate chain",
            "SSL certificate problem: self-signed certificate in certificate chain",
        ),
        (
            "server certificate verification failed. CAfile: none CRLfile: none",
            "server certificate verification failed",
        ),
        ("tcp connect error", ""),
    ],
)
def test_a_certificate_that_is_not_accepted_is_told(said: str, told: str) -> None:
    fetching = "error: Failed to fetch: `https://index.example/simple/foobar2/`"
    output = f"{fetching}\n  cause: error sending request\n  cause: {said}\n"
    found = classify(output)
    assert found.cause is InstallCause.NETWORK
    assert found.message == "the network failed: foobar2" + (f" ({told})" if told else "")


@pytest.mark.parametrize(
    "text",
    ["a", "`", "\n", "Couldn't parse requirement\n  \n", "Git operation failed\n", "a depends on Python a ", "a==1,"],
)
def test_what_a_build_prints_without_end(text: str) -> None:
    assert classify("error: " + text * (200_000 // len(text))).cause in InstallCause
