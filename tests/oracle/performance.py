"""An independent reading of performance: plain Python, fractions, a day at a time, and nothing of ours.

Other algorithms where there are any:
- a time-weighted return by the price of a unit, which flows buy and redeem;
- Modified Dietz by the capital that was there on each day;
- a household's day by the gain of each account, instead of by the sums of values and flows;
- the number of roots of dated flows by Sturm's theorem;
- statistics by the standard library's ``statistics``;
- an exported explanation, from its text alone.

Conventions, each of them the product's: inflow at the start of the day, outflow at its end; a fee is a loss
of the net return and money taken out for the gross one; a fee that another account pays is a loss of the one
it was billed to.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tests.oracle.book import accrued_of

Row = dict[str, Any]


def amount(row: Row, name: str) -> Fraction:
    return Fraction(row.get(name, 0))


# -- time-weighted -------------------------------------------------------------------------------------


def unit_price_return(opening: Fraction, rows: Sequence[Row], *, gross: bool) -> Fraction:
    """How far the price of a unit moved over days that all have a value; it starts at 1."""
    price, units = Fraction(1), opening
    for row in rows:
        units += amount(row, "opening_change") / price
        units += amount(row, "inflow") / price
        taken_out = amount(row, "outflow") + (amount(row, "fees") if gross else 0)
        lost = amount(row, "expenses_elsewhere") + (0 if gross else amount(row, "fees_elsewhere"))
        price = (amount(row, "value") + taken_out - lost) / units
        units = amount(row, "value") / price
    return price - 1


def gain_and_capital_by_day(
    opening: Fraction,
    closing: Fraction,
    first: date,
    last: date,
    flows: Sequence[tuple[date, Fraction, bool]],
) -> tuple[Fraction, Fraction]:
    """Modified Dietz from the close of ``first`` to that of ``last``: gain and mean capital of a day.

    ``flows``: day, amount (in +, out -), and whether it took part on its own day already.
    """
    capital, day = Fraction(0), first
    while day < last:
        day += timedelta(days=1)
        there = opening
        for when, change, on_its_day in flows:
            if when < day or (when == day and on_its_day):
                there += change
        capital += there
    gain = closing - opening - sum(change for _, change, _ in flows)
    return gain, capital / (last - first).days


# -- households ----------------------------------------------------------------------------------------


class Household:
    """Accounts with values, flows, transfers and fees by day; shares by day.

    ``values[account][day]``; ``flows``: (account, day, amount); ``transfers``: (from, day out, to, day in,
    amount); ``fees``: (payer, billed, day, amount, is an advisory fee); ``shares[account][day]``.
    """

    def __init__(
        self,
        values: dict[str, dict[date, Fraction]],
        shares: dict[str, dict[date, Fraction]],
        flows: Sequence[tuple[str, date, Fraction]],
        transfers: Sequence[tuple[str, date, str, date, Fraction]],
        fees: Sequence[tuple[str, str, date, Fraction, bool]],
    ) -> None:
        self.values, self.shares = values, shares
        self.flows, self.transfers, self.fees = flows, transfers, fees

    def crossed(self, account: str, day: date) -> Fraction:
        """All that came into or went out of an account on a day but fees."""
        total = sum((a for who, when, a in self.flows if (who, when) == (account, day)), Fraction(0))
        for source, left, target, arrived, moved in self.transfers:
            if (source, left) == (account, day):
                total -= moved
            if (target, arrived) == (account, day):
                total += moved
        return total

    def result(self, account: str, day: date, *, gross: bool) -> Fraction:
        """What the account earned on the day, after what was billed to it, whoever paid."""
        before = day - timedelta(days=1)
        earned = self.values[account][day] - self.values[account][before] - self.crossed(account, day)
        for payer, billed, when, fee, advisory in self.fees:
            if when != day:
                continue
            if payer == account:
                earned += fee
            if billed == account and not (gross and advisory):
                earned -= fee
        return earned

    def inside(self, transfer: tuple[str, date, str, date, Fraction]) -> Fraction:
        source, left, target, arrived, _ = transfer
        return min(self.shares[source][left], self.shares[target][arrived])

    def day_return(self, day: date, *, gross: bool, joins_at_close: bool) -> Fraction:
        before = day - timedelta(days=1)
        capital = gain = Fraction(0)
        for transfer in self.transfers:
            _, left, _, arrived, moved = transfer
            if left <= before < arrived:
                capital += self.inside(transfer) * moved
        for account, values in self.values.items():
            was, now = self.shares[account][before], self.shares[account][day]
            capital += was * values[before]
            if now < was:
                capital -= (was - now) * values[before]
            elif joins_at_close:
                capital += (now - was) * (values[day] - self.crossed(account, day))
            else:
                capital += (now - was) * values[before]
            took_part = min(was, now) if joins_at_close else now
            gain += took_part * self.result(account, day, gross=gross)
            for who, when, a in self.flows:
                if (who, when) == (account, day) and a > 0:
                    capital += now * a
        for transfer in self.transfers:
            _, _, target, arrived, moved = transfer
            if arrived == day:
                capital += (self.shares[target][day] - self.inside(transfer)) * moved
        return gain / capital


# -- money-weighted ------------------------------------------------------------------------------------


def count_of_rates(yearly: Sequence[int]) -> int:
    """How many different rates above -100 % solve flows that are whole years apart (Sturm 1829)."""
    chain = [_trimmed([Fraction(each) for each in yearly])]
    chain.append(_trimmed([k * c for k, c in enumerate(chain[0])][1:]))
    while len(chain[-1]) > 1:
        rest = _remainder(chain[-2], chain[-1])
        if not rest:
            break
        chain.append([-c for c in rest])
    at_zero = [next((c for c in poly if c), Fraction(0)) for poly in chain]
    at_infinity = [poly[-1] for poly in chain if poly]
    return _changes(at_zero) - _changes(at_infinity)


def _trimmed(poly: list[Fraction]) -> list[Fraction]:
    while poly and poly[-1] == 0:
        poly = poly[:-1]
    return poly


def _remainder(dividend: list[Fraction], divisor: list[Fraction]) -> list[Fraction]:
    rest = list(dividend)
    while len(rest) >= len(divisor):
        factor = rest[-1] / divisor[-1]
        shift = len(rest) - len(divisor)
        for k, c in enumerate(divisor):
            rest[shift + k] -= factor * c
        rest = _trimmed(rest[:-1])
    return rest


def _changes(signs: Sequence[Fraction]) -> int:
    kept = [each > 0 for each in signs if each]
    return sum(a != b for a, b in pairwise(kept))


def value_at(yearly: Sequence[int], rate: float) -> Fraction:
    """The exact present value of yearly flows at a rate."""
    discount = 1 / (1 + Fraction(rate))
    return sum((each * discount**k for k, each in enumerate(yearly)), Fraction(0))


# -- statistics ----------------------------------------------------------------------------------------


def volatility(returns: Sequence[float], periods: int) -> float:
    return statistics.stdev(returns) * math.sqrt(periods)


def sharpe(returns: Sequence[float], free: float, periods: int) -> float:
    return (statistics.mean(returns) - free) / statistics.stdev(returns) * math.sqrt(periods)


def sortino(returns: Sequence[float], least: float, periods: int) -> float:
    short = statistics.mean([(each - least) ** 2 if each < least else 0.0 for each in returns])
    return (statistics.mean(returns) - least) * periods / math.sqrt(short * periods)


def beta(returns: Sequence[float], benchmark: Sequence[float]) -> float:
    return statistics.linear_regression(benchmark, returns).slope


def deepest_fall(returns: Sequence[float]) -> float:
    """Over every pair of days."""
    levels = [1.0]
    for each in returns:
        levels.append(levels[-1] * (1 + each))
    return max(1 - later / peak for at, peak in enumerate(levels) for later in levels[at:])


# -- explanations --------------------------------------------------------------------------------------


def eight_places(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.00000001"), ROUND_HALF_EVEN)


def recomputed(explained: dict[str, Any]) -> Decimal:
    """The linked return of an exported explanation, from the text of its rows and of its parts alone."""
    node = explained["figure"]
    if node["formula"]["id"] != "twr.linked":
        raise ValueError(node["formula"]["id"])
    rows = [dict(zip(node["table"]["columns"], row, strict=True)) for row in node["table"]["rows"]]
    parts = [part for part in node["parts"] if part["formula"]["id"] == "twr.modified_dietz"]
    dietz = {(_input(part, "begin"), _input(part, "end")): part for part in parts}
    product = Fraction(1)
    for row in rows:
        opening, closing = Fraction(row["opening"]), Fraction(row["closing"])
        if row["method"] == "MODIFIED_DIETZ":
            product *= 1 + _dietz(dietz[row["begin"], row["end"]], row)
        elif row["method"] != "IDLE":
            start = opening + Fraction(row["openingChange"]) + Fraction(row["inflow"])
            product *= (closing + Fraction(row["outflow"]) + Fraction(row["charge"])) / start
    result = product - 1
    return eight_places(Decimal(result.numerator) / Decimal(result.denominator))


def _input(node: dict[str, Any], name: str) -> str:
    return next(each["value"] for each in node["inputs"] if each["name"] == name)


def _dietz(part: dict[str, Any], row: dict[str, Any]) -> Fraction:
    flows = [dict(zip(part["table"]["columns"], each, strict=True)) for each in part["table"]["rows"]]
    days = (
        date.fromisoformat(_input(part, "capitalTo")) - date.fromisoformat(_input(part, "capitalFrom"))
    ).days
    opening, closing = Fraction(row["opening"]), Fraction(row["closing"])
    average = opening + sum(Fraction(each["flow"]) * each["days"] for each in flows) / days
    moved = Fraction(row["openingChange"]) + Fraction(row["inflow"]) - Fraction(row["outflow"])
    return (closing - opening - moved + Fraction(row["charge"])) / average


# -- what a bundle of evidence gives -------------------------------------------------------------------


def cents(value: Fraction, places: int = 2) -> Fraction:
    """Half away from zero, as money is rounded."""
    scaled = abs(value) * 10**places
    whole = (scaled + Fraction(1, 2)).__floor__()
    return Fraction(whole if value >= 0 else -whole, 10**places)


def closings(told: dict[str, Any]) -> dict[str, Fraction]:
    """The value of the scope on each day of the bundle: cash from the amounts of the entries, units from
    theirs, positions from units, close, multiplier and rate. AssertionError where the bundle says another."""
    moves = _table(_flows(told))
    found: dict[str, Fraction] = {}
    for day in (day for day in told["days"] if day["value"] is not None):
        on_the_way = [m for m in moves if m["effect"] == "TRANSIT" and m["day"] == day["day"]]
        total = sum((Fraction(m["amount"]) for m in on_the_way), Fraction(0))
        for account in day["accounts"]:
            rows = [
                row
                for row in told["transactions"]
                if row["account"] == account["account"] and row["day"] <= day["day"]
            ]
            value = cents(sum((Fraction(row["amount"]) for row in rows), Fraction(0)))
            assert value == Fraction(account["cash"]), (day["day"], account["account"])
            units: dict[str, Fraction] = {}
            for row in rows:
                if row["security"] is not None:
                    units[row["security"]] = units.get(row["security"], Fraction(0)) + Fraction(row["units"])
            for held in account["positions"]:
                units[held["security"]] -= Fraction(held["units"])
                if held["value"] is None:  # left out of the value, and the bundle says so
                    assert any(
                        each["isLeftOut"]
                        and (each["account"], each["label"]) == (account["account"], held["name"])
                        and each["first"] <= day["day"] <= each["last"]
                        for each in told["lacking"]
                    ), (day["day"], held["key"])
                    continue
                worth = Fraction(1)
                for name in ("units", "close", "multiplier", "rate"):
                    worth *= Fraction(held[name])
                assert cents(worth) == Fraction(held["value"]), (day["day"], held["key"])
                earned = _interest(held, date.fromisoformat(day["day"]))
                assert earned == Fraction(held["accrued"] or 0), (day["day"], held["key"])
                value += cents(worth) + earned
            assert not any(units.values()), (day["day"], units)
            converted = value if Fraction(account["rate"]) == 1 else cents(value * Fraction(account["rate"]))
            total += _share(told, account["account"], day["day"]) * converted
        assert total == Fraction(day["value"]), (day["day"], total)
        found[day["day"]] = total
    return found


def _interest(held: dict[str, Any], day: date) -> Fraction:
    """What accrued on a position, by the terms that the bundle tells."""
    terms = held["terms"]
    if terms is None or held["close"] is None:
        return Fraction(0)
    of_a_unit = accrued_of(
        {
            "coupon": terms["coupon"],
            "maturity": terms["maturity"] or "",
            "payments_per_year": str(terms["paymentsPerYear"] or ""),
            "day_count": terms["dayCount"] or "",
            "exchange": terms["exchange"] or "",
            "price_multiplier": held["multiplier"],
            "security_type": "BOND",
        },
        day,
    )
    return cents(Fraction(held["units"]) * Fraction(of_a_unit or 0) * Fraction(held["rate"]))


def _share(told: dict[str, Any], account: str, day: str) -> Fraction:
    for each in told["shares"]:
        begun = each["from"] is None or each["from"] <= day
        if each["account"] == account and begun and (each["until"] is None or day < each["until"]):
            return Fraction(each["share"])
    return Fraction(0)


def _flows(told: dict[str, Any]) -> dict[str, Any]:
    parts: list[dict[str, Any]] = told["figure"]["parts"]
    return next((part for part in parts if part["formula"]["id"] == "scope.flows"), {"table": None})


def _table(node: dict[str, Any]) -> list[dict[str, Any]]:
    if node["table"] is None:
        return []
    return [dict(zip(node["table"]["columns"], row, strict=True)) for row in node["table"]["rows"]]


def from_positions(told: dict[str, Any]) -> Decimal:
    """The return from entries, closes and rates alone; between two days of the bundle only values move.

    A flow takes part from the start of its day when it comes in, and until its end when it goes out.
    """
    values = closings(told)
    moves: dict[str, list[dict[str, Any]]] = {}
    for row in _table(_flows(told)):
        moves.setdefault(row["day"], []).append(row)
    basis = _input(told["figure"], "basis")
    signs = {"EXPENSES_ELSEWHERE": -1, "FEES_ELSEWHERE": -1 if basis == "NET" else 0}
    signs["FEES"] = 0 if basis == "NET" else 1
    first = _input(told["figure"], "begin")
    before, product = Fraction(0), Fraction(1)
    for day in sorted(values):
        if day <= first:
            before = values[day]
            continue
        start, end = before, values[day]
        for row in moves.get(day, []):
            amount = Fraction(row["amount"])
            if row["effect"] == "OPENING_CHANGE" or (row["effect"] == "FLOW" and amount > 0):
                start += amount
            elif row["effect"] == "FLOW":
                end -= amount
            else:
                end += signs.get(row["effect"], 0) * amount
        if start or end:
            product *= end / start
        before = values[day]
    result = product - 1
    return eight_places(Decimal(result.numerator) / Decimal(result.denominator))


def component_growths(told: dict[str, Any]) -> dict[tuple[str, str], float]:
    """Of components in the scope's currency, by index and day: level over the level of the day before."""
    found: dict[tuple[str, str], float] = {}
    for part in told["benchmark"]["components"]:
        if part["currency"] in {None, told["scope"]["currency"]}:
            for (_, before), (day, level) in pairwise(part["levels"]):
                found[part["index"], day] = float(Fraction(level) / Fraction(before))
    return found


