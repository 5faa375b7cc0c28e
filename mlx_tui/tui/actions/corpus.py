"""Actions of the corpus's screen, and of the list of a table's columns."""

from mlx_tui.tui.actions.action import Action

CORPUS = (
    Action("corpus.plan", ("p",), "plan", "Shows how the repository's experiment would be run.", 1),
    Action("corpus.fetch", ("f",), "fetch", "Clones the marked repositories, or all that are missing.", 4),
    Action(
        "corpus.update", ("U",), "update", "Fetches the newest commits of the marked repositories, or of all; asks."
    ),
    Action("corpus.detect", ("d",), "detect", "Scans the marked repositories, or all, for the codebook's features.", 4),
    Action(
        "corpus.reproduce",
        ("r",),
        "reproduce",
        "Runs the experiments of the marked repositories, or of all, each by its plan; goes on where it was stopped.",
        4,
    ),
    Action(
        "corpus.columns", ("v",), "features", "Switches between a column for each dimension and for each feature.", 4
    ),
    Action("corpus.note", ("e",), "note", "Writes a note on the repository, or on all that are marked.", 3),
    Action(
        "corpus.include",
        ("i",),
        "include/exclude",
        "Leaves the marked repositories, or this one, out of the statistics, with a reason; or takes them in again.",
    ),
    Action(
        "corpus.reload", ("ctrl+r",), "read again", "Reads the study's files again, after they were changed elsewhere."
    ),
    Action("corpus.add", ("A",), "add", "Adds repositories: URLs, clones, folders of clones, or a CSV of URLs.", 4),
    Action("corpus.remove", ("D",), "remove", "Removes the marked repositories, or this one, from the corpus; asks."),
    Action(
        "corpus.prune",
        (),
        "prune cache",
        "Deletes clones and built images that this study doesn't use; asks.",
    ),
    Action("corpus.cancel", ("x",), "stop", "Stops fetching, scanning, reproducing or writing; what is done stays."),
)

COLUMNS = (Action("columns.reset", ("R",), "reset", "Makes all columns as they were at first.", 1),)
