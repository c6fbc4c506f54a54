"""Pending against settled: what was traded by a day and has not settled on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wealthnexus.domain.markets.rules import calendars

from .arithmetic import ZERO
from .inputs import Entry
from .vocabulary import EntryType

_TRADES = frozenset({EntryType.BUY, EntryType.SELL, EntryType.SHORT, EntryType.COVER})


@dataclass(frozen=True, slots=True)
class Pending:
    """Cash and units of one account that are traded and not settled; ``units`` signed, by security."""

    account: str
    cash: Decimal
    units: dict[str, Decimal]
    entries: tuple[str, ...]


def settles_on(entry: Entry, exchange: str | None, security_type: str | None) -> date:
    """The source's settlement date; else by the cycle of the market, the instrument and the trade date.

    A market whose rule is not known, and all that is no trade, settles on the trade date.
    """
    if entry.settlement_date is not None:
        return entry.settlement_date
    if exchange is None or entry.type not in _TRADES:
        return entry.trade_date
    return calendars.settlement_date(exchange, entry.trade_date, security_type) or entry.trade_date


def pending(entries: Iterable[tuple[Entry, date, Decimal]], as_of: date) -> tuple[Pending, ...]:
    """By account, from (entry, settlement date, signed units): traded by ``as_of``, settling after it."""
    found: dict[str, tuple[list[Decimal], dict[str, Decimal], list[str]]] = {}
    for entry, settles, units in entries:
        if not entry.trade_date <= as_of < settles:
            continue
        cash, by_security, ids = found.setdefault(entry.account, ([], {}, []))
        cash.append(entry.amount)
        ids.append(entry.id)
        if entry.security is not None and units:
            by_security[entry.security] = by_security.get(entry.security, ZERO) + units
    return tuple(
        Pending(account, sum(cash, ZERO), units, tuple(ids))
        for account, (cash, units, ids) in sorted(found.items())
    )
