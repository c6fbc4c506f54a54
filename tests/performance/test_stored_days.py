"""Stored days beside days from scratch: random histories, corrections, backdating, prices by hand.

Six random acts in `make test`, sixteen in `make soak`.
"""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger import BookView, book_view
from wealthnexus.domain.ledger.service import correct_transaction, post_transaction
from wealthnexus.domain.ledger.service.commands import TransactionCommand
from wealthnexus.domain.markets.service import OverridePrice, override_price
from wealthnexus.domain.performance import FeeBasis, PeriodKind
from wealthnexus.domain.performance.reading import ScopeBook, listed_days, scope_book
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.domain.performance.repository.values import computed_values, spans_of, values_of
from wealthnexus.domain.performance.service.days import account_keys, bring_days
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.performance.conftest import CLOCK, Demo

pytestmark = [
    pytest.mark.database,
    pytest.mark.soak,
    pytest.mark.timeout(400),
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("performance_demo"),
]
YOUNG = """
select ha.household_id from household_accounts ha
join transactions x on x.tenant_id = ha.tenant_id and x.account_id = ha.account_id
where ha.tenant_id = :t group by ha.household_id
having min(x.trade_date) < '2019-06-30' and bool_or(x.type = 'DEPOSIT')
order by min(x.trade_date) desc, ha.household_id limit 1
"""


async def _view_at(reader: Any, firm: FirmInfo, version: int) -> BookView:
    view = await book_view(reader, firm)
    return BookView(view.as_of, version, view.currency, is_stored=False, computed_at=view.computed_at)


async def _same(platform: Platform, firm: FirmInfo, version: int | None, keys: list[Any]) -> dict[Any, Any]:
    """Read with what is stored and from scratch: the same, for every account, to the cent."""
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await book_view(reader, firm) if version is None else await _view_at(reader, firm, version)
        spans = await spans_of(reader, view, keys)
        assert spans
        first, last = min(one for one, _ in spans.values()), max(one for _, one in spans.values())
        days = listed_days(first, view.as_of, last)
        read = await values_of(reader, view, spans, days, view.currency)
        scratch = await computed_values(reader, view, keys, days, view.currency)
        scratch.begin(spans, days)
        assert {k: v for k, v in read.values.items() if v} == {k: v for k, v in scratch.values.items() if v}
        assert read.flaws == scratch.flaws
        return scratch.values


async def _returns(platform: Platform, firm: FirmInfo, version: int, household: Any) -> list[str]:
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await _view_at(reader, firm, version)
        book = await scope_book(reader, view, Scope(ScopeKind.HOUSEHOLD, household))
        assert isinstance(book, ScopeBook)
        found = []
        for kind in (PeriodKind.YEAR_TO_DATE, PeriodKind.SINCE_INCEPTION):
            period = book.period(kind)
            for basis in FeeBasis:
                shown = None if period is None else book.figures(period, basis).time_weighted
                found.append(f"{kind} {basis} {shown and (shown.published or shown.reason)}")
        return found


async def _bring(platform: Platform, firm: FirmInfo, keys: list[Any]) -> Any:
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        return await bring_days(uow, await book_view(uow, firm), keys)


