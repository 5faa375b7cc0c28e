"""Fixtures of the services' tests."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    """A real Dask cluster of two worker processes on this machine."""
    distributed = pytest.importorskip("distributed", reason="the extra `dask` isn't installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0", protocol="tcp://"
    ) as running:
        yield running
