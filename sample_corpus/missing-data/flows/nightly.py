"""Trains every night on what the share holds (`pip install prefect`, then `prefect deploy`)."""

import subprocess
import sys

from prefect import flow, task


@task(retries=2, retry_delay_seconds=600)
def train() -> None:
    subprocess.run([sys.executable, "train.py"], check=True)


@flow(name="churn-nightly")
def nightly() -> None:
    train()


if __name__ == "__main__":
    nightly.serve(cron="0 3 * * *")
