"""The one gate that untrusted text passes before it is shown or written to a CSV.

A cloned repository chooses its file names, code and logs. `safe_text` makes every character visible that a
terminal would obey instead of print, and `csv_cell` keeps a spreadsheet from running a cell as a formula.
"""

import re

TAB = "    "

# C0 controls and DEL have pictures in Unicode's Control Pictures block (U+2400).
_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
# C1 controls, bidirectional controls, line and paragraph separators, surrogates, and all that Unicode calls default
# ignorable (DerivedCoreProperties.txt): invisible, and good for hiding text. Before a variation selector the width of a
# sign differs from terminal to terminal.
_INVISIBLE = (
    "\u0080-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff"
)
# Halves of flags, and skin tones: some terminals draw two of them as one sign, others as two.
_JOINING = "\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff"
_SHOWN_BY_NUMBER = re.compile(f"[{_INVISIBLE}{_JOINING}]")
_NEEDS_WORK = re.compile(f"[\x00-\x1f\x7f{_INVISIBLE}{_JOINING}]")
# Of these, what a file doesn't hold either: it is obeyed, or hides text. Parts of emoji are a cell's own text.
_HIDING = (
    "\u0080-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff"
)
_NUMBERED_IN_FILES = re.compile(f"[{_HIDING}]")

# Characters at the start of a cell that make a spreadsheet evaluate it (OWASP, "CSV Injection").
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")


def safe_text(value: str, *, multiline: bool = False) -> str:
    r"""Makes every control, bidirectional and invisible character of a text visible, and its width certain.

    Args:
        value: Text from a repository, a log or a file.
        multiline: Keep ``\n`` and expand ``\t``; otherwise both become visible signs, so that the result is one line.

    Returns:
        Text in which every character is printed by a terminal and none is obeyed.
    """
    if value.isascii() and value.isprintable():  # nearly every text, and the quickest test
        return value
    if not _NEEDS_WORK.search(value):
        return value
    return _shown(value, _SHOWN_BY_NUMBER, multiline)


def safe_record(value: str, *, multiline: bool = False) -> str:
    """Makes a text safe for a file that other programs open: as `safe_text`, but emoji stay what they are.

    Args:
        value: Text from a repository, a log or a person.
        multiline: As in `safe_text`.
    """
    if value.isascii() and value.isprintable():
        return value
    return _shown(value, _NUMBERED_IN_FILES, multiline)


def _shown(value: str, by_number: re.Pattern[str], multiline: bool) -> str:
    pictures: dict[int, str] = _PICTURES
    if multiline:
        value = value.replace("\r\n", "\n")
        pictures = _PICTURES | {0x0A: "\n", 0x09: TAB}
    return by_number.sub(lambda match: f"⟨{ord(match[0]):04X}⟩", value.translate(pictures))


def csv_cell(value: str) -> str:
    """Returns a cell that a spreadsheet shows as text: safe, on one line, never a formula."""
    value = safe_record(value)
    return "'" + value if _FORMULA.match(value) else value


def csv_text(cell: str) -> str:
    """Returns the text that `csv_cell` made a cell of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def storable(text: str) -> str:
    r"""A text as a file can hold it: half of a surrogate pair, which no encoding writes, becomes `\ud800`."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")
