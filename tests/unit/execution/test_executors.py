import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from mlx_tui.execution.executors import ExecutorError, open_executor


def test_one_job_runs_here_in_order_and_the_rest_can_be_cancelled():
    with open_executor(1) as executor:
        assert executor.submit(os.getpid).result() == os.getpid()
        assert list(executor.map(len, ["a", "bb"])) == [1, 2]
        failed = executor.submit(int, "x")
        with pytest.raises(ValueError, match="invalid literal"):
            failed.result()
        started, go = threading.Event(), threading.Event()
        running = executor.submit(lambda: (started.set(), go.wait()))
        waiting = executor.submit(os.getpid)
        started.wait()
        executor.shutdown(wait=False, cancel_futures=True)
        go.set()
        assert running.result() == (None, True)
        assert waiting.cancelled()


def test_several_jobs_run_in_other_processes_beside_running_threads():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        with open_executor(2) as executor:
            assert os.getpid() not in set(executor.map(_worker, range(4)))
            assert all(name == "parent-watch" for name in executor.submit(_threads).result())
    finally:
        stop.set()
        thread.join()


def test_workers_end_with_a_killed_parent(tmp_path):
    script = (
        "import os, time\nfrom mlx_tui.execution.executors import open_executor\n"
        "if __name__ == '__main__':\n"
        "    executor = open_executor(2)\n"
        "    print(*[executor.submit(os.getpid).result() for _ in range(2)], flush=True)\n"
        "    executor.submit(time.sleep, 60)\n"
        "    time.sleep(60)\n"
    )
    path = tmp_path / "parent.py"
    path.write_text(script)
    parent = subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    parent.stdout.readline()
    workers = psutil.Process(parent.pid).children(recursive=True)
    assert len(workers) >= 2
    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()
    ends = time.monotonic() + 10
    while any(worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE for worker in workers):
        assert time.monotonic() < ends, workers
        time.sleep(0.05)


def test_a_scheduler_without_the_extra_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ExecutorError, match=r"mlx-tui\[dask\]"):
        open_executor(2, "tcp://127.0.0.1:8786")


def _worker(_: int) -> int:
    return os.getpid()


def _threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]


def test_a_pool_opens_where_stderr_has_no_descriptor() -> None:
    """As inside a terminal application, which captures what is printed."""
    code = (
        "import io, sys\n"
        "class Capture(io.StringIO):\n"
        "    def fileno(self): return -1\n"
        "sys.stderr = Capture()\n"
        "from mlx_tui.execution.executors import open_executor\n"
        "with open_executor(2) as executor:\n"
        "    print(executor.submit(abs, -7).result())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "7\n", done.stderr
