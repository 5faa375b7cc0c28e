import os
import random
import signal
import sys
import time

import mlflow

from heartbeat import start_heartbeat

LINES = 200_000
SECONDS = 300
random.seed(0)


def burst():
    """Two hundred thousand lines, with a progress bar that is redrawn in place."""
    for line in range(1, LINES + 1):
        score = random.random()
        sys.stdout.write(f"[{line:>6}/{LINES}] threshold={score:.6f} \x1b[32mscore\x1b[0m={1 - abs(score - 0.5):.6f}\n")
        if line % 500 == 0:
            share = line / LINES
            bar = "#" * int(40 * share)
            sys.stdout.write(f"\rburst {share:7.1%} |{bar:<40}| best [so far] 0.99\r")
    sys.stdout.write("\n")
    sys.stdout.flush()


def crawl(started):
    """The slow part: a bar a second until the time is up."""
    step = 0
    while (spent := time.monotonic() - started) < SECONDS:
        step += 1
        sys.stdout.write(f"\rrefining {spent / SECONDS:6.1%} |{'█' * int(30 * spent / SECONDS):<30}| {spent:5.0f}s")
        if step % 10 == 0:
            sys.stdout.write("\n")
            mlflow.log_metric("best", 1 - 1 / (step + 1), step=step)
        sys.stdout.flush()
        time.sleep(1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    start_heartbeat(limit=SECONDS + 60)
    began = time.monotonic()
    mlflow.set_experiment("chatty")
    with mlflow.start_run():
        mlflow.log_param("lines", LINES)
        mlflow.set_tag("host.pid", str(os.getpid()))
        burst()
        crawl(began)
    print("\ndone")
