"""Files of tests, told without parsing where that is certain: they are many, and most have no other evidence."""

import posixpath
import re

_TEST_FILE = re.compile(r"(test_.*|.*_test)\.py$")
_TEST = re.compile(rb"^([ \t]*)(?:async[ \t]+)?def[ \t]+(test\w*)", re.MULTILINE)


def is_test_file(path: str) -> bool:
    """Whether a path names a file of tests, as pytest collects them."""
    return bool(_TEST_FILE.match(posixpath.basename(path)))


def may_hold_tests(data: bytes) -> bool:
    """Whether a file may define a function `test*`."""
    return _TEST.search(data) is not None


def first_test(data: bytes) -> tuple[int, str] | None:
    """The line and the name of the first test function; None where only parsing tells.

    Certain is a `def test…` without indentation, before which no long string is left open.
    """
    found = _TEST.search(data)
    if found is None or found[1] or not data.isascii() or b"\r" in data.replace(b"\r\n", b""):
        return None
    before = data[: found.start()]
    if before.count(b'"""') % 2 or before.count(b"'''") % 2 or before.rstrip(b" \t\r\n").endswith(b"\\"):
        return None
    return before.count(b"\n") + 1, found[2].decode()
