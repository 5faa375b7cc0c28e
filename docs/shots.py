"""The documentation's pictures: which there are, and how each is reached."""

from collections.abc import Callable
from dataclasses import dataclass

from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.long_job import LongJob
from mlx_tui.tui.screens.corpus import CorpusScreen


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: a file's name, a heading, and the keys from the corpus' screen; `=text` is typed at once.

    Textual's own screens keep the colours that they were opened in: such a one is `reopened` for each look.
    """

    name: str
    title: str
    keys: str = ""
    first_time: bool = False
    empty: bool = False
    reopened: bool = False
    amid: str = ""


def writing(app: MlxTuiApp) -> None:
    """As while a report is written, which takes too short a time for a picture."""
    app.written = LongJob("writing report.html")


def scanning(app: MlxTuiApp) -> None:
    """As while a corpus is scanned."""
    assert isinstance(app.screen, CorpusScreen)
    app.screen._begin("scanning")


AMID: dict[str, Callable[[MlxTuiApp], None]] = {"writing": writing, "scanning": scanning}
"""States in which a picture is taken that aren't reached by keys."""
RUNS = "running"
"""While an attempt runs."""
LONG = "chatty"
"""A repository that runs for minutes."""


SHOTS = (
    Shot("first", "The first time", first_time=True),
    Shot("empty", "A study without repositories", empty=True),
    Shot("corpus", "Corpus"),
    Shot("filter", "Filter", "/ =metrics>1"),
    Shot("no-rows", "A filter that nothing fits", "/ =ready>=five"),
    Shot("corpus-features", "Corpus, a column for each feature", "v"),
    Shot("columns", "Columns", "C"),
    Shot("add", "Add repositories", "A"),
    Shot("remove", "Remove a repository", "D"),
    Shot("exclude", "Leave a repository out", "i"),
    Shot("corpus-note", "Note on a repository", "e"),
    Shot("reproduce", "Reproduce many", "r"),
    Shot("report", "Write the report", "O"),
    Shot("package", "Package the study for others", "W"),
    Shot("prune", "Delete clones that no study uses", "ctrl+p =prune enter", empty=True),
    Shot("update", "Fetch the newest commits", "U"),
    Shot("quit", "Leave while a scan is under way", "q", amid="scanning"),
    Shot("stop-writing", "Leave while a report is written", "q", amid="writing"),
    Shot("repository", "Repository", "g enter n n n n"),
    Shot("code", "Repository, the code on the whole screen", "g enter n n f"),
    Shot("findings-filter", "Filter of findings", "g enter / =log_"),
    Shot("notebook", "Notebook", "/ =autolog enter enter n n x"),
    Shot("missed", "Missed evidence", "g enter n n m"),
    Shot("missed-blind", "Missed evidence, judging blind", "B g enter n n n m"),
    Shot("note", "Note", "g enter n n e"),
    Shot("blind", "Judging blind", "B g enter n n n"),
    Shot("files", "Any file", "g enter b =ine"),
    Shot("about", "Versions and anomalies", "g enter v"),
    Shot("search", "Search", "F"),
    Shot("hits", "Hits of a search", "F =log_param( enter"),
    Shot("no-hits", "A search without hits", "F =nothing_of_the_kind enter"),
    Shot("write-hits", "Write the hits", "F =log_param( enter w"),
    Shot("hit", "A hit in its file", "F =log_param( enter j enter"),
    Shot("plan", "Plan", "g p"),
    Shot("command", "Command of a plan", "g p e"),
    Shot("options", "Options of a plan", "g p o"),
    Shot("attempts", "Attempts", "a"),
    Shot("no-attempts", "No attempts yet", "a", empty=True),
    Shot("repeats", "Repeats", "a j j tab"),
    Shot("attempt", "Attempt", "g enter a enter"),
    Shot("log-search", "Search in a log", "g enter a enter / =mlflow enter"),
    Shot("running", "A running attempt", "a enter", amid=RUNS),
    Shot("cancel", "Cancel an attempt", "a enter x", amid=RUNS),
    Shot("details", "Details of an attempt", "g enter a enter i"),
    Shot("attempt-plan", "Plan of an attempt", "g enter a enter p"),
    Shot("statistics", "Statistics", "t"),
    Shot("dimensions", "Statistics, dimensions", "t tab"),
    Shot("features", "Statistics, features", "t tab tab"),
    Shot("outcomes", "Statistics, baseline, readiness and outcomes", "t tab tab tab"),
    Shot("help", "Help", "question_mark"),
    Shot("palette", "Command palette", "ctrl+p =noisy", reopened=True),
)
CONTRAST = ("corpus", "repository")
"""Of these there is a picture in the high-contrast theme too."""