def benchmark_return(told: dict[str, Any]) -> float:
    """From the weights of each day and the growth of each component; weights drift as they say."""
    product = 1.0
    for day in told["benchmark"]["days"]:
        product *= math.fsum(float(p["weight"]) * float(p["growth"]) for p in day["parts"].values())
    return product - 1


def contribution(told: dict[str, Any]) -> dict[str, float]:
    """By part: its gains over the capital of the whole, times the growth of the whole before, which is that
    of all parts together."""
    tables = {_input(part, "part"): _table(part) for part in told["figure"]["parts"]}
    gained: dict[tuple[str, str], Fraction] = {}
    starts: dict[tuple[str, str], Fraction] = {}
    for rows in tables.values():
        for row in rows:
            key = (row["begin"], row["end"])
            gained[key] = gained.get(key, Fraction(0)) + Fraction(row["gain"])
            starts[key] = Fraction(row["wholeStart"])
    growth, before = 1.0, {}
    for key in sorted(gained):
        before[key] = growth
        growth *= 1 + float(gained[key] / starts[key]) if starts[key] else 1.0
    return {
        name: math.fsum(
            before[row["begin"], row["end"]] * float(Fraction(row["gain"]) / Fraction(row["wholeStart"]))
            for row in rows
        )
        for name, rows in tables.items()
    }


