"""How far two annotators agree: Cohen's kappa.

Cohen, J. (1960): A coefficient of agreement for nominal scales. Educational and Psychological Measurement 20(1), 37-46.
kappa = (p_o - p_e) / (1 - p_e), with p_o the share of items on which both say the same, and p_e the share on which they
would by chance, given how often each of them uses each category.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from mlx_tui.annotation.model import Judgement, Verdict

# Finding what the program missed says the same as confirming it: the evidence is real.
_CATEGORIES = {
    Verdict.CONFIRMED: Verdict.CONFIRMED,
    Verdict.MISSED: Verdict.CONFIRMED,
    Verdict.REJECTED: Verdict.REJECTED,
    Verdict.UNSURE: Verdict.UNSURE,
}
_Item = tuple[str, str, str, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two annotators on one feature.

    Attributes:
        feature: The feature's id.
        annotators: The two, in alphabetical order.
        n: How many items (findings, or the feature as a whole in a repository) both judged; at least 1.
        raw: Share of them on which both say the same, 0 to 1.
        kappa: Cohen's kappa, -1 to 1; None where it is undefined: both used one and the same category throughout.
    """

    feature: str
    annotators: tuple[str, str]
    n: int
    raw: float
    kappa: float | None


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


def agreement(judgements: Iterable[Judgement]) -> tuple[Agreement, ...]:
    """The agreement of each pair of annotators on each feature, where both judged at least one item.

    Items are findings and features as a whole; categories are `confirmed` (also `missed`), `rejected` and `unsure`.

    Returns:
        Ordered by feature, then by the annotators' names.
    """
    verdicts: dict[str, dict[str, dict[_Item, Verdict]]] = defaultdict(lambda: defaultdict(dict))
    for judgement in judgements:
        key, category = judgement.key, _CATEGORIES.get(judgement.verdict)
        if key.feature and category:
            verdicts[key.feature][key.annotator][key.repo, key.commit, key.path, key.cell, key.line] = category
    found = []
    for feature in sorted(verdicts):
        for first, second in combinations(sorted(verdicts[feature]), 2):
            theirs = verdicts[feature][second]
            pairs = [(mine, theirs[item]) for item, mine in verdicts[feature][first].items() if item in theirs]
            if pairs:
                raw = sum(mine == other for mine, other in pairs) / len(pairs)
                found.append(Agreement(feature, (first, second), len(pairs), raw, cohens_kappa(pairs)))
    return tuple(found)
