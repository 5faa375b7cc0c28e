"""The parts of a report that say what was found."""

from mlx_tui.counted import counted
from mlx_tui.detection.codebook import Codebook
from mlx_tui.statistics.baseline import BASELINE_FEATURES
from mlx_tui.statistics.prevalence import Prevalence, Proportion
from mlx_tui.statistics.report_judgements import judgement_sections
from mlx_tui.statistics.report_model import (
    Bar,
    BarGroup,
    Section,
    Table,
    kappa_text,
    percent,
    proportion_cells,
    sentence,
    words,
)
from mlx_tui.statistics.summary import CorpusStatistics

_PROPORTION = ("present", "n", "share", "95 % interval")


def findings_sections(s: CorpusStatistics, codebook: Codebook) -> list[Section]:
    """What was found, in reading order; what there is nothing to say of is left out."""
    sections = (
        _dimensions(s),
        _features(s, codebook),
        _baseline(s),
        _readiness(s),
        _reproduction(s),
        _outcomes(s),
        _claims(s),
        *judgement_sections(s),
    )
    return [section for section in sections if section is not None]


def _prevalence_cells(prevalence: Prevalence) -> tuple[str, ...]:
    return (*proportion_cells(prevalence.present), str(prevalence.unknown or ""))


def _dimensions(s: CorpusStatistics) -> Section:
    return Section(
        "Prevalence of dimensions",
        (
            "A dimension is present in a repository when one of its features is. "
            "n: repositories of which that is known.",
        ),
        (BarGroup("", tuple(Bar(words(d.dimension), d.prevalence.present) for d in s.dimensions)),),
        Table(
            ("dimension", *_PROPORTION, "unknown"),
            tuple((words(d.dimension), *_prevalence_cells(d.prevalence)) for d in s.dimensions),
            frozenset({1, 2, 3, 4, 5}),
        ),
    )


def _features(s: CorpusStatistics, codebook: Codebook) -> Section:
    groups: dict[str, list[Bar]] = {}
    for feature, found in zip(codebook.features, s.features, strict=True):
        groups.setdefault(feature.dimension, []).append(Bar(feature.title, found.prevalence.present))
    return Section(
        "Prevalence of features",
        ("Presence after judgements. Unknown: not detected by this version and judged by nobody, or judged unsure.",),
        tuple(BarGroup(words(dimension), tuple(bars)) for dimension, bars in groups.items()),
        Table(
            ("feature", *_PROPORTION, "unknown", "findings"),
            tuple((f.feature, *_prevalence_cells(f.prevalence), str(f.findings)) for f in s.features),
            frozenset({1, 2, 3, 4, 5, 6}),
        ),
    )


def _baseline(s: CorpusStatistics) -> Section:
    c = s.comparison
    return Section(
        "The substring baseline beside the detector",
        (
            "Baseline: a tracked .py or .ipynb contains log_param, autolog or log_metric as text. It holds for "
            f"{sentence(s.baseline)}.",
            f"Detector: one of {', '.join(BASELINE_FEATURES)} is present, after judgements "
            f"({counted(c.n, 'repository')} of which both are known).",
            f"They agree on {c.agreed.count} of {c.n} ({percent(c.agreed.value)}; kappa {kappa_text(c.kappa)}). "
            f"As a test of what the detector finds, the baseline is right in {percent(c.precision.value)} of its yes, "
            f"and finds {percent(c.recall.value)}.",
        ),
        table=Table(
            ("", "detector: yes", "detector: no"),
            (
                ("baseline: yes", str(c.both), str(c.baseline_only)),
                ("baseline: no", str(c.detector_only), str(c.neither)),
            ),
            frozenset({1, 2}),
        ),
    )


