"""How many incidents were missed at least: capture-recapture over groups of sources that collect independently.

An incident is "captured" by a group when a publisher of that group reports it in an article of its own. Log-linear
models of the numbers captured by each combination of groups say how many no group captured (Fienberg 1972;
International Working Group for Disease Monitoring and Forecasting 1995). Incidents that the press finds hard to see are
missed by all groups together, so the estimate is a lower bound.
"""

import math
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

MOST_GROUPS = 5  # beyond, most combinations of groups are empty
FEWEST_GROUPS = 3  # with two, no dependence between them can be seen
FEWEST_OF_A_GROUP = 5
FEWEST_SEEN = 30
FEWEST_SHARED = 10  # incidents captured by two groups or more
LIKELY = 3.84  # fall in deviance that a 95% interval allows: the 95% point of chi squared with one degree of freedom
FAR = 1000  # times the incidents seen: an interval that reaches beyond has no upper end

RULE = (
    f"only where at least {FEWEST_GROUPS} groups captured {FEWEST_OF_A_GROUP} incidents each, and of "
    f"{FEWEST_SEEN} or more {FEWEST_SHARED} were captured by two groups"
)
Pattern = tuple[int, ...]  # for each group 1 where it captured an incident, else 0
Pair = tuple[int, int]  # two groups, by their places, that capture dependently


@dataclass(frozen=True)
class Missed:
    """A lower bound on the incidents that no group captured, with a 95% interval; `high` is None for no end."""

    value: float
    low: float
    high: float | None
    groups: tuple[str, ...]
    dependent: tuple[str, str] | None
    seen: int


def missed(captures: Mapping[str, Iterable[str]]) -> Missed | None:
    """The bound from the groups that captured each incident; None where there is too little to say (RULE)."""
    by_incident = {incident: frozenset(groups) for incident, groups in captures.items()}
    sizes = Counter(group for groups in by_incident.values() for group in groups)
    large = sorted((g for g, n in sizes.items() if n >= FEWEST_OF_A_GROUP), key=lambda g: (-sizes[g], g))
    groups = tuple(sorted(large[:MOST_GROUPS]))
    counts = Counter(tuple(int(g in captured) for g in groups) for captured in by_incident.values())
    counts.pop((0,) * len(groups), None)
    shared = sum(n for pattern, n in counts.items() if sum(pattern) > 1)
    if len(groups) < FEWEST_GROUPS or counts.total() < FEWEST_SEEN or shared < FEWEST_SHARED:
        return None
    pair = _best(counts, len(groups))
    value, deviance = _estimate(counts, len(groups), pair)
    low, high = _interval(counts, len(groups), pair, value, deviance)
    return Missed(value, low, high, groups, (groups[pair[0]], groups[pair[1]]) if pair else None, counts.total())


def _best(counts: Counter[Pattern], width: int) -> Pair | None:
    """The dependent pair of the model with the least AIC; None for groups that are all independent."""
    pairs = [p for p in combinations(range(width), 2) if sum(n for c, n in counts.items() if c[p[0]] and c[p[1]])]
    models: list[tuple[float, Pair | None]] = [(_estimate(counts, width, None)[1], None)]
    models += [(_estimate(counts, width, pair)[1] + 2, pair) for pair in pairs]  # one parameter more
    return min(models, key=lambda model: model[0])[1]


def _estimate(counts: Counter[Pattern], width: int, pair: Pair | None) -> tuple[float, float]:
    """The number expected in the one cell that nobody sees, and the deviance of the model in all others."""
    seen = list(product((0, 1), repeat=width))[1:]
    expect, deviance = _fit(seen, [counts[pattern] for pattern in seen], pair)
    return expect((0,) * width), deviance


def _interval(
    counts: Counter[Pattern], width: int, pair: Pair | None, value: float, deviance: float
) -> tuple[float, float | None]:
    """Numbers of missed incidents that the counts do not speak against: a profile likelihood (Cormack 1992)."""
    from scipy.optimize import brentq

    cells = list(product((0, 1), repeat=width))

    def excess(number: float) -> float:
        observed = [number, *(float(counts[pattern]) for pattern in cells[1:])]
        return _fit(cells, observed, pair)[1] - deviance - LIKELY

    far = FAR * counts.total()
    low = brentq(excess, 0, value, xtol=0.1) if excess(0) > 0 else 0.0
    high = brentq(excess, value, far, xtol=0.1) if value < far and excess(far) > 0 else None
    return low, high


def _fit(
    cells: Sequence[Pattern], observed: Sequence[float], pair: Pair | None
) -> tuple[Callable[[Pattern], float], float]:
    """A Poisson model of the cells with an effect of each group and of the dependent pair; its means and deviance."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import PoissonRegressor
    from sklearn.metrics import mean_poisson_deviance

    def row(cell: Pattern) -> list[int]:
        return [*cell, cell[pair[0]] * cell[pair[1]]] if pair else [*cell]

    model = PoissonRegressor(alpha=0, solver="newton-cholesky", max_iter=1000, tol=1e-8)
    rows = [row(cell) for cell in cells]
    with warnings.catch_warnings():
        # A combination that never occurs drives its effect to minus infinity: the means are right long before.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(rows, observed)
    deviance = mean_poisson_deviance(observed, model.predict(rows)) * len(cells)
    return lambda cell: math.exp(model.intercept_ + math.fsum(model.coef_ * row(cell))), float(deviance)
