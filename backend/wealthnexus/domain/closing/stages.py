"""What each stage of a close does. Each may be begun again at any time: what is done is not done anew.

A close that runs after midnight publishes the month of its own day. What is kept of the firm's latest day
(the book's values, the summaries, actions that are due) is brought to that one, and what is found is found of
it: a finding speaks of now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from wealthnexus.domain import work
from wealthnexus.domain.actions.watch import look_at_actions, post_by_rule
from wealthnexus.domain.clients.models import households
from wealthnexus.domain.clients.service.summaries import keep_summaries, keep_up
from wealthnexus.domain.closing import texts
from wealthnexus.domain.closing.invariants import CODES, Unlike, broken
from wealthnexus.domain.closing.pieces import in_pieces
from wealthnexus.domain.closing.repository import last_version
from wealthnexus.domain.closing.restating import look_at_published, touched
from wealthnexus.domain.closing.rules import Stage
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.firms.service import firm_by_id
from wealthnexus.domain.ledger.service import value_business_date
from wealthnexus.domain.ledger.service.judging_lots import judge_lots
from wealthnexus.domain.ledger.view import book_view
from wealthnexus.domain.markets.service import judge_prices
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.domain.performance.service.days import ACCOUNTS_AT_ONCE, account_keys, bring_days
from wealthnexus.domain.performance.service.publishing import last_month_end, publish_month
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.jobs import JobContext

Figures = Mapping[str, Any]
INVARIANT_ACCOUNTS: Final = 200
PUBLISHED_AT_ONCE: Final = 10
FINDINGS_PER_CODE_MAX: Final = 500
"""Of what does not hold; all of it is counted."""
CATEGORY: Final = "invariants"


async def _firm(context: JobContext) -> FirmInfo:
    async with context.reading() as reader:
        return await firm_by_id(reader, context.job.tenant_id)


async def prices(context: JobContext, _day: date) -> Figures:
    """The prices of what is held: missing, stale, zero, jumps, the wrong currency."""
    firm = await _firm(context)
    async with context.database.unit_of_work(context.binding) as uow:
        judged = await judge_prices(uow, await book_view(uow, firm))
    return {"securities": judged.security_count, "faults": judged.fault_count, "closed": judged.closed_count}


async def actions(context: JobContext, _day: date) -> Figures:
    """Corporate actions that are due are posted by the firm's rule, one at a time, or become work."""
    firm = await _firm(context)

    def units() -> AbstractAsyncContextManager[UnitOfWork]:
        return context.database.unit_of_work(context.binding)

    posted = await post_by_rule(units, firm)
    async with units() as uow:
        looked = await look_at_actions(uow, firm, posted)
    return {
        "posted": looked.posted_count,
        "failed": posted.failed_count,
        "due": looked.due_count,
        "contradicted": looked.contradicted_count,
        "suspectedSplits": looked.suspected_count,
    }


async def valuations(context: JobContext, _day: date) -> Figures:
    """The book on the business date, the Book's summaries, and every account day by day."""
    firm = await _firm(context)
    async with context.database.unit_of_work(context.binding) as uow:
        await value_business_date(uow, firm)
    async with context.database.unit_of_work(context.binding) as uow:
        wanting = await keep_up(uow, firm)
        keys = await account_keys(uow)
    for wanted in wanting:
        async with context.database.unit_of_work(context.binding) as uow:
            await keep_summaries(uow, firm, wanted)
    valued = 0
    for at in range(0, len(keys), ACCOUNTS_AT_ONCE):
        await context.progress(Stage.VALUATIONS.value, at, len(keys))
        async with context.database.unit_of_work(context.binding) as uow:
            view = await book_view(uow, firm)
            valued += (await bring_days(uow, view, keys[at : at + ACCOUNTS_AT_ONCE])).valued_count
    return {"accounts": len(keys), "valued": valued, "summaries": len(wanting)}


