"""What an import makes doubtful: findings for a person to review, each once while it is open."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain import work
from wealthnexus.domain.bundle.rules import SIGNED
from wealthnexus.domain.feeds.importer.findings import FINDINGS_PER_CODE_MAX, Found
from wealthnexus.domain.feeds.importer.merge import Batch
from wealthnexus.domain.feeds.importer.quality_book import look_at_clients
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import ASKED_BY_IDS, live_positions
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.text import message

JUMP_MAX: Final = Decimal("0.5")
JOURNAL_DAYS: Final = 5
CATEGORY: Final = "data_quality"

_JUMP = message(
    "feeds.price_jump",
    "{name} closed at {close} on {day, date}, {change}% from {before} on {before_day, date}, and no split was"
    " journalled",
    name=str, close=str, day=date, change=str, before=str, before_day=date,
)  # fmt: skip
_ZERO = message("feeds.zero_price", "{name} is held and closed at 0 on {day, date}", name=str, day=date)
_MISSING = message(
    "feeds.missing_price", "{name} is held and has no price on or before {day, date}", name=str, day=date
)
_NO_RATE = message(
    "feeds.missing_rate",
    "{name} is held and nothing converts {currency} on or before {day, date}",
    name=str, currency=str, day=date,
)  # fmt: skip
_STALE = message(
    "feeds.stale_price",
    "{name} is held and its latest price, {close}, is of {price_day, date}",
    name=str, close=str, price_day=date,
)  # fmt: skip
_NEGATIVE = message(
    "feeds.negative_cash",
    "{name} has {amount} {currency} of cash on {day, date}",
    name=str, amount=str, currency=str, day=date,
)  # fmt: skip
_KEPT = message(
    "feeds.kept_correction",
    "the source changed transaction {source_id} after it had been corrected by hand; the correction stands",
    source_id=str,
)
_CLOSE_OF = message("feeds.evidence_close", "Close of {day, date}", day=date)
_HELD = message("feeds.evidence_held", "Held in")
_HELD_IN = message(
    "feeds.evidence_positions", "{count, plural, one {# position} other {# positions}}", count=int
)
REVIEW_TITLE = message(
    "feeds.review_title",
    "Review {count, plural, one {# finding} other {# findings}} of the import from {source}",
    count=int, source=str,
)  # fmt: skip
REVIEW_GROUP = message("feeds.review_group", "Import findings to review")
REVIEW_ACTION = message("feeds.review_action", "Review")
REVIEW_KIND: Final = "feeds.import_review"
work.register_item_kind(REVIEW_KIND, REVIEW_GROUP, ends_with_findings="batchId")


# The latest known close per day of the securities whose prices came with the batch, and the one before it.
_JUMPS: Final = """
with touched as (select security_id, min(day) as first_day from delta_prices group by security_id),
closes as (
  select distinct on (p.security_id, p.day) p.security_id, p.day, p.close
  from touched d join security_prices p on p.tenant_id = :tenant and p.security_id = d.security_id
    and p.day >= d.first_day - 30
  order by p.security_id, p.day, (p.source = 'MANUAL') desc, p.book_version desc
),
pairs as (
  select c.security_id, c.day, c.close, lag(c.close) over w as before, lag(c.day) over w as before_day
  from closes c window w as (partition by c.security_id order by c.day)
)
select p.*, s.name from pairs p
join delta_prices d on d.security_id = p.security_id and d.day = p.day
join securities s on s.tenant_id = :tenant and s.id = p.security_id
where p.before > 0 and abs(p.close / p.before - 1) > :max_value
  and exists (select 1 from transactions t
    where t.tenant_id = :tenant and t.security_id = p.security_id and t.trade_date < p.day
    group by t.account_id having sum(t.units) <> 0)
  and not exists (select 1 from transactions t
    where t.tenant_id = :tenant and t.security_id = p.security_id and t.type = any(:types) and t.units <> 0
      and t.trade_date between p.day - :row_limit and p.day + :row_limit)
order by p.day desc, s.name limit :count_limit
"""

_ZEROES: Final = """
select d.security_id, max(d.day) as day, s.name from delta_prices d
join securities s on s.tenant_id = :tenant and s.id = d.security_id
where d.close = 0 and exists (select 1 from transactions t
  where t.tenant_id = :tenant and t.security_id = d.security_id and t.trade_date <= d.day
  group by t.account_id having sum(t.units) <> 0)
group by d.security_id, s.name order by s.name limit :count_limit
"""

_FLAWED_ACCOUNTS: Final = """
select array_agg(v.account_id) from account_valuations v
where v.tenant_id = :tenant and v.day = :as_of and (v.unpriced_count > 0 or v.stale_count > 0)
"""

_FLAWS: Final = f"""
with {live_positions(ASKED_BY_IDS)}
select p.security_id, p.security_name as name, p.security_currency as currency, max(p.close) as close,
  max(p.price_day) as price_day, bool_or(p.value is null) as is_missing, count(*) as position_count
