"""Files that others wrote."""

import codecs
import os

import pytest

from mlx_tui.text_files import UnreadableError, decode, read_regular


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_tells_the_encoding(encoding):
    mark = getattr(codecs, f"BOM_{encoding.replace('-', '_').upper().replace('UTF_8', 'UTF8').replace('UTF_', 'UTF')}")
    assert decode(mark + "é=1\n".encode(encoding)) == "é=1\n"


def test_what_is_not_utf_8_costs_no_more_than_its_letters():
    assert decode("é".encode("latin-1") + b"x") == "\ufffdx"
    assert decode("é".encode("latin-1") + b"x", otherwise="latin-1") == "éx"
    assert decode("é".encode(), otherwise="latin-1") == "é"


@pytest.mark.parametrize(
    ("path", "kind"),
    [("link", "not_regular"), ("pipe", "not_regular"), ("../x", "not_regular"), ("/etc/hostname", "not_regular")],
)
def test_only_regular_files_inside_are_read(tmp_path, path, kind):
    (tmp_path / "file").write_bytes(b"12345")
    (tmp_path / "link").symlink_to("file")
    os.mkfifo(tmp_path / "pipe")
    assert read_regular(tmp_path, "file", 5) == b"12345"
    for asked, limit, told in ((path, 5, kind), ("file", 4, "too_large"), ("nothing", 5, "missing")):
        with pytest.raises(UnreadableError) as raised:
            read_regular(tmp_path, asked, limit)
        assert raised.value.kind == told
