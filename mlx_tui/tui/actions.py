"""Every action of the interface: the one place that knows keys, names and explanations.

Bindings, the footer's hints, the command palette and the help screen are made from this list. An action of a screen
with id `corpus.detect` is done by the screen's method `do_detect`; one of a widget (`table.down`) by the widget's
`action_down`. Why an action can't be done right now, its screen says (`why_not`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding

WIDGET_SCOPES = ("table", "code", "log")
SCOPES = {
    "app": "Everywhere",
    "table": "In a table",
    "code": "In a code view",
    "log": "In a log",
    "corpus": "Corpus",
    "repository": "Repository",
    "plan": "Plan",
    "attempts": "Attempts",
    "attempt": "Attempt",
    "statistics": "Statistics",
}
"""Scopes in the order of the help screen, with their headings."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a key does.

    Attributes:
        id: `scope.name`; stable, for a key map.
        keys: Textual's names of the keys; the first is the one that is shown.
        title: A word or two for the footer.
        description: What it does, in a sentence.
        hint: Whether the footer shows it.
    """

    id: str
    keys: tuple[str, ...]
    title: str
    description: str
    hint: bool = False

    @property
    def scope(self) -> str:
        """Where it applies."""
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """The id without its scope."""
        return self.id.partition(".")[2]

    @property
    def shown_keys(self) -> str:
        """Its keys as a person writes them."""
        return " ".join(key_label(key) for key in self.keys)


_LABELS = {
    "question_mark": "?",
    "slash": "/",
    "escape": "esc",
    "backspace": "⌫",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
}


def key_label(key: str) -> str:
    """Returns a key as a person writes it: `ctrl+d` → `^d`, `slash` → `/`."""
    if key.startswith("ctrl+"):
        return "^" + key_label(key.removeprefix("ctrl+"))
    return _LABELS.get(key, key)


ACTIONS = (
    Action("app.help", ("question_mark", "f1"), "help", "Lists every key of the program; type to search.", True),
    Action("app.palette", ("ctrl+p",), "commands", "Opens the command palette: every action by name."),
    Action(
        "app.back", ("escape", "backspace"), "back", "Goes back to the screen before, or closes what is open.", True
    ),
    Action("app.undo", ("z", "ctrl+z"), "undo", "Takes the last judgement back."),
    Action("app.redo", ("Z", "ctrl+y"), "redo", "Makes a judgement again that was taken back."),
    Action("app.attempts", ("a",), "attempts", "Lists the attempts: of the repository that is open, or of all.", True),
    Action("app.statistics", ("t",), "stats", "Shows the corpus's prevalences, baseline and outcomes.", True),
    Action("app.export", ("E",), "export", "Writes results.csv, findings.csv and annotations.csv."),
    Action("app.theme", ("T",), "theme", "Switches between the dark and the light theme."),
    Action("app.quit", ("q",), "quit", "Leaves the program. Running attempts go on without it.", True),
    Action("table.up", ("up", "k"), "up", "Moves to the row above."),
    Action("table.down", ("down", "j"), "down", "Moves to the row below."),
    Action("table.left", ("left", "h"), "left", "Moves to the column on the left."),
    Action("table.right", ("right", "l"), "right", "Moves to the column on the right."),
    Action("table.first", ("g", "home"), "first", "Moves to the first row."),
    Action("table.last", ("G", "end"), "last", "Moves to the last row."),
    Action("table.page_up", ("pageup", "ctrl+b"), "page up", "Moves a screen up."),
    Action("table.page_down", ("pagedown", "ctrl+f"), "page down", "Moves a screen down."),
    Action("table.half_up", ("ctrl+u",), "half up", "Moves half a screen up."),
    Action("table.half_down", ("ctrl+d",), "half down", "Moves half a screen down."),
    Action("table.open", ("enter",), "open", "Opens the row under the cursor.", True),
    Action(
        "table.sort", ("s",), "sort", "Sorts by the column under the cursor; again, the other way; again, not.", True
    ),
    Action("table.sort_also", ("S",), "sort also", "Adds the column under the cursor as a further sort key."),
    Action("table.mark", ("space",), "mark", "Marks the row, for actions on several rows; again, unmarks it."),
    Action("table.mark_all", ("ctrl+a",), "mark all", "Marks every row that is shown; where all are, unmarks them."),
    Action(
        "table.filter",
        ("slash",),
        "filter",
        "Filters: plain words, column:text, column>3, !not. Enter keeps the filter, escape clears it.",
        True,
    ),
    Action("code.up", ("up", "k"), "up", "Moves to the line above; m adds evidence there."),
    Action("code.down", ("down", "j"), "down", "Moves to the line below."),
    Action("code.left", ("left", "h"), "left", "Scrolls to the left."),
    Action("code.right", ("right", "l"), "right", "Scrolls to the right."),
    Action("code.first", ("g", "home"), "first", "Goes to the file's first line."),
    Action("code.last", ("G", "end"), "last", "Goes to the file's last line."),
    Action("code.page_up", ("pageup", "ctrl+b"), "page up", "Scrolls a screen up."),
    Action("code.page_down", ("pagedown", "ctrl+f"), "page down", "Scrolls a screen down."),
    Action("code.half_up", ("ctrl+u",), "half up", "Scrolls half a screen up."),
    Action("code.half_down", ("ctrl+d",), "half down", "Scrolls half a screen down."),
    Action("log.up", ("up", "k"), "up", "Scrolls a line up; following stops."),
    Action("log.down", ("down", "j"), "down", "Scrolls a line down; at the end, following starts again."),
    Action("log.left", ("left", "h"), "left", "Scrolls to the left."),
    Action("log.right", ("right", "l"), "right", "Scrolls to the right."),
    Action("log.first", ("g", "home"), "first", "Goes to the first line; following stops."),
    Action("log.last", ("G", "end"), "follow", "Goes to the last line and follows the log.", True),
    Action("log.page_up", ("pageup", "ctrl+b"), "page up", "Scrolls a screen up; following stops."),
    Action("log.page_down", ("pagedown", "ctrl+f"), "page down", "Scrolls a screen down."),
    Action("log.half_up", ("ctrl+u",), "half up", "Scrolls half a screen up; following stops."),
    Action("log.half_down", ("ctrl+d",), "half down", "Scrolls half a screen down."),
    Action("log.search", ("slash",), "search", "Searches the log, upper and lower case alike.", True),
    Action("log.next", ("n",), "next hit", "Goes to the next hit of the search."),
    Action("log.previous", ("N",), "previous hit", "Goes to the previous hit of the search."),
    Action("corpus.plan", ("p",), "plan", "Shows how the repository's experiment would be run.", True),
    Action("corpus.fetch", ("f",), "fetch", "Clones the marked repositories, or all that are missing.", True),
    Action(
        "corpus.detect", ("d",), "detect", "Scans the marked repositories, or all, for the codebook's features.", True
    ),
    Action(
        "corpus.columns", ("v",), "features", "Switches between a column for each dimension and for each feature.", True
    ),
    Action("corpus.note", ("e",), "note", "Writes a note on the repository."),
    Action(
        "corpus.include",
        ("i",),
        "include/exclude",
        "Leaves the repository out of the study's statistics, with a reason, or takes it in again.",
    ),
    Action("corpus.cancel", ("x",), "stop", "Stops fetching or scanning; what is done stays."),
    Action("repository.confirm", ("c",), "confirm", "Judges the finding, or the feature as a whole, as right.", True),
    Action(
        "repository.reject",
        ("r",),
        "reject",
        "Judges the finding, or the feature as a whole, as a false positive.",
        True,
    ),
    Action("repository.unsure", ("u",), "unsure", "Judges the finding, or the feature as a whole, as undecided.", True),
    Action("repository.missed", ("m",), "missed", "Adds evidence that the program missed, with its place.", True),
    Action("repository.note", ("e",), "note", "Writes a note on the finding or the feature.", True),
    Action("repository.next", ("n",), "next", "Goes to the next finding, across features and files.", True),
    Action("repository.previous", ("N",), "previous", "Goes to the previous finding."),
    Action("repository.pane", ("tab",), "pane", "Switches between the findings and the code."),
    Action("repository.details", ("i",), "details", "Shows or hides the definition, explanation and judgements."),
    Action(
        "repository.about",
        ("v",),
        "versions",
        "Shows the versions of MLflow on which it can run, the baseline, and what couldn't be read.",
    ),
    Action("repository.plan", ("p",), "plan", "Shows how the repository's experiment would be run.", True),
    Action("plan.run", ("r",), "run", "Starts an attempt with this plan.", True),
    Action(
        "plan.repeat",
        ("R",),
        "run 3×",
        "Starts three attempts with this plan, to see whether the metrics repeat.",
        True,
    ),
    Action("plan.edit", ("e",), "edit command", "Edits the command before it is run.", True),
    Action("plan.network", ("w",), "network", "Allows or forbids the network while the experiment runs.", True),
    Action("plan.pane", ("tab",), "pane", "Switches between the alternatives and the plan."),
    Action("attempts.cancel", ("x",), "cancel", "Ends every process of the running attempt.", True),
    Action("attempts.all", ("v",), "all", "Switches between this repository's attempts and all of the study.", True),
    Action("attempt.cancel", ("x",), "cancel", "Ends every process of the running attempt.", True),
    Action("attempt.error", ("e",), "error", "Goes to the log's line that decided the outcome.", True),
    Action("attempt.pane", ("tab",), "pane", "Switches between the log and the metrics.", True),
    Action("attempt.plan", ("p",), "plan", "Shows the plan that this attempt runs."),
    Action("statistics.pane", ("tab",), "view", "Switches between features, dimensions and outcomes.", True),
)

BY_ID = {action.id: action for action in ACTIONS}


def actions_of(*scopes: str) -> tuple[Action, ...]:
    """Returns the actions of some scopes, in the registry's order."""
    return tuple(action for action in ACTIONS if action.scope in scopes)


def bindings_of(scope: str, only: Iterable[str] | None = None) -> list[Binding]:
    """Returns a scope's bindings, for a screen, a widget or the app.

    Args:
        scope: A key of `SCOPES`.
        only: Names of actions; all where None.
    """
    names = None if only is None else set(only)
    return [
        Binding(
            ",".join(action.keys),
            action.name if scope in WIDGET_SCOPES else f"run('{action.id}')",
            action.title,
            show=action.hint,
            id=action.id,
            tooltip=action.description,
        )
        for action in actions_of(scope)
        if names is None or action.name in names
    ]