async def test_incremental_is_from_scratch_and_known_before_never_changes(
    platform: Platform, demo: Demo, soak: bool
) -> None:
    firm, chance, steps = demo.firm, random.Random(4), 16 if soak else 6
    async with platform.db.reading(Binding(firm.id)) as reader:
        every = await account_keys(reader)
        t = {"t": firm.id}
        home = await reader.scalar(text(YOUNG), t)
        rows = await reader.rows(
            text(
                "select ha.account_id from household_accounts ha where ha.tenant_id = :t"
                " and ha.household_id = :h"
            ),
            {**t, "h": home},
        )
        keys = [row.account_id for row in rows]
    brought = await _bring(platform, firm, keys)
    assert brought.valued_count == len(keys)
    assert (await _bring(platform, firm, keys)).valued_count == 0  # what holds is not made again
    await _what_is_stored_is_read(platform, firm, keys)
    await _days_that_are_asked_for_are_read_alone(platform, firm, keys)
    answers: dict[int, list[str]] = {}
    for step in range(steps):
        act = chance.choice(["post", "correct", "price", "bring", "post", "correct"])
        await _change(platform, firm, act, keys, chance)
        if act == "bring":
            await _bring(platform, firm, keys)
        async with platform.db.reading(Binding(firm.id)) as reader:
            version = (await book_view(reader, firm)).book_version
        await _same(platform, firm, None, keys)
        answers.setdefault(version, await _returns(platform, firm, version, home))
        old = chance.choice(list(answers))
        assert await _returns(platform, firm, old, home) == answers[old], (step, act)
        await _same(platform, firm, old, keys)
    assert len({tuple(each) for each in answers.values()}) > steps / 4
    assert len(every) > len(keys)


async def _what_is_stored_is_read(platform: Platform, firm: FirmInfo, keys: list[Any]) -> None:
    """The comparison can fail: a stored value that is wrong is told, until it is made anew."""
    wrong = text("update portfolio_days set market_value = 1 where tenant_id = :t and account_id = :k")
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await uow.execute(wrong, {"t": firm.id, "k": keys[0]})
    with pytest.raises(AssertionError):
        await _same(platform, firm, None, keys)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        forget = text("delete from portfolio_day_marks where tenant_id = :t and account_id = :k")
        await uow.execute(forget, {"t": firm.id, "k": keys[0]})
    await _same(platform, firm, None, keys)
    assert (await _bring(platform, firm, keys)).valued_count == 1


async def _days_that_are_asked_for_are_read_alone(
    platform: Platform, firm: FirmInfo, keys: list[Any]
) -> None:
    """As the ends of years of a composite are, between which days are stored."""
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await book_view(reader, firm)
        spans = await spans_of(reader, view, keys)
        every = listed_days(min(one for one, _ in spans.values()), view.as_of, view.as_of)
        for days in (every[:: len(every) // 3], every[::2]):
            read = await values_of(reader, view, spans, days, view.currency)
            scratch = await computed_values(reader, view, keys, days, view.currency)
            scratch.begin(spans, days)
            assert read.values == scratch.values


async def _change(
    platform: Platform, firm: FirmInfo, act: str, keys: list[Any], chance: random.Random
) -> None:
    day = CLOCK - timedelta(days=chance.randrange(700))
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        t = {"t": firm.id, "k": keys}
        if act == "post":
            amount = Decimal(chance.randrange(1, 900_000)) / 100
            await post_transaction(uow, firm, TransactionCommand(chance.choice(keys), "DEPOSIT", day, amount))
        elif act == "correct":
            found = await uow.rows(
                text(
                    "select t.id, t.account_id, t.trade_date, t.amount from transactions t"
                    " where t.tenant_id = :t"
                    " and t.account_id = any(:k) and t.type = 'DEPOSIT'"
                    " and t.entry_kind <> 'REVERSAL' and not exists ("
                    "select 1 from transactions x where x.tenant_id = :t and x.reverses_id = t.id)"
                    " order by t.id"
                ),
                t,
            )
            row = chance.choice(list(found))
            moved = row.trade_date + timedelta(days=chance.randrange(-20, 20))
            instead = TransactionCommand(
                row.account_id, "DEPOSIT", min(moved, CLOCK), row.amount + chance.randrange(1, 500)
            )
            is_gone = chance.random() < 0.2
            await correct_transaction(uow, firm, row.id, None if is_gone else instead, "a test")
        elif act == "price":
            held = await uow.rows(
                text(
                    "select distinct x.security_id from account_securities x where x.tenant_id = :t"
                    " and x.account_id = any(:k) order by 1"
                ),
                t,
            )
            close = Decimal(chance.randrange(1_000, 50_000)) / 100
            await override_price(uow, firm, OverridePrice(chance.choice(list(held))[0], day, close, "a test"))