from positions p
where p.value is null or p.price_is_stale
group by p.security_id, p.security_name, p.security_currency
order by is_missing desc, name limit :count_limit
"""

_OVERDRAWN: Final = """
select v.account_id, v.currency, v.cash, a.name from account_valuations v
join accounts a on a.tenant_id = :tenant and a.id = v.account_id
where v.tenant_id = :tenant and v.day = :as_of and v.cash < 0
order by v.cash limit :count_limit
"""

_KEPT_CORRECTIONS: Final = """
select s.source_id, s.account_id, s.content_hash from delta_corrections c
join stage_transactions s on s.id = c.id
where c.by_hand or c.is_reversed order by s.line limit :count_limit
"""


async def look(uow: UnitOfWork, batch: Batch, view: BookView) -> list[Found]:
    """Everything doubtful after the batch, at most 200 findings of a kind; the view is the valued day's."""
    limit = {"count_limit": FINDINGS_PER_CODE_MAX}
    found = await _jumps(uow, batch, limit)
    for row in await uow.rows(prepared(_ZEROES), batch.parameters(**limit)):
        found.append(
            Found("ZERO_PRICE", "WARNING", _ZERO(name=row.name, day=row.day), row.security_id,
                  f"{row.security_id}:{row.day}", _of_price(row.day, Decimal(0)))
        )  # fmt: skip
    found += await _flaws(uow, batch, view, limit)
    for row in await uow.rows(prepared(_OVERDRAWN), batch.parameters(**limit) | {"as_of": view.as_of}):
        text = _NEGATIVE(
            name=row.name, amount=format(row.cash.normalize(), "f"), currency=row.currency, day=view.as_of
        )
        found.append(Found("NEGATIVE_CASH", "WARNING", text, row.account_id, str(row.account_id)))
    for row in await uow.rows(prepared(_KEPT_CORRECTIONS), batch.parameters(**limit)):
        key = f"{batch.source}:{row.source_id}:{row.content_hash}"
        text = _KEPT(source_id=row.source_id)
        found.append(Found("KEPT_CORRECTION", "WARNING", text, row.account_id, key))
    return found + await look_at_clients(uow, batch, view.as_of)


async def _jumps(uow: UnitOfWork, batch: Batch, limit: dict[str, int]) -> list[Found]:
    parameters = batch.parameters(max_value=JUMP_MAX, row_limit=JOURNAL_DAYS, types=sorted(SIGNED), **limit)
    found = []
    for row in await uow.rows(prepared(_JUMPS), parameters):
        change = round((row.close / row.before - 1) * 100, 1)
        text = _JUMP(
            name=row.name,
            close=format(row.close.normalize(), "f"),
            day=row.day,
            change=f"{change:+f}",
            before=format(row.before.normalize(), "f"),
            before_day=row.before_day,
        )
        evidence = (
            work.Evidence(_CLOSE_OF(day=row.before_day), format(row.before.normalize(), "f")),
            work.Evidence(_CLOSE_OF(day=row.day), format(row.close.normalize(), "f")),
        )
        key = f"{row.security_id}:{row.day}"
        params = _of_price(row.day, row.close)
        found.append(Found("PRICE_JUMP", "WARNING", text, row.security_id, key, params, evidence))
    return found


def _of_price(day: date, close: Decimal | None = None) -> dict[str, Any]:
    """Which price a finding is about, as the price desk looks for it again."""
    said = {"day": day.isoformat()}
    return said if close is None else said | {"close": format(close.normalize(), "f")}


async def _flaws(uow: UnitOfWork, batch: Batch, view: BookView, limit: dict[str, int]) -> list[Found]:
    """Held securities without a value or at a stale price, on the day the books are valued."""
    day = {"as_of": view.as_of}
    accounts = await uow.scalar(prepared(_FLAWED_ACCOUNTS), batch.parameters() | day)
    if not accounts:
        return []
    parameters = {**batch.parameters(**limit), **view.parameters(), "account_ids": accounts}
    found = []
    for row in await uow.rows(prepared(_FLAWS), parameters):
        evidence = (work.Evidence(_HELD(), _HELD_IN(count=row.position_count)),)
        key = str(row.security_id)
        if row.is_missing and row.close is None:
            text = _MISSING(name=row.name, day=view.as_of)
            params = _of_price(view.as_of)
            found.append(Found("MISSING_PRICE", "WARNING", text, row.security_id, key, params, evidence))
        elif row.is_missing:
            text = _NO_RATE(name=row.name, currency=row.currency, day=view.as_of)
            found.append(Found("MISSING_RATE", "WARNING", text, row.security_id, key, evidence=evidence))
        else:
            close = format(row.close.normalize(), "f")
            text = _STALE(name=row.name, close=close, price_day=row.price_day)
            key = f"{row.security_id}:{row.price_day}"
            params = _of_price(row.price_day, row.close)
            found.append(Found("STALE_PRICE", "INFO", text, row.security_id, key, params, evidence))
    return found


async def post(uow: UnitOfWork, batch: Batch, found: list[Found], *, job_id: UUID | None) -> None:
    """Each as a finding, and one work item for those of the batch that nobody knew of before."""
    for one in found:
        await work.post_finding(
            uow,
            code=one.code,
            severity=one.severity,
            category=CATEGORY,
            message=one.message,
            subject_id=one.subject_id,
            job_id=job_id,
            params={"batchId": str(batch.batch_id), **one.params},
            evidence=one.evidence,
            dedupe_key=one.key,
        )
    fresh = await work.count_open_findings(uow, "batchId", str(batch.batch_id))
    if fresh:
        await work.post_item(
            uow,
            kind=REVIEW_KIND,
            title=REVIEW_TITLE(count=fresh, source=batch.source),
            severity="WARNING" if any(one.severity != "INFO" for one in found) else "INFO",
            owner_role="OPERATIONS",
            action_label=REVIEW_ACTION(),
            action_path="/findings",
            dedupe_key=str(batch.batch_id),
        )
