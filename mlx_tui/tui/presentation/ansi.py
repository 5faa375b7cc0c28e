"""A line of a log as coloured text: colours are kept, every other escape sequence is dropped, the rest is made safe."""

import re

from rich.ansi import AnsiDecoder
from rich.text import Text

from mlx_tui.safe_text import safe_text

_SGR = re.compile(r"(\x1b\[[0-9;]{0,64}m)")
# ECMA-48 control sequences, operating system commands and other strings, and two-character escapes; of strings
# that never end only the introducer goes.
_OTHER_ESCAPES = re.compile(
    r"\x1b\[[0-?]{0,64}[ -/]{0,8}[@-ln-~]|\x1b[\]PX^_][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)|\x1b[ -/]{0,8}[0-Z\\^-~]"
)
LONGEST = 4_000
"""Characters of a line that are shown."""


def ansi_text(line: str) -> Text:
    """Returns a line of a log as text that a terminal prints and never obeys.

    Args:
        line: Raw text of one line.
    """
    if len(line) > LONGEST:
        line = line[:LONGEST] + "…"
    if "\x1b" not in line:
        return Text(safe_text(line.expandtabs(8)), end="")
    pieces = _SGR.split(_OTHER_ESCAPES.sub("", line))
    safe = "".join(piece if index % 2 else safe_text(piece.expandtabs(8)) for index, piece in enumerate(pieces))
    text = AnsiDecoder().decode_line(safe)
    text.end = ""
    return text
