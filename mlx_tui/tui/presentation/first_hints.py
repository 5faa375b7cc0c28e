"""What a screen tells whoever sees it for the first time: the way from browsing to the CSVs, with the keys in force."""

from mlx_tui.tui.actions.keymap import KeyMap

FIRST_HINTS = {
    "corpus": (
        "New here? {table.down} {table.up} {table.left} {table.right} move, and the line below says what a cell means. "
        "{table.open} opens a repository to look at its evidence and judge it, {corpus.plan} plans to run it again, "
        "{app.export} writes the CSVs, {app.help} lists every key. {app.back} closes this."
    ),
    "repository": (
        "Judge the marked line: {repository.confirm} confirms, {repository.reject} rejects, {repository.unsure} "
        "unsure, {repository.missed} adds what was missed; {app.undo} undoes. {repository.plan} plans to run it again. "
        "{app.back} closes this."
    ),
    "plan": (
        "Moving only looks. {plan.run} runs this plan in a place of its own; it goes on when you leave. {plan.choose} "
        "chooses it for later, {plan.edit} changes it. {app.back} closes this."
    ),
}
"""By scope of the screen; what stands in braces is the key of an action."""


def first_hint(scope: str, keys: KeyMap) -> str:
    """Returns the first hint of a screen."""
    text = FIRST_HINTS[scope]
    for part in text.split("{")[1:]:
        action = part.partition("}")[0]
        text = text.replace("{" + action + "}", keys.label(action))
    return text