def _readiness(s: CorpusStatistics) -> Section:
    conditions = tuple(Bar(name, proportion) for name, proportion in s.conditions)
    scores = tuple(Bar(str(score), Proportion(count, s.scanned)) for score, count in enumerate(s.readiness))
    return Section(
        "Readiness for a second execution",
        ("The six conditions for a second execution, and how many of them a repository meets, after judgements.",),
        *_grouped(BarGroup("condition met", conditions), BarGroup("conditions met, of six", scores)),
    )


def _reproduction(s: CorpusStatistics) -> Section | None:
    r = s.reproduction
    if not r.outcomes:
        return None
    numbers = (
        ("executed as is", r.as_is),
        ("executed after named repairs", r.after_repairs),
        ("metrics equal to a recorded reference", r.metrics_equal),
    )
    foreseen = (
        (
            f"Before anything ran, {r.foreseen.count} of {r.foreseen.n} plans foresaw rightly whether they would run "
            f"to the end as they were made; of the {r.causes_foreseen.n} that failed, {r.causes_foreseen.count} for "
            "the cause that was foreseen.",
        )
        if r.foreseen.n
        else ()
    )
    duration = f" Median duration {r.median_seconds:.0f} s." if r.median_seconds is not None else ""
    return Section(
        "Reproduction: three numbers, never one",
        (
            f"Of {counted(r.attempted, 'repository')} whose attempt came to its own end; {r.compared} of them had a "
            f"reference to compare with.{duration}",
            f"Of the {r.as_is.count + r.after_repairs.count} that were executed, {r.with_deviations.count} deviated "
            "from what the repository asks, in the interpreter, the versions or the packages: results.csv names it.",
            *foreseen,
        ),
        (BarGroup("", tuple(Bar(name, proportion) for name, proportion in numbers)),),
        Table(
            ("", "repositories", "n", "share", "95 % interval"),
            tuple((name, *proportion_cells(proportion)) for name, proportion in numbers),
            frozenset({1, 2, 3, 4}),
        ),
    )


def _outcomes(s: CorpusStatistics) -> Section | None:
    r = s.reproduction
    total = sum(count for _, count in r.outcomes)
    if not total:
        return None
    failed = sum(count for _, count in r.causes)
    outcomes = tuple(Bar(words(outcome), Proportion(count, total)) for outcome, count in r.outcomes)
    causes = tuple(Bar(words(cause), Proportion(count, failed)) for cause, count in r.causes)
    groups = (BarGroup("outcome", outcomes), *((BarGroup("cause of failure", causes),) if causes else ()))
    return Section("Outcomes and causes", (), *_grouped(*groups))


def _claims(s: CorpusStatistics) -> Section | None:
    if not s.claims:
        return None
    bars = tuple(Bar(words(claim.what), Proportion(claim.met, claim.claimed)) for claim in s.claims if claim.claimed)
    rows = tuple(
        (words(c.what), *map(str, (c.claimed, c.met, c.partly, c.unmet, c.not_run, c.unforeseen))) for c in s.claims
    )
    return Section(
        "Claim and reality",
        (
            "What the code says that it logs, beside what was logged, in the repositories of which an attempt captured "
            "something. Met: logged with every name that the code spells out; partly: without some of them; unmet: "
            "nothing of the kind; unforeseen: logged, though the scan saw nothing that does so. Claims of code that "
            "the plan surely doesn't run are told apart, as not run, and aren't among the claimed.",
        ),
        (BarGroup("met, of those that claim it", bars),) if bars else (),
        Table(("", "claimed", "met", "partly", "unmet", "not run", "unforeseen"), rows, frozenset({1, 2, 3, 4, 5, 6})),
    )


def _grouped(*groups: BarGroup) -> tuple[tuple[BarGroup, ...], Table]:
    """Bars, and a table that says the same."""
    rows = tuple(
        (group.heading, bar.label, *proportion_cells(bar.proportion)) for group in groups for bar in group.bars
    )
    return groups, Table(("", "", "repositories", "n", "share", "95 % interval"), rows, frozenset({2, 3, 4, 5}))
