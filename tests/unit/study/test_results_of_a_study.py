from pathlib import Path

from mlx_tui.annotation.model import Verdict
from mlx_tui.study import Study
from mlx_tui.study.results import READING


def test_the_outline_says_what_the_corpus_says_and_that_the_rest_is_read(demo_study: Study) -> None:
    outline, results = demo_study.rows.outline(), demo_study.results()
    assert [(row.repo, row.url, row.columns) for row in outline] == [(r.repo, r.url, r.columns) for r in results]
    assert {row.scan_state for row in outline} == {READING}
    assert len({len(row.features) for row in (*outline, *results)}) == 1


def test_parts_together_are_the_results_in_order(demo_study: Study) -> None:
    parts = list(demo_study.rows.parts(4))
    assert [len(part) for part in parts] == [4, 4, 4, 2]
    assert tuple(result for part in parts for result in part) == demo_study.results()


def test_only_what_changed_is_made_anew(demo_study: Study) -> None:
    before = {result.repo: result for result in demo_study.results()}
    demo_study.judge("lookalike", "", Verdict.EXCLUDED, note="a fork")
    after = {result.repo: result for result in demo_study.results()}
    assert [repo for repo in after if after[repo] is not before[repo]] == ["lookalike"]
    assert not after["lookalike"].included


def test_clones_are_read_again_when_their_file_changed(demo_study: Study) -> None:
    assert all(clone.path for clone in demo_study.corpus.clones())
    clones = demo_study.path / "clones.csv"
    clones.write_text(clones.read_text().splitlines()[0] + "\n")
    assert not any(clone.commit for clone in demo_study.corpus.clones())
    clones.unlink()
    assert not any(clone.commit for clone in demo_study.corpus.clones())


def test_a_study_without_repositories_has_no_results(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "study")
    assert study.rows.outline() == study.results() == ()
