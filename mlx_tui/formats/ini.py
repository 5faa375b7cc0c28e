"""INI files (`setup.cfg`, `tox.ini`), read tolerantly."""

import configparser


class IniError(ValueError):
    """The text isn't an INI file."""


def parse_ini(text: str) -> configparser.RawConfigParser:
    """Parses an INI file; values aren't interpolated.

    Raises:
        IniError: The text isn't an INI file.
    """
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text.lstrip("\ufeff"))
    except (configparser.Error, UnicodeError, AttributeError) as error:
        # AttributeError: an indented line below a key without a value, which the parser itself doesn't foresee.
        raise IniError(" ".join(str(error).split())) from error
    return parser
