"""INI files, also odd ones."""

import pytest

from mlx_tui.formats.ini import IniError, parse_ini


def test_an_indented_line_below_a_key_without_a_value_is_an_error_of_the_file():
    with pytest.raises(IniError):
        parse_ini("[metadata]\nname\n  continued\n")


def test_values_and_byte_order_mark():
    parser = parse_ini("\ufeff[options]\ninstall_requires =\n  mlflow==2.1\n  pandas\n")
    assert parser.get("options", "install_requires").split() == ["mlflow==2.1", "pandas"]
