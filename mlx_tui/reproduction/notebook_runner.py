"""Executes a notebook cell by cell, with live output; runs in the runner's environment, not in this project's.

Usage: notebook_runner.py NOTEBOOK OUTPUT KERNEL_PYTHON
The exit status is 0, 1 where a cell raised an exception or the notebook can't be read, and 137 where the kernel died.
"""

# The runner's own environment has these packages, the checker's may not.
# mypy: disable-error-code="import-not-found,misc,no-untyped-call,unused-ignore"

import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

KERNEL = "mlx-tui"
SAVE_SECONDS = 5.0
KERNEL_DIED = 137


def say(text: str) -> None:
    """Prints at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


def offer_kernel(python: str) -> None:
    """Makes the attempt's interpreter known as a kernel, whatever kernel the notebook names."""
    root = Path(tempfile.mkdtemp(prefix="jupyter-"))
    folder = root / "kernels" / KERNEL
    folder.mkdir(parents=True)
    argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--IPKernelApp.log_level=40"]
    spec = {"argv": argv, "display_name": KERNEL, "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec))
    os.environ["JUPYTER_PATH"] = str(root)
    os.environ["JUPYTER_RUNTIME_DIR"] = str(root / "runtime")
    os.environ.pop("MPLBACKEND", None)  # figures belong into the notebook


class LiveClient(NotebookClient):
    """Prints what cells print while they run, and keeps the executed notebook up to date.

    Args:
        notebook: The notebook.
        output: Where the executed notebook is written.
    """

    def __init__(self, notebook: Any, output: Path) -> None:
        super().__init__(notebook, timeout=None, kernel_name=KERNEL, on_cell_start=self.began)
        self.on_cell_executed = self.ended
        self.output_path = output
        self.count = sum(is_code(cell) for cell in notebook.cells)
        self.position = 0
        self.cell_began = self.saved_at = time.monotonic()

    def began(self, cell: Any, cell_index: int) -> None:
        """Prints a heading for a code cell; markdown is skipped."""
        if is_code(cell):
            self.position += 1
            self.cell_began = time.monotonic()
            say(f"=== cell {self.position} of {self.count} [{time.strftime('%H:%M:%S', time.gmtime())}Z]\n")

    def ended(self, cell: Any, cell_index: int, execute_reply: Any) -> None:
        """Prints how long a cell took."""
        if is_code(cell):
            say(f"=== cell {self.position} took {time.monotonic() - self.cell_began:.2f} s\n")
            if time.monotonic() - self.saved_at > SAVE_SECONDS:
                self.save()

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Prints an output as it arrives."""
        content = msg["content"]
        kind = msg["msg_type"]
        if kind == "stream":
            say(content["text"])
        elif kind in {"execute_result", "display_data"}:
            say(content["data"].get("text/plain", "") + "\n")
        elif kind == "error":
            say("\n".join(content["traceback"]) + "\n")
        return super().process_message(msg, cell, cell_index)

    def save(self) -> None:
        """Writes the executed notebook: whole or not at all."""
        part = self.output_path.with_suffix(".part")
        nbformat.write(self.nb, part)
        part.replace(self.output_path)
        self.saved_at = time.monotonic()


def is_code(cell: Any) -> bool:
    """Whether a cell is executed."""
    return cell.cell_type == "code" and bool(cell.source.strip())


def forget(notebook: Any) -> None:
    """Removes stored outputs and times: of a cell that isn't reached, none of an earlier execution may stay."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
            cell.metadata.pop("execution", None)


def execute(client: LiveClient) -> int:
    """Executes the notebook; returns the exit status."""
    try:
        client.execute()
    except CellExecutionError:
        return 1  # its traceback was printed as it arrived
    except CellTimeoutError as error:
        say(f"CellTimeoutError: {error}\n")
        return 1
    except DeadKernelError:
        say(f"DeadKernelError: the kernel died in cell {client.position} of {client.count}\n")
        return KERNEL_DIED
    return 0


def main(notebook: str, output: str, python: str) -> int:
    """Executes a notebook."""
    try:
        read = nbformat.read(notebook, as_version=4)
    except Exception as error:
        say(f"NotJSONError: {notebook} can't be read as a notebook: {error}\n")
        return 1
    forget(read)
    offer_kernel(python)
    client = LiveClient(read, Path(output))

    def stop(_number: int, _frame: Any) -> None:
        client.save()
        os._exit(143)

    signal.signal(signal.SIGTERM, stop)
    try:
        return execute(client)
    finally:
        client.save()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
