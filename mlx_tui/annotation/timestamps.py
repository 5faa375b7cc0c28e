"""Times in `annotations.csv`, and what spreadsheets make of them."""

import re
from datetime import UTC, datetime

_LOCAL = re.compile(
    r"(?P<a>\d{1,2})(?P<separator>[./-])(?P<b>\d{1,2})(?P=separator)(?P<year>\d{4}|\d{2})"
    r"[ T,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,6}))?)?"
    r"\s*(?P<half>[AaPp][Mm])?"
)


def format_timestamp(moment: datetime) -> str:
    """A time-zone-aware time as text: UTC, ISO 8601, to the microsecond, `2026-11-22T22:21:42.000000Z`.

    The `Z` after microseconds keeps LibreOffice from taking it for a date and saving it in another form.
    """
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_timestamp(text: str) -> datetime:
    """Reads a time; one without a time zone is UTC.

    Besides ISO 8601, `22.11.2026 22:21`, `11/22/26 10:21 PM` and the like are read where day and month can't be
    confused.

    Raises:
        ValueError: It isn't a time, or day and month can't be told apart.
    """
    text = text.strip().removeprefix("'")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _parse_local(text)
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"annotated_at is out of range: {text}") from None


def _parse_local(text: str) -> datetime:
    match = _LOCAL.fullmatch(text)
    if match is None:
        raise ValueError(f"annotated_at isn't a time: {text[:40]!r}; write it as 2026-11-22T22:21:42Z")
    first, second = int(match["a"]), int(match["b"])
    if match["separator"] == "." or first > 12 or first == second:
        day, month = first, second
    elif second > 12:
        month, day = first, second
    else:
        raise ValueError(f"annotated_at may be day/month or month/day: {text!r}; write it as 2026-11-22T22:21:42Z")
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "pm" else 0)
    fraction = (match["fraction"] or "").ljust(6, "0")
    return datetime(year, month, day, hour, int(match["minute"]), int(match["second"] or 0), int(fraction or 0), UTC)
