"""Actions that apply on every screen."""

from mlx_tui.tui.actions.action import Action

APP = (
    Action("app.help", ("question_mark", "f1"), "help", "Lists every key of the program; a filter finds one.", 1),
    Action("app.palette", ("ctrl+p",), "commands", "Opens the command palette: every action by name."),
    Action("app.back", ("escape", "backspace"), "back", "Goes back to the screen before, or closes what is open.", 1),
    Action("app.undo", ("z", "ctrl+z"), "undo", "Takes the last judgement back."),
    Action("app.redo", ("Z", "ctrl+y"), "redo", "Makes a judgement again that was taken back."),
    Action("app.attempts", ("a",), "attempts", "Lists the attempts: of the repository that is open, or of all.", 2),
    Action(
        "app.statistics", ("t",), "stats", "Shows the corpus in charts: prevalences, outcomes, how much is judged.", 3
    ),
    Action(
        "app.search", ("F",), "search", "Looks for a text in all files of the corpus: plain, or as /expression/.", 4
    ),
    Action(
        "app.resume",
        ("full_stop",),
        "go on",
        "Goes to the next finding without your verdict: from where you stopped, on into the next repository.",
        2,
    ),
    Action(
        "app.blind",
        ("B",),
        "blind",
        "Hides the program's answer and other people's judgements, to judge without them; again, shows them.",
    ),
    Action(
        "app.export",
        ("E",),
        "export",
        "Writes results.csv and findings.csv now; the program also keeps them current by itself.",
        2,
    ),
    Action("app.report", ("O",), "report", "Writes the statistics as an HTML page or as Markdown."),
    Action(
        "app.package",
        ("W",),
        "package",
        "Packs the study for others to check: tables, codebook, report, plans, outcomes and logs; no clones.",
    ),
    Action("app.stop", ("ctrl+x",), "stop writing", "Stops writing CSVs, report or package; the files stay whole."),
    Action(
        "app.theme",
        ("T",),
        "theme",
        "Switches between the dark, the light and the high-contrast theme; it is remembered.",
    ),
    Action("app.quit", ("q",), "quit", "Leaves the program. Running attempts go on without it.", 1),
)