async def performance(context: JobContext, day: date) -> Figures:
    """The figures of the last month that is over are published of every household that has none."""
    firm = await _firm(context)
    month = last_month_end(day)
    async with context.reading() as reader:
        keys = await _households(reader)
    published = left_out = 0

    async def publish(piece: Sequence[UUID]) -> None:
        nonlocal published, left_out
        scopes = [Scope(ScopeKind.HOUSEHOLD, key) for key in piece]
        async with context.database.unit_of_work(context.binding) as uow:
            view = await book_view(uow, firm, month)
            said = await publish_month(uow, view, scopes, texts.MONTH_CLOSED())
        published += said.published
        left_out += said.left_out

    failed = await in_pieces(context, Stage.PERFORMANCE, keys, PUBLISHED_AT_ONCE, publish)
    return {
        "households": len(keys),
        "published": published,
        "leftOut": left_out,
        "failed": len(failed),
        "month": month.isoformat(),
    }


async def findings(context: JobContext, _day: date) -> Figures:
    """Tax lots, what must hold in production, published figures that the books no longer bear out."""
    firm = await _firm(context)
    async with context.database.unit_of_work(context.binding) as uow:
        lots = await judge_lots(uow, await book_view(uow, firm))
    return {
        "lotFindings": lots.finding_count,
        **_summed(await _invariants(context, firm), await _published(context, firm)),
    }


def _summed(*parts: Mapping[str, int]) -> dict[str, int]:
    found = Counter[str]()
    for part in parts:
        found.update(part)
    return dict(found)


async def _invariants(context: JobContext, firm: FirmInfo) -> dict[str, int]:
    async with context.reading() as reader:
        keys = await account_keys(reader)
    counts = Counter[str]()
    found: dict[str, dict[str, Unlike]] = {code: {} for code in CODES}

    async def look(piece: Sequence[UUID]) -> None:
        async with context.reading() as reader:
            unlike = await broken(reader, await book_view(reader, firm), piece)
        for each in unlike:
            counts[each.code] += 1
            if len(found[each.code]) < FINDINGS_PER_CODE_MAX:
                found[each.code][each.key] = each

    failed = set(await in_pieces(context, Stage.FINDINGS, keys, INVARIANT_ACCOUNTS, look))

    def is_gone(code: str, key: str) -> bool:
        # Beyond the most that are posted, and of what was not looked at, nothing is known to hold again.
        return (
            counts[code] <= FINDINGS_PER_CODE_MAX
            and key not in found[code]
            and UUID(key.partition(":")[0]) not in failed
        )

    async with context.database.unit_of_work(context.binding) as uow:
        for code, its in found.items():
            told = [work.Found(each.key, "BREACH", each.sentence, each.account_id) for each in its.values()]
            await work.keep_findings(uow, code=code, category=CATEGORY, found=told)
        await work.close_findings(
            uow,
            codes=CODES,
            category=CATEGORY,
            is_gone=is_gone,
            reason=texts.HOLDS_AGAIN(day=firm.business_date()),
        )
    return {"invariantAccounts": len(keys), "invariantsBroken": counts.total(), "failed": len(failed)}


async def _published(context: JobContext, firm: FirmInfo) -> dict[str, int]:
    async with context.reading() as reader:
        view = await book_view(reader, firm)
        ids, beyond = await touched(reader, view, await last_version(reader, Stage.FINDINGS))
    differing = 0

    async def look(piece: Sequence[UUID]) -> None:
        nonlocal differing
        async with context.database.unit_of_work(context.binding) as uow:
            found = await look_at_published(uow, view, list(piece))
        differing += found

    failed = await in_pieces(context, Stage.FINDINGS, ids, PUBLISHED_AT_ONCE, look)
    return {
        "publicationsLookedAt": len(ids),
        "publicationsDiffering": differing,
        "publicationsBeyond": beyond,
        "failed": len(failed),
    }


async def _households(reader: Reader) -> list[UUID]:
    h = households.c
    rows = await reader.rows(select(h.id).where(h.tenant_id == reader.tenant_id).order_by(h.id))
    return [row.id for row in rows]


STAGES: Final[Mapping[Stage, Callable[[JobContext, date], Awaitable[Figures]]]] = {
    Stage.PRICES: prices,
    Stage.ACTIONS: actions,
    Stage.VALUATIONS: valuations,
    Stage.PERFORMANCE: performance,
    Stage.FINDINGS: findings,
}
