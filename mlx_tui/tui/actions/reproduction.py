"""Actions of the screens of plans and attempts."""

from mlx_tui.tui.actions.action import Action

PLAN = (
    Action(
        "plan.run",
        ("r",),
        "run",
        "Starts an attempt with the plan in sight, or as many as the options say; its command is then the chosen one.",
        1,
    ),
    Action(
        "plan.choose",
        ("c",),
        "choose",
        "Chooses the command under the cursor: kept with the study, and run wherever nothing else is said.",
        1,
    ),
    Action(
        "plan.repeat", ("R",), "run 3×", "Starts three attempts with this plan, to see whether the metrics repeat.", 2
    ),
    Action(
        "plan.edit",
        ("e",),
        "edit",
        "Edits the command under the cursor, its parameters and its folder; what you wrote is chosen.",
        1,
    ),
    Action(
        "plan.options",
        ("o",),
        "options",
        "Changes the options: runs, time limit, date of versions, Python, repair, network, isolation, memory.",
        1,
    ),
    Action("plan.repair", ("m",), "repair", "Asks for repairs of what fails, or for none.", 2),
    Action("plan.network", ("w",), "network", "Allows or forbids the network while the experiment runs.", 3),
    Action("plan.remove", ("D",), "remove", "Removes the command under the cursor, where you wrote it; asks."),
    Action(
        "plan.forget",
        ("X",),
        "forget choice",
        "Forgets what was chosen, back to what the program found; asks where commands that you wrote would go too.",
    ),
    Action("plan.pane", ("tab",), "pane", "Goes on to the plan, to the code it was read from, and back.", 2),
)

ATTEMPTS = (
    Action("attempts.cancel", ("x",), "cancel", "Ends every process of the running attempt.", 1),
    Action(
        "attempts.pane",
        ("tab",),
        "repeats",
        "Switches between the log and its repeats' metrics, with claim and reality.",
        1,
    ),
    Action("attempts.all", ("v",), "all", "Switches between this repository's attempts and all of the study.", 2),
)

ATTEMPT = (
    Action("attempt.cancel", ("x",), "cancel", "Ends every process of the running attempt.", 1),
    Action("attempt.error", ("e",), "error", "Goes to the log's line that decided the outcome.", 1),
    Action("attempt.pane", ("tab",), "metrics", "Switches between the log and the metrics.", 2),
    Action(
        "attempt.details",
        ("i",),
        "details",
        "Shows comparison, claim and reality, captured runs, and the times of a notebook's cells.",
        1,
    ),
    Action("attempt.plan", ("p",), "plan", "Shows the plan that this attempt runs.", 3),
)