def attribution(told: dict[str, Any]) -> dict[str, tuple[float, float, float]]:
    """By segment allocation, selection and interaction, linked by the factor of each period."""
    found: dict[str, tuple[float, float, float]] = {}
    periods: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in _table(told["figure"]["parts"][0]):
        periods.setdefault((row["begin"], row["end"]), []).append(row)
    for rows in periods.values():
        whole = math.fsum(
            float(row["benchmarkWeight"]) * float(row["benchmarkReturn"])
            for row in rows
            if row["benchmarkReturn"] is not None
        )
        for row in rows:
            weight, beside = float(row["portfolioWeight"]), float(row["benchmarkWeight"])
            own, other = row["portfolioReturn"], row["benchmarkReturn"]
            r = float(own if own is not None else other if other is not None else 0)
            b = float(other if other is not None else r)
            factor, sums = float(row["factor"]), found.get(row["segment"], (0.0, 0.0, 0.0))
            effects = (
                (weight - beside) * (b - whole),
                beside * (r - b) + float(row["uninvested"]),
                (weight - beside) * (r - b),
            )
            found[row["segment"]] = tuple(s + factor * e for s, e in zip(sums, effects, strict=True))  # type: ignore[assignment]
    return found


def observed(told: dict[str, Any]) -> list[tuple[str, float, float | None]]:
    """Day, return and benchmark of a statistic's observations that took part."""
    return [
        (row["day"], float(row["return"]), None if row.get("benchmark") is None else float(row["benchmark"]))
        for row in _table(told["figure"])
        if row["return"] is not None and ("benchmark" not in row or row["benchmark"] is not None)
    ]
