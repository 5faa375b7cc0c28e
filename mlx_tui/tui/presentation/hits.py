"""What a search found, as rows, and how a query is typed."""

from mlx_tui.counted import counted
from mlx_tui.detection.search import Hit, Query
from mlx_tui.study.places import Place
from mlx_tui.study.searching import SearchResult
from mlx_tui.tui.widgets.table_model import Cell, Column


def place_of(hit: Hit) -> Place:
    """Where a hit is."""
    return Place(hit.path, hit.cell, hit.line)


def hit_key(hit: Hit) -> str:
    """What names a hit among others."""
    return f"{hit.repo}\n{place_of(hit).text}"


def hit_columns(width: int) -> tuple[Column[Hit], ...]:
    """The columns, for a width of the table in cells; narrow ones leave the text the most room."""
    repo, place = (10, 14) if width < 60 else (18, 24) if width < 120 else (28, 44)
    return (
        Column[Hit](
            "repo",
            "repository",
            repo,
            lambda hit: Cell(hit.repo, "strong"),
            lambda hit: hit.repo.casefold(),
            searchable=True,
            description="The repository",
        ),
        Column[Hit](
            "file",
            "place",
            place,
            lambda hit: Cell(place_of(hit).text),
            lambda hit: f"{hit.path}\n{hit.cell or 0:06}\n{hit.line:09}",
            keep_end=True,
            searchable=True,
            description="File and line; in a notebook file, cell and line",
            aliases=("path",),
        ),
        Column[Hit](
            "text",
            "text",
            0,
            lambda hit: Cell(hit.text),
            lambda hit: hit.text.casefold(),
            searchable=True,
            description="The line, without its indentation",
            aliases=("line", "code"),
        ),
    )


def parse_query(text: str) -> Query:
    """Reads what is typed: plain text, or a regular expression between slashes.

    Upper and lower case are alike unless an upper-case letter is typed; one behind a backslash is none.
    """
    regex = len(text) > 2 and text.startswith("/") and text.endswith("/")
    looked_for = text[1:-1] if regex else text
    letters = "".join(after for before, after in zip(" " + looked_for, looked_for, strict=False) if before != "\\")
    return Query(looked_for, regex, ignore_case=letters == letters.lower())


def found_text(result: SearchResult) -> str:
    """Says what a search found, and what it couldn't look into."""
    hits = counted(len(result.hits), "hit") if result.hits else "nothing found"
    told = f"{'stopped; ' if result.stopped else ''}{hits} in {result.files:,} files of {result.repositories}"
    told += f" {'repository' if result.repositories == 1 else 'repositories'}"
    if result.errors:
        told += f"; not all of {len(result.errors)}: {result.errors[0][0]}: {result.errors[0][1]}"
    return told
