"""A study's scans on a cluster, and with a repository that can't be scanned."""

import dataclasses

from mlx_tui.detection.cache import ScanCache
from mlx_tui.study.scans import Scans


def test_a_cluster_gives_the_same_scans(demo_study, cluster):
    here = demo_study.scan(use_cache=False, jobs=1)
    there = demo_study.scan(use_cache=False, scheduler=cluster.scheduler_address)
    assert there == here
    assert len(there) == len(demo_study.corpus.entries())


def test_a_clone_that_cannot_be_listed_is_a_failure_and_no_absence(demo_study, tmp_path):
    """As on a worker of a cluster that doesn't see the clones."""
    here, lost = (demo_study.corpus.clone(name) for name in ("lookalike", "noisy-mlp"))
    lost = dataclasses.replace(lost, path=tmp_path / "nowhere")
    seen = []
    fresh = Scans(demo_study.codebook)
    fresh._cache = ScanCache(tmp_path / "scans")
    scans = fresh.run([lost, here], jobs=1, use_cache=False, on_progress=seen.append)
    assert sorted(progress.done for progress in seen) == [1, 2]
    assert [(progress.repo, progress.scan) for progress in seen if progress.error] == [("noisy-mlp", None)]
    assert [scan.repo for scan in scans] == ["lookalike"]
    assert fresh.of(lost) is None
