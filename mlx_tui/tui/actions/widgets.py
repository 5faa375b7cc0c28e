"""Actions of the widgets that have keys of their own: tables, code and logs."""

from mlx_tui.tui.actions.action import Action

TABLE = (
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
    Action("table.open", ("enter",), "open", "Opens the row under the cursor.", 1),
    Action("table.sort", ("s",), "sort", "Sorts by the column under the cursor; again, the other way; again, not.", 3),
    Action("table.sort_also", ("S",), "sort also", "Adds the column under the cursor as a further sort key."),
    Action("table.mark", ("space",), "mark", "Marks the row, for actions on several rows; again, unmarks it."),
    Action("table.mark_all", ("ctrl+a",), "mark all", "Marks every row that is shown; where all are, unmarks them."),
    Action("table.filter", ("slash",), "filter", "Filters: plain words, column:text, column>3, !not.", 1),
    Action("table.columns", ("C",), "columns", "Chooses the columns from a list of all: shows, hides, pins, moves."),
    Action("table.hide", ("minus",), "hide column", "Hides the column under the cursor; the list of columns has it."),
    Action("table.pin", ("P",), "pin column", "Keeps the column under the cursor at the left; again, lets it scroll."),
    Action("table.narrower", ("less_than_sign",), "narrower", "Makes the column under the cursor narrower."),
    Action("table.wider", ("greater_than_sign",), "wider", "Makes the column under the cursor wider."),
    Action("table.move_left", ("H", "shift+left"), "move left", "Moves the column under the cursor to the left."),
    Action("table.move_right", ("L", "shift+right"), "move right", "Moves the column under the cursor to the right."),
)

CODE = (
    Action("code.up", ("up", "k"), "up", "Moves to the line above; evidence that was missed is added there."),
    Action("code.down", ("down", "j"), "down", "Moves to the line below."),
    Action("code.left", ("left", "h"), "left", "Scrolls to the left."),
    Action("code.right", ("right", "l"), "right", "Scrolls to the right."),
    Action("code.first", ("g", "home"), "first", "Goes to the file's first line."),
    Action("code.last", ("G", "end"), "last", "Goes to the file's last line."),
    Action("code.page_up", ("pageup", "ctrl+b"), "page up", "Scrolls a screen up."),
    Action("code.page_down", ("pagedown", "ctrl+f"), "page down", "Scrolls a screen down."),
    Action("code.half_up", ("ctrl+u",), "half up", "Scrolls half a screen up."),
    Action("code.half_down", ("ctrl+d",), "half down", "Scrolls half a screen down."),
    Action("code.mark_up", ("K", "shift+up"), "mark up", "Marks the line above too, to copy several lines."),
    Action("code.mark_down", ("J", "shift+down"), "mark down", "Marks the line below too, to copy several lines."),
)

LOG = (
    Action("log.up", ("up", "k"), "up", "Scrolls a line up; following stops."),
    Action("log.down", ("down", "j"), "down", "Scrolls a line down; at the end, following starts again."),
    Action("log.left", ("left", "h"), "left", "Scrolls to the left, where lines aren't wrapped."),
    Action("log.right", ("right", "l"), "right", "Scrolls to the right, where lines aren't wrapped."),
    Action("log.first", ("g", "home"), "first", "Goes to the first line; following stops."),
    Action("log.last", ("G", "end"), "follow", "Goes to the last line and follows the log.", 2),
    Action("log.page_up", ("pageup", "ctrl+b"), "page up", "Scrolls a screen up; following stops."),
    Action("log.page_down", ("pagedown", "ctrl+f"), "page down", "Scrolls a screen down."),
    Action("log.half_up", ("ctrl+u",), "half up", "Scrolls half a screen up; following stops."),
    Action("log.half_down", ("ctrl+d",), "half down", "Scrolls half a screen down."),
    Action("log.search", ("slash",), "search", "Searches the log, upper and lower case alike.", 2),
    Action("log.next", ("n",), "next hit", "Goes to the next hit of the search; without one, asks what to look for."),
    Action(
        "log.previous",
        ("N",),
        "previous hit",
        "Goes to the previous hit of the search; without one, asks what to look for.",
    ),
    Action("log.wrap", ("w",), "wrap", "Wraps long lines; again, cuts them, and the arrows scroll sideways.", 3),
)
TEXT = (
    Action("text.up", ("up", "k"), "up", "Scrolls a line up."),
    Action("text.down", ("down", "j"), "down", "Scrolls a line down."),
    Action("text.left", ("left", "h"), "left", "Scrolls to the left."),
    Action("text.right", ("right", "l"), "right", "Scrolls to the right."),
    Action("text.first", ("g", "home"), "first", "Goes to the first line."),
    Action("text.last", ("G", "end"), "last", "Goes to the last line."),
    Action("text.page_up", ("pageup", "ctrl+b"), "page up", "Scrolls a screen up."),
    Action("text.page_down", ("pagedown", "ctrl+f"), "page down", "Scrolls a screen down."),
    Action("text.half_up", ("ctrl+u",), "half up", "Scrolls half a screen up."),
    Action("text.half_down", ("ctrl+d",), "half down", "Scrolls half a screen down."),
)
LINE = (
    Action("line.keep", ("enter", "down"), "keep", "Keeps what is typed and goes back to what it filters.", 1),
    Action("line.clear", ("escape",), "clear", "Clears what is typed.", 1),
)
