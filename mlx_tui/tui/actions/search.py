"""Actions of the screen of a search."""

from mlx_tui.tui.actions.action import Action

SEARCH = (
    Action("search.again", ("n",), "new search", "Asks for another text to look for.", True),
    Action("search.write", ("w",), "write CSV", "Writes the hits as a CSV.", True),
    Action("search.cancel", ("x",), "stop", "Stops the search; what was found stays.", True),
)
