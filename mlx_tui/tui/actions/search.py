"""Actions of the screen of a search."""

from mlx_tui.tui.actions.action import Action

SEARCH = (
    Action("search.again", ("n",), "new search", "Asks for another text to look for.", 1),
    Action("search.write", ("w",), "write CSV", "Writes the hits as a CSV.", 1),
    Action("search.cancel", ("x",), "stop", "Stops the search; what was found stays.", 1),
)
