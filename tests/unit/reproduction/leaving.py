"""Scripts that leave something behind, or reach for what isn't theirs, and how an attempt at them ends."""

from mlx_tui.reproduction.model import Outcome

# A temporary file, a child, and a daemon that was forked twice into a session of its own.
LEAVES = """
import os, subprocess, sys, tempfile, time
tempfile.mkstemp(); tempfile.mkdtemp()
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
if not os.fork():
    os.setsid()
    if not os.fork():
        time.sleep(1000)
    os._exit(0)
print("up", flush=True)
"""
ENDS = {
    "success": ("", Outcome.EXECUTED),
    "failure": ("raise ValueError('no')", Outcome.FAILED),
    "timeout": ("time.sleep(1000)", Outcome.TIMED_OUT),
    "cancel": ("time.sleep(1000)", Outcome.CANCELLED),
    "killed script": ("os.kill(os.getpid(), 9)", Outcome.FAILED),
    "killed supervisor": ("time.sleep(1000)", Outcome.INTERRUPTED),
}

# Says of each attempt whether it was refused.
TRIES = """
def attempt(what, action):
    try:
        print(what, "DONE", action())
    except OSError as error:
        print(what, "refused", type(error).__name__)
"""
