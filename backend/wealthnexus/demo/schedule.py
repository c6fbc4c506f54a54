"""When things happen to a demo account: a list of dated events in the order in which a day takes them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum
from typing import NamedTuple

from .market import DISTRIBUTIONS, LAST_DAY, Market
from .plans import AccountPlan


class Action(IntEnum):
    """What happens; the number is the order within a day."""

    SPLIT = 0
    EX_DIVIDEND = 1
    OPEN = 2
    FLOW = 3
    SAVE = 4
    PAY_DIVIDEND = 5
    TRADE_ONE = 6
    TRADE = 7
    DRAW = 8
    FEE = 9
    QUARTER = 10


class Event(NamedTuple):
    """One event; ``key`` is a security, ``subject`` what the action needs to know."""

    day: date
    action: Action
    key: str = ""
    subject: object = None


LAST_TRADE_DAY = date(2021, 3, 24)


def events_of(plan: AccountPlan, market: Market) -> list[Event]:
    """Every event of an account, sorted; the same for every opening amount."""
    if plan.dormant:
        return []
    chance = random.Random(f"schedule/{plan.external_id}")  # noqa: S311
    first = market.trading_day(plan.opened_on + timedelta(days=chance.randrange(2, 9)))
    events = [Event(first, Action.OPEN), *_market_events(first, market)]
    events += [Event(flow.day, Action.FLOW, "", flow) for flow in plan.flows]
    if plan.trades:
        events += [Event(day, Action.TRADE_ONE, key, shares) for day, key, shares in plan.trades]
    else:
        events += _trading(first, market, chance)
        events += _saving(plan, first, market, chance)
        events += _drawing(plan, first, market, chance)
    events += _quarters(first, market)
    return sorted(events, key=lambda event: (event.day, event.action, event.key))


def _market_events(first: date, market: Market) -> Iterator[Event]:
    for key, splits in market.splits.items():
        for split in splits:
            if split.ex_date > first:
                yield Event(split.ex_date, Action.SPLIT, key, split)
    for distribution in DISTRIBUTIONS:
        if distribution.ex_date > first:
            yield Event(distribution.ex_date, Action.SPLIT, distribution.key, distribution)
    for key, dividends in market.dividends.items():
        for dividend in dividends:
            if dividend.ex_date > first:
                yield Event(dividend.ex_date, Action.EX_DIVIDEND, key)
                yield Event(dividend.payable_on, Action.PAY_DIVIDEND, key, dividend)


def _trading(first: date, market: Market, chance: random.Random) -> Iterator[Event]:
    """Invested within the first weeks, then looked at twice a year, rebalanced once."""
    for days in (3, 24):
        day = market.trading_day(first + timedelta(days=days))
        if first <= day < LAST_TRADE_DAY:
            yield Event(day, Action.TRADE, "", "invest")
    for year in range(first.year, 2021):
        for month, purpose in ((4, "invest"), (10, "rebalance")):
            day = market.trading_day(date(year, month, chance.randrange(8, 29)))
            if first + timedelta(days=60) < day:
                yield Event(day, Action.TRADE, "", purpose)
    yield Event(LAST_TRADE_DAY, Action.TRADE, "", "last")


def _months(first: date) -> Iterator[tuple[int, int]]:
    year, month = first.year, first.month
    while (year, month) <= (LAST_DAY.year, LAST_DAY.month):
        yield year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _saving(plan: AccountPlan, first: date, market: Market, chance: random.Random) -> Iterator[Event]:
    if not plan.registration.saving:
        return
    rhythm, figure = plan.registration.saving.split()
    amount = Decimal(figure.rstrip("%")) / (100 if figure.endswith("%") else 1)
    day_of_month, month_of_year = chance.randrange(3, 27), chance.randrange(2, 5)
    for year, month in _months(first):
        due = (
            rhythm == "monthly"
            or (rhythm == "quarterly" and month % 3 == month_of_year % 3)
            or (rhythm == "yearly" and month == month_of_year)
        )
        day = market.trading_day(date(year, month, day_of_month))
        if not due or not first + timedelta(days=20) < day < LAST_TRADE_DAY:
            continue
        if rhythm != "quarterly" or chance.random() < 0.6:  # nobody saves in every quarter
            yield Event(day, Action.SAVE, "", amount)


def _drawing(plan: AccountPlan, first: date, market: Market, chance: random.Random) -> Iterator[Event]:
    if not plan.registration.drawing:
        return
    rhythm, figure = plan.registration.drawing.split()
    share = Decimal(figure.rstrip("%")) / 100
    day_of_month = chance.randrange(8, 22)
    for year, month in _months(first):
        day = market.trading_day(date(year, month, day_of_month))
        if not first + timedelta(days=120) < day < date(2021, 3, 10):
            continue
        if rhythm == "monthly":
            yield Event(day, Action.DRAW, "", share / 12)
        elif month == 12:
            yield Event(day, Action.DRAW, "", share)


def _quarters(first: date, market: Market) -> Iterator[Event]:
    """Interest on the last trading day of a quarter; the fee in arrears about ten days into the next."""
    for year, month in _months(first):
        if month % 3:
            continue
        next_month = date(year + (month == 12), month % 12 + 1, 1)
        last = market.trading_day(next_month - timedelta(days=1))
        if last <= first:
            continue
        yield Event(last, Action.QUARTER)
        fee_day = market.trading_day(next_month + timedelta(days=10))
        if fee_day < LAST_DAY and next_month < LAST_DAY:
            yield Event(fee_day, Action.FEE, "", f"Q{month // 3} {year}")
