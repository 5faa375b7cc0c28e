"""Writing of CSVs, reports and packages: told step by step, stopped anywhere, and old files stay whole."""

import threading
from collections import Counter

import pytest

from mlx_tui.annotation.model import Verdict
from mlx_tui.study.steps import Steps, WritingStopped

WRITE = {
    "csvs": (lambda study, steps: study.export(steps), ("findings.csv", "results.csv")),
    "html": (lambda study, steps: study.write_report(study.path / "report.html", steps), ("report.html",)),
    "markdown": (lambda study, steps: study.write_report(study.path / "report.md", steps), ("report.md",)),
    "package": (lambda study, steps: study.package(study.path / "study.zip", steps), ("study.zip",)),
}


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("kind", WRITE)
def test_every_step_is_told_and_the_last_is_the_total(demo_study, kind):
    write, names = WRITE[kind]
    told = []
    write(demo_study, Steps(told.append))
    assert [step.done for step in told] == list(range(1, len(told) + 1))
    assert {step.total for step in told} == {len(told)}
    assert Counter(step.what for step in told)["reading the repositories"] == len(demo_study.corpus.entries())
    assert all((demo_study.path / name).stat().st_size for name in names)


@pytest.mark.parametrize("kind", WRITE)
@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_stopped_anywhere_the_old_files_are_as_they_were(demo_study, kind, share):
    write, names = WRITE[kind]
    total = []
    write(demo_study, Steps(total.append))
    scan = demo_study.scan_of("noisy-mlp")
    demo_study.judge("noisy-mlp", scan.findings[0].feature, Verdict.REJECTED, finding=scan.findings[0])
    before = contents(demo_study.path)
    cancelled, at = threading.Event(), int(share * len(total))

    def count(progress):
        if progress.done >= at:
            cancelled.set()

    if not at:
        cancelled.set()
    with pytest.raises(WritingStopped):
        write(demo_study, Steps(count, cancelled))
    assert contents(demo_study.path) == before
    write(demo_study, Steps())
    after = contents(demo_study.path)
    assert {name for name in after if after[name] != before[name]} >= set(names), "the judgement is in what is written"
