"""A figure as JSON that a stranger recomputes: its tree, and all that its amounts were made of.

Closing values follow from units, closes, the terms of bonds and rates, units and cash from the entries with
file and line, flows from entries and closes of their day, the benchmark from weights and growths of its
components.
"""

from __future__ import annotations

import asyncio
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.ledger.figures import trimmed
from wealthnexus.domain.performance.borne import places_of
from wealthnexus.domain.performance.figures import PATH_BETWEEN, Shown
from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.domain.performance.repository import benchmarks
from wealthnexus.domain.performance.repository.evidence import entries_of, held_with_prices
from wealthnexus.domain.performance.rules.benchmarks import Blend
from wealthnexus.domain.performance.rules.figures import explained
from wealthnexus.domain.performance.rules.flaws import Flaw
from wealthnexus.domain.performance.rules.flows import MovedRow
from wealthnexus.domain.performance.rules.periods import Period
from wealthnexus.domain.performance.rules.policy import FeeBasis
from wealthnexus.domain.performance.rules.time_weighted import Method
from wealthnexus.domain.performance.sessions import close_before
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.money import plain

DAYS_MAX: Final = 400
ENTRIES_MAX: Final = 20_000
_PRICES: Final = "prices.csv"
_BESIDE: Final = re.compile(
    "benchmark.*|excess|attribution|beta|alpha|tracking_error|information_ratio|.*_capture"
)


async def exported(
    reader: Reader, book: ScopeBook, shown: Shown, path: str, period: Period | None
) -> dict[str, Any]:
    """The figure, the days its values stand on, entries and benchmark. ``isComplete`` false: of days or of
    entries there are more than 400 or 20,000, and the first were left out."""
    name = path.split(PATH_BETWEEN)[1]
    days = [] if period is None or name.startswith("benchmark") else days_behind(book, period)
    accounts = sorted({each.account for each in book.members.memberships if isinstance(each.account, UUID)})
    entries: list[Any] = []
    if days:
        entries = await entries_of(reader, book.view, accounts, days[-1], ENTRIES_MAX + 1)
    kept = days[-DAYS_MAX:]
    held, cash = (
        await held_with_prices(reader, book.view, accounts, kept, book.currency) if kept else ([], [])
    )
    levels = await _levels(reader, book, period) if _BESIDE.fullmatch(name) else {}
    return await asyncio.to_thread(
        lambda: {
            **_figure(book, shown, path),
            "isComplete": len(days) <= DAYS_MAX and len(entries) <= ENTRIES_MAX,
            "days": _days(book, kept, held, cash),
            "transactions": [_entry(row) for row in entries[-ENTRIES_MAX:]],
            "benchmark": _benchmark(book, period, levels) if _BESIDE.fullmatch(name) else None,
        }
    )


def _figure(book: ScopeBook, shown: Shown, path: str) -> dict[str, Any]:
    """What every figure stands on."""
    return {
        **explained(shown, book.conventions),
        "policies": [
            {
                "from": first.isoformat(),
                "version": each.policy.version,
                "choices": dict(each.policy.printed()),
            }
            for first, each in book.policies.turns
        ],
        "path": path,
        "scope": {
            "kind": book.members.scope.kind.value,
            "name": book.members.name,
            "currency": book.currency,
            "isPartial": book.is_partial,
        },
        "asOf": book.view.as_of.isoformat(),
        "bookVersion": str(book.view.book_version),
        "knownAt": None if book.view.known_at is None else book.view.known_at.isoformat(),
        "shares": _shares(book),
        "lacking": [_flaw(each) for each in book.flaws],
        "chargesPaidElsewhere": [_charge(row) for row in book.rows if row.paid_elsewhere],
    }


def days_behind(book: ScopeBook, period: Period) -> list[date]:
    """The listed days whose values a return of the period uses: its ends, each day of a flow or of a charge,
    and the close before; between them nothing but value moves."""
    listed = [row.day for row in book.series.days]
    first, last = places_of(book, period)
    wanted = {first - 1, last} | {
        at
        for n in range(first, last + 1)
        if (row := book.series.days[n - 1]).has_flow
        or row.fees
        or row.fees_elsewhere
        or row.expenses_elsewhere
        for at in (n - 1, n)
    }
    for sub in book.figures(period, FeeBasis.NET).measured.sub_periods:
        if sub.method is not Method.DAILY:
            wanted |= {bisect_right(listed, sub.begin), bisect_right(listed, sub.end)}
    return [listed[n - 1] for n in sorted(wanted) if 1 <= n <= len(listed)]


def _shares(book: ScopeBook) -> list[dict[str, Any]]:
    """Which part of which account belongs to the scope, and when."""
    return [
        {
            "account": str(each.account),
            "from": None if each.first_day == date.min else each.first_day.isoformat(),
            "until": None if each.end is None else each.end.isoformat(),
            "share": f"{each.share.numerator}/{each.share.denominator}",
        }
        for each in book.members.memberships
    ]


def _flaw(flaw: Flaw) -> dict[str, Any]:
    """What has no price, or an old one; what is left out for want of one says so."""
    return {
        "kind": flaw.kind.value,
        "account": str(flaw.account_id),
        "label": flaw.label,
        "known": None if flaw.known is None else flaw.known.isoformat(),
        "first": flaw.first.isoformat(),
        "last": flaw.last.isoformat(),
        "isLeftOut": flaw.is_excluded,
    }


