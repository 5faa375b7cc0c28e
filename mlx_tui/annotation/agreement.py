"""How far two annotators agree: Cohen's kappa.

Cohen, J. (1960): A coefficient of agreement for nominal scales. Educational and Psychological Measurement 20(1), 37-46.
kappa = (p_o - p_e) / (1 - p_e), with p_o the share of items on which both say the same, and p_e the share on which they
would by chance, given how often each of them uses each category.

Its interval: Fleiss, J. L., Cohen, J., Everitt, B. S. (1969): Large sample standard errors of kappa and weighted kappa.
Psychological Bulletin 72(5), 323-327.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from statistics import NormalDist

from mlx_tui.annotation.model import Judgement, Verdict

# Finding what the program missed says the same as confirming it: the evidence is real.
_CATEGORIES = {
    Verdict.CONFIRMED: Verdict.CONFIRMED,
    Verdict.MISSED: Verdict.CONFIRMED,
    Verdict.REJECTED: Verdict.REJECTED,
    Verdict.UNSURE: Verdict.UNSURE,
}
ALL_FEATURES = "all features"
_Item = tuple[str, str, str, str, int | None, int | None]
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two annotators on one feature.

    Attributes:
        feature: The feature's id, or `ALL_FEATURES`.
        annotators: The two, in alphabetical order.
        n: How many items (findings, or the feature as a whole in a repository) both judged; at least 1.
        raw: Share of them on which both say the same, 0 to 1.
        kappa: Cohen's kappa, -1 to 1; None where it is undefined: both used one and the same category throughout.
        interval: Its 95 % interval for large n; None where it is undefined, or says nothing: all items agree.
    """

    feature: str
    annotators: tuple[str, str]
    n: int
    raw: float
    kappa: float | None
    interval: tuple[float, float] | None


def cohens_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of two raters' categories.

    Args:
        pairs: For each item, the category of the first rater and that of the second.

    Returns:
        Kappa, -1 to 1; None without items, or where both raters used one and the same category throughout.
    """
    n = len(pairs)
    agreed = sum(first == second for first, second in pairs)
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    by_chance = sum(firsts[category] * seconds[category] for category in firsts)  # p_e * n², kept whole: exact
    return (n * agreed - by_chance) / (n * n - by_chance) if n * n != by_chance else None


def kappa_interval(pairs: Sequence[tuple[str, str]]) -> tuple[float, float] | None:
    """The 95 % interval of Cohen's kappa, for large n.

    Args:
        pairs: As in `cohens_kappa`.

    Returns:
        Its ends, each -1 to 1; None where kappa is undefined, or its standard error is estimated to be 0.
    """
    kappa, n = cohens_kappa(pairs), len(pairs)
    if kappa is None:
        return None
    cells = Counter(pairs)
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    chance = sum(firsts[category] * seconds[category] for category in firsts) / n**2
    on, off = 0.0, 0.0
    for (first, second), count in cells.items():
        if first == second:
            on += count / n * (1 - (firsts[first] + seconds[first]) / n * (1 - kappa)) ** 2
        else:
            off += count / n * ((seconds[first] + firsts[second]) / n) ** 2
    variance = (on + (1 - kappa) ** 2 * off - (kappa - chance * (1 - kappa)) ** 2) / (n * (1 - chance) ** 2)
    if variance <= 1e-12:
        return None
    margin = _Z * sqrt(variance)
    return max(-1.0, kappa - margin), min(1.0, kappa + margin)


def is_verdict(judgement: Judgement) -> bool:
    """Whether a judgement says of a finding or a feature what can be agreed on: it is no note and no decision."""
    return bool(judgement.key.feature) and judgement.verdict in _CATEGORIES


def agreement(judgements: Iterable[Judgement]) -> tuple[Agreement, ...]:
    """The agreement of each pair of annotators on each feature, where both judged at least one item.

    Items are findings and features as a whole; categories are `confirmed` (also `missed`), `rejected` and `unsure`.

    Returns:
        Ordered by feature, then by the annotators' names; last, where there are several features, each pair on all.
    """
    verdicts: dict[str, dict[str, dict[_Item, Verdict]]] = defaultdict(lambda: defaultdict(dict))
    for judgement in judgements:
        if is_verdict(judgement):
            key = judgement.key
            item = (key.repo, key.commit, key.feature, key.path, key.cell, key.line)
            verdicts[key.feature][key.annotator][item] = _CATEGORIES[judgement.verdict]
    found = [row for feature in sorted(verdicts) for row in _between(feature, verdicts[feature])]
    if len({row.feature for row in found}) < 2:
        return tuple(found)
    together: dict[str, dict[_Item, Verdict]] = defaultdict(dict)
    for of_feature in verdicts.values():
        for annotator, said in of_feature.items():
            together[annotator].update(said)
    return (*found, *_between(ALL_FEATURES, together))


def _between(feature: str, verdicts: Mapping[str, Mapping[_Item, Verdict]]) -> Iterator[Agreement]:
    for first, second in combinations(sorted(verdicts), 2):
        theirs = verdicts[second]
        pairs = [(mine, theirs[item]) for item, mine in verdicts[first].items() if item in theirs]
        if pairs:
            raw = sum(mine == other for mine, other in pairs) / len(pairs)
            yield Agreement(feature, (first, second), len(pairs), raw, cohens_kappa(pairs), kappa_interval(pairs))
