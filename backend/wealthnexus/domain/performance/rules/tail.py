"""Value at risk, expected shortfall and their back-tests. Positive = loss, everywhere.

Source: docs/domain/performance.md; Acerbi and Tasche 2002; Kupiec 1995; Christoffersen 1998; Basel Committee
1996. Returns as fractions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import NormalDist
from typing import Final

_EPSILON: Final = 1e-9
"""Positions such as 0.95 x 20 are meant to be whole."""


class QuantileRule(StrEnum):
    """Which loss stands at a confidence between two observations. HIGHER: the next worse one."""

    HIGHER = "HIGHER"
    LINEAR = "LINEAR"
    INVERTED_CDF = "INVERTED_CDF"
    HAZEN = "HAZEN"


class Zone(StrEnum):
    """The Basel traffic light, for 250 days at 99 %."""

    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"


def historical_value_at_risk(
    returns: Sequence[float], confidence: float, rule: QuantileRule = QuantileRule.HIGHER
) -> float | None:
    """The loss at ``confidence`` (0 to 1) of the observed returns; None without any.

    ValueError: a confidence that is not between 0 and 1.
    """
    _check(confidence)
    if not returns:
        return None
    losses = sorted(-value for value in returns)
    count = len(losses)
    if rule is QuantileRule.INVERTED_CDF:
        return losses[max(math.ceil(confidence * count - _EPSILON) - 1, 0)]
    if rule is QuantileRule.HIGHER:
        return losses[min(math.floor(confidence * count + _EPSILON), count - 1)]
    at = confidence * (count - 1) if rule is QuantileRule.LINEAR else confidence * count - 0.5
    at = min(max(at, 0.0), count - 1.0)
    low = math.floor(at + _EPSILON)
    high = min(low + 1, count - 1)
    return losses[low] + max(at - low, 0.0) * (losses[high] - losses[low])


def historical_expected_shortfall(returns: Sequence[float], confidence: float) -> float | None:
    """The mean of the worst part of the returns, the last observation by its fraction (Acerbi, Tasche)."""
    _check(confidence)
    if not returns:
        return None
    losses = sorted((-value for value in returns), reverse=True)
    room = (1 - confidence) * len(losses)
    whole = math.floor(room + _EPSILON)
    fraction = max(room - whole, 0.0) if room - whole > _EPSILON else 0.0
    tail = math.fsum(losses[:whole]) + (fraction * losses[whole] if fraction else 0.0)
    return tail / (whole + fraction)


def normal_value_at_risk(mean: float, deviation: float, confidence: float) -> float:
    """z x deviation - mean, of a normal distribution."""
    _check(confidence)
    return NormalDist().inv_cdf(confidence) * deviation - mean


def normal_expected_shortfall(mean: float, deviation: float, confidence: float) -> float:
    """deviation x density(z) / (1 - confidence) - mean, of a normal distribution."""
    _check(confidence)
    normal = NormalDist()
    return deviation * normal.pdf(normal.inv_cdf(confidence)) / (1 - confidence) - mean


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """A likelihood ratio and the probability of one as large, if the model holds."""

    ratio: float
    p_value: float


def kupiec(failures: int, observations: int, probability: float) -> LikelihoodRatio:
    """Proportion of failures (Kupiec 1995), chi-squared with 1 degree of freedom; 0 ln 0 = 0.

    ValueError: more failures than observations, none observed, or a probability not between 0 and 1.
    """
    _check(probability)
    if not 0 <= failures <= observations or observations < 1:
        raise ValueError(f"{failures} failures in {observations} observations")
    share = failures / observations
    expected = _likelihood(observations - failures, 1 - probability) + _likelihood(failures, probability)
    seen = _likelihood(observations - failures, 1 - share) + _likelihood(failures, share)
    ratio = max(-2 * (expected - seen), 0.0)
    return LikelihoodRatio(ratio, math.erfc(math.sqrt(ratio / 2)))


@dataclass(frozen=True, slots=True)
class Christoffersen:
    """``transitions``: ((n00, n01), (n10, n11)), of T - 1 pairs of days; ``coverage``: both tests in one."""

    transitions: tuple[tuple[int, int], tuple[int, int]]
    independence: LikelihoodRatio
    coverage: LikelihoodRatio


def christoffersen(hits: Sequence[bool], probability: float) -> Christoffersen:
    """Whether failures follow one another, and with their number (Christoffersen 1998).

    ValueError: fewer than two days.
    """
    if len(hits) < 2:
        raise ValueError(f"{len(hits)} days, expected at least 2")
    counts = [[0, 0], [0, 0]]
    for before, now in pairwise(hits):
        counts[bool(before)][bool(now)] += 1
    (n00, n01), (n10, n11) = counts
    after_none = n01 / (n00 + n01) if n00 + n01 else 0.0
    after_one = n11 / (n10 + n11) if n10 + n11 else 0.0
    pooled = (n01 + n11) / (len(hits) - 1)
    together = _likelihood(n00 + n10, 1 - pooled) + _likelihood(n01 + n11, pooled)
    apart = _likelihood(n00, 1 - after_none) + _likelihood(n01, after_none)
    apart += _likelihood(n10, 1 - after_one) + _likelihood(n11, after_one)
    ratio = max(-2 * (together - apart), 0.0)
    both = ratio + kupiec(sum(map(bool, hits)), len(hits), probability).ratio
    return Christoffersen(
        ((n00, n01), (n10, n11)),
        LikelihoodRatio(ratio, math.erfc(math.sqrt(ratio / 2))),
        LikelihoodRatio(both, math.exp(-both / 2)),
    )


def traffic_light(failures: int) -> Zone:
    """0 to 4 failures of 250 green, 5 to 9 yellow, 10 and more red. ValueError: below 0."""
    if failures < 0:
        raise ValueError(f"{failures} failures, expected 0 or more")
    return Zone.GREEN if failures <= 4 else Zone.YELLOW if failures <= 9 else Zone.RED


def _likelihood(count: int, probability: float) -> float:
    return count * math.log(probability) if count else 0.0


def _check(share: float) -> None:
    if not 0 < share < 1:
        raise ValueError(f"{share} is not between 0 and 1")
