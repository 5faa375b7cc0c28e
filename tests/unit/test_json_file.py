"""Typed JSON files."""

import subprocess
import sys

import pytest

IN_MANY_THREADS = """
import sys, threading
sys.setswitchinterval(1e-6)
from mlx_tui.detection.codebook import load_codebook
barrier = threading.Barrier(8)
def load():
    barrier.wait()
    assert len(load_codebook().features) == 48
threads = [threading.Thread(target=load) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


@pytest.mark.parametrize("_again", range(4))
def test_a_type_may_be_used_first_in_several_threads_at_once(_again: int) -> None:
    """Without `prepare`, msgspec crashes the interpreter in some of these."""
    done = subprocess.run([sys.executable, "-c", IN_MANY_THREADS], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
