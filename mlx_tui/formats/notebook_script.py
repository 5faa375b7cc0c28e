"""A notebook as a script whose cells are marked by `# %%`, as editors and Jupytext know them."""

from dataclasses import dataclass

from mlx_tui.formats.notebook import Notebook

_SUFFIXES = {"python": ".py", "r": ".R", "julia": ".jl", "scala": ".scala", "java": ".java", "sql": ".sql"}


@dataclass(frozen=True, slots=True)
class NotebookScript:
    """A notebook's code as text.

    Attributes:
        text: The cells one below the other, each below its mark; what isn't code is commented out.
        suffix: Of a file that holds it, `.py`.
        starts: Line of the text, from 1, at which each cell's source begins, by the cell's index.
    """

    text: str
    suffix: str
    starts: dict[int, int]

    def line_of(self, cell: int | None, line: int) -> int:
        """The text's line of a cell's line; the first where there is no such cell."""
        return self.starts.get(-1 if cell is None else cell, 2 - line) + line - 1


def notebook_script(notebook: Notebook) -> NotebookScript:
    """Writes a notebook's cells as a script, without their outputs."""
    mark = "//" if notebook.language in {"scala", "java", "javascript"} else "#"
    lines: list[str] = []
    starts: dict[int, int] = {}
    for cell in notebook.cells:
        kind = "" if cell.kind == "code" else f" [{cell.kind}]"
        lines.append(f"{mark} %% cell {cell.index}{kind}")
        starts[cell.index] = len(lines) + 1
        source = cell.source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        lines += source if cell.kind == "code" else [f"{mark} {line}".rstrip() for line in source]
        lines.append("")
    return NotebookScript("\n".join(lines), _SUFFIXES.get(notebook.language, ".txt"), starts)