def _days(
    book: ScopeBook, days: Sequence[date], held: Sequence[Any], cash: Sequence[Any]
) -> list[dict[str, Any]]:
    values = {row.day: row.value for row in book.series.days}
    positions: dict[tuple[int, UUID], list[Any]] = {}
    for row in held:
        positions.setdefault((row.n, row.account_id), []).append(row)
    accounts: dict[int, list[dict[str, Any]]] = {}
    for row in cash:
        accounts.setdefault(row.n, []).append(
            {
                "account": str(row.account_id),
                "currency": row.currency,
                "cash": _plain(row.cash),
                "accrued": _plain(row.accrued),
                "value": _plain(row.market_value),
                "rate": _plain(row.rate),
                "positions": [_position(one) for one in positions.get((row.n, row.account_id), ())],
            }
        )
    return [
        {"day": day.isoformat(), "value": _plain(values.get(day)), "accounts": accounts.get(n, [])}
        for n, day in enumerate(days, start=1)
    ]


def _position(row: Any) -> dict[str, Any]:
    return {
        "security": str(row.security_id),
        "key": row.security_key,
        "name": row.name,
        "units": _plain(row.units),
        "close": _plain(row.close),
        "currency": row.currency,
        "multiplier": _plain(row.multiplier),
        "rate": _plain(row.rate),
        "value": _plain(row.value),
        "accrued": _plain(row.accrued),
        "terms": _terms(row),
        "priceDay": None if row.day is None else row.day.isoformat(),
        "priceSource": row.source,
        "file": None if row.source_line is None else _PRICES,
        "line": row.source_line,
    }


def _terms(row: Any) -> dict[str, Any] | None:
    """What interest accrues by; None for what bears none."""
    if not row.coupon:
        return None
    return {
        "coupon": _plain(row.coupon),
        "maturity": None if row.maturity is None else row.maturity.isoformat(),
        "paymentsPerYear": row.payments_per_year,
        "dayCount": row.day_count,
        "exchange": row.exchange,
    }


def _entry(row: Any) -> dict[str, Any]:
    return {
        "reference": str(row.id),
        "account": str(row.account_id),
        "type": row.type,
        "day": row.trade_date.isoformat(),
        "security": None if row.security_id is None else str(row.security_id),
        "units": _plain(row.units),
        "amount": _plain(row.amount),
        "source": row.source,
        "sourceId": row.source_id,
        "file": row.source_file,
        "line": row.source_line,
    }


def _charge(row: MovedRow) -> dict[str, Any]:
    """What an account outside, or one that is not seen, paid for an account of the scope."""
    return {
        "reference": str(row.id),
        "account": str(row.account_id),
        "type": row.type,
        "day": row.day.isoformat(),
        "amount": _plain(row.own_amount),
        "currency": row.own_currency,
    }


async def _levels(reader: Reader, book: ScopeBook, period: Period | None) -> dict[str, dict[date, Decimal]]:
    """Total-return levels of the components, each in its own currency, from the close before the period."""
    days = [] if period is None else [row.day for row in book.benchmark_days(period)]
    if not days or book.benchmark is None:
        return {}
    listed = [close_before(days[0]), *days]
    found = await benchmarks.levels(reader, book.view, book.benchmark.parts, listed)
    return {
        index: {day: each.by_day[day] for day in listed if day in each.by_day}
        for index, each in found.items()
    }


def _benchmark(
    book: ScopeBook, period: Period | None, levels: Mapping[str, Mapping[date, Decimal]]
) -> dict[str, Any] | None:
    """Its components with their levels, and by day weight at the close before and growth of each, in the
    scope's currency."""
    if book.benchmark is None or period is None:
        return None
    return {
        "turns": [
            {
                "from": None if turn.first_day == date.min else turn.first_day.isoformat(),
                "name": None if turn.definition is None else turn.definition.name,
                "blends": []
                if turn.definition is None
                else [_blend(each) for each in turn.definition.blends],
            }
            for turn in book.benchmark.turns
        ],
        "components": [
            {
                "index": index,
                "name": part.name,
                "security": None if part.security_id is None else str(part.security_id),
                "yearlyRate": _plain(part.yearly_rate),
                "currency": part.currency,
                "assetClass": part.asset_class,
                "levels": [[day.isoformat(), _plain(level)] for day, level in levels.get(index, {}).items()],
            }
            for index, part in book.benchmark.parts.items()
        ],
        "days": [
            {
                "day": row.day.isoformat(),
                "growth": None if row.growth is None else repr(row.growth),
                "parts": _growths(row.parts),
            }
            for row in book.benchmark_days(period)
        ],
    }


def _blend(blend: Blend) -> dict[str, Any]:
    return {
        "from": blend.first_day.isoformat(),
        "rebalance": blend.rebalance.value,
        "weights": {index: _plain(weight) for index, weight in blend.weights.items()},
    }


def _growths(parts: Mapping[str, tuple[float, float]]) -> dict[str, dict[str, str]]:
    return {
        index: {"weight": repr(weight), "growth": repr(growth)} for index, (weight, growth) in parts.items()
    }


def _plain(value: Any) -> str | None:
    return None if value is None else plain(trimmed(value))
