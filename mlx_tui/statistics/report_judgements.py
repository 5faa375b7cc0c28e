"""The parts of a report that say what people decided, and what that says of the detector and of themselves."""

from mlx_tui.statistics.prevalence import Proportion
from mlx_tui.statistics.report_model import Section, Table, interval_text, kappa_text, percent, proportion_cells
from mlx_tui.statistics.summary import CorpusStatistics
from mlx_tui.statistics.validation import Corrected, Validation, corrected_prevalence


def judgement_sections(s: CorpusStatistics) -> list[Section | None]:
    """How far people judged, the prevalence that follows, and how far they agree; None where there is nothing."""
    return [_progress(s), _corrected(s), _agreement(s)]


def _progress(s: CorpusStatistics) -> Section:
    judged = [f for f in s.features if f.judged or f.missed]
    progress = f"{s.judged} of {s.findings} findings were judged ({percent(Proportion(s.judged, s.findings).value)})."
    if not judged:
        return Section("Judgements", (progress,))
    rows = tuple((f.feature, str(f.judged), *proportion_cells(f.precision), str(f.missed)) for f in judged)
    total = ("all", str(s.judged), *proportion_cells(s.precision), str(sum(f.missed for f in judged)))
    return Section(
        "Judgements and the detector's precision",
        (
            progress,
            "Precision: confirmed findings of those confirmed or rejected. It speaks of the findings that were judged, "
            "and of all only where these were drawn at random.",
        ),
        table=Table(
            ("feature", "judged", "confirmed", "decided", "precision", "95 % interval", "missed"),
            (*rows, total),
            frozenset({1, 2, 3, 4, 5, 6}),
        ),
    )


def _corrected(s: CorpusStatistics) -> Section | None:
    estimates = [(f, corrected_prevalence(f.validation)) for f in s.features]
    rows = tuple(
        (f.feature, *_shares(f.validation), *_share_cells(estimate))
        for f, estimate in estimates
        if estimate is not None
    )
    if not any(f.validation.right_of_yes.n or f.validation.wrong_of_no.n for f, _ in estimates):
        return None
    return Section(
        "Prevalence corrected for the detector's errors",
        (
            "People's decisions on a part of the repositories correct the detector's answers on all (double sampling, "
            "Tenenbein 1970; sensitivity and specificity after Begg and Greenes 1983, as in Rogan and Gladen 1978). "
            "The interval holds the sampling of both; it is right where the repositories that people decided on were "
            "drawn at random from those with the same answer.",
            "Yes: repositories in which the detector finds it. Right and wrong: those that have it, of those with that "
            "answer on which people decided.",
            f"{len(rows)} of {len(estimates)} features can be corrected: of the others, no repository with the "
            "detector's yes, or none with its no, was decided on. That a feature is truly absent is said by rejecting "
            "it as a whole.",
        ),
        table=Table(
            (
                *("feature", "yes", "yes: right", "no: wrong"),
                *("sensitivity", "specificity", "corrected", "95 % interval"),
            ),
            rows,
            frozenset(range(1, 8)),
        )
        if rows
        else None,
    )


def _shares(v: Validation) -> tuple[str, ...]:
    return tuple(f"{share.count}/{share.n}" for share in (v.answered, v.right_of_yes, v.wrong_of_no))


def _share_cells(estimate: Corrected) -> tuple[str, ...]:
    shares = (estimate.sensitivity, estimate.specificity, estimate.value)
    return (*map(percent, shares), interval_text(*estimate.interval))


def _agreement(s: CorpusStatistics) -> Section | None:
    if not s.agreement:
        return None
    return Section(
        "Agreement between annotators",
        (
            "Cohen's kappa (Cohen 1960) on what both judged: confirmed or missed, rejected, unsure. Counted are "
            "verdicts that hold at the pinned commits of included repositories. Undefined where both used one "
            "category throughout. Its interval (Fleiss, Cohen and Everitt 1969) is for large n, and "
            "missing where all items agree.",
        ),
        table=Table(
            ("feature", "annotators", "n", "raw agreement", "kappa", "95 % interval"),
            tuple(
                (
                    *(a.feature, " / ".join(a.annotators), str(a.n), percent(a.raw), kappa_text(a.kappa)),
                    "–" if a.interval is None else f"{a.interval[0]:.2f} – {a.interval[1]:.2f}",
                )
                for a in s.agreement
            ),
            frozenset({2, 3, 4, 5}),
        ),
    )
