"""Actions of a repository's screen."""

from mlx_tui.tui.actions.action import Action

REPOSITORY = (
    Action(
        "repository.confirm", ("c",), "confirm", "Judges the finding or feature, or all that are marked, as right.", 1
    ),
    Action(
        "repository.reject",
        ("r",),
        "reject",
        "Judges the finding or feature, or all that are marked, as a false positive.",
        1,
    ),
    Action(
        "repository.unsure", ("u",), "unsure", "Judges the finding or feature, or all that are marked, as undecided.", 1
    ),
    Action("repository.missed", ("m",), "missed", "Adds evidence that the program missed, with its place.", 2),
    Action("repository.plan", ("p",), "plan", "Shows how the repository's experiment would be run.", 3),
    Action("repository.note", ("e",), "note", "Writes a note on the finding or the feature.", 2),
    Action("repository.next", ("n",), "next", "Goes to the next finding, across features and files.", 3),
    Action("repository.previous", ("N",), "previous", "Goes to the previous finding."),
    Action(
        "repository.pane",
        ("tab",),
        "pane",
        "Switches between the findings and the code, as enter does on a finding.",
        3,
    ),
    Action(
        "repository.details",
        ("i",),
        "details",
        "Shows definition, explanation and judgements whole; again, hides them.",
        3,
    ),
    Action(
        "repository.full",
        ("f",),
        "full",
        "Gives the code the whole screen; again, shows the findings too.",
    ),
    Action("repository.wrap", ("V",), "wrap", "Wraps long lines of code; again, lets them go on to the right."),
    Action("repository.file", ("b",), "browse", "Opens any file of the repository, found by parts of its name."),
    Action("repository.outputs", ("x",), "outputs", "Shows the outputs of a notebook's cells, or only where they are."),
    Action("repository.editor", ("o",), "editor", "Opens a read-only copy of the file in your editor, at the line."),
    Action("repository.web", ("w",), "web", "Opens the file at this commit on the forge it comes from, at the line."),
    Action("repository.copy_place", ("y",), "copy place", "Copies path:line."),
    Action("repository.copy_code", ("Y",), "copy code", "Copies the line under the code's cursor, or the marked ones."),
    Action(
        "repository.about",
        ("v",),
        "versions",
        "Shows readiness and of what, the versions of MLflow on which it can run, the baseline, and anomalies.",
    ),
)
