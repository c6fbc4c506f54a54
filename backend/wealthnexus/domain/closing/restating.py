"""Published figures that the books no longer bear out become findings, each until it is published anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain import work
from wealthnexus.domain.closing import texts
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.performance.repository.published import Publication, by_ids
from wealthnexus.domain.performance.restated import CATEGORY, DIFFERS, Compared, compared, finding_key
from wealthnexus.domain.performance.rules.policy import FeeBasis
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.errors import LimitExceeded

LOOKED_BACK: Final = timedelta(days=400)
LOOKED_AT_MAX: Final = 200_000

# The latest saying of each day of the last thirteen months, where something it stands on was written since
# the last look: entries, prices of what was ever held, rates where something is converted, the household's
# accounts, conventions, corporate actions near what was held, terms of securities and accounts. From which
# day on each subject was touched is found first, so that no saying looks through what the whole firm wrote.
_TOUCHED: Final = """
with windowed as (
  select b.version, b.batch_id from book_versions b
  where b.tenant_id = :tenant and b.version > :after_version and b.version <= :version
),
priced as materialized (
  select p.security_id, min(p.day) as day from (
    select p.security_id, p.day from security_prices p
    where p.tenant_id = :tenant and p.batch_id = any(array(
      select w.batch_id from windowed w where w.batch_id is not null))
    union all
    select p.security_id, p.day from security_prices p
    where p.tenant_id = :tenant and p.reason is not null
      and p.book_version > :after_version and p.book_version <= :version) p
  group by 1
),
rated as materialized (
  select min(x.day) as day from fx_rates x
  where x.tenant_id = :tenant and x.batch_id = any(array(
    select w.batch_id from windowed w where w.batch_id is not null))
),
wrote as (
  select t.account_id, min(t.trade_date) as day from transactions t
  where t.tenant_id = :tenant and t.book_version > :after_version and t.book_version <= :version group by 1
  union all
  select t.billed_account_id, min(t.trade_date) from transactions t
  where t.tenant_id = :tenant and t.book_version > :after_version and t.book_version <= :version
    and t.billed_account_id is not null group by 1
  union all
  select x.account_id, min(p.day) from priced p
  join account_securities x on x.tenant_id = :tenant and x.security_id = p.security_id group by 1
  union all
  select a.id, r.day from rated r
  join accounts a on a.tenant_id = :tenant and (a.currency <> :firm_currency or exists (
    select 1 from account_securities x join securities s on s.tenant_id = :tenant and s.id = x.security_id
    where x.tenant_id = :tenant and x.account_id = a.id and s.currency <> a.currency))
  where r.day is not null
  union all
  select x.account_id, min(c.ex_date) - 5 from corporate_actions c
  cross join lateral (values (c.security_id), (c.other_security_id)) o (id)
  join account_securities x on x.tenant_id = :tenant and x.security_id = o.id
  where c.tenant_id = :tenant and (c.book_version > :after_version and c.book_version <= :version
    or c.superseded_version > :after_version and c.superseded_version <= :version)
  group by 1
  union all
  select x.account_id, '-infinity' from securities s
  join account_securities x on x.tenant_id = :tenant and x.security_id = s.id
  where s.tenant_id = :tenant and s.version > 1 and s.batch_id = any(array(
    select w.batch_id from windowed w where w.batch_id is not null))
  union all
  select a.id, '-infinity' from accounts a
  where a.tenant_id = :tenant and a.version > 1 and a.batch_id = any(array(
    select w.batch_id from windowed w where w.batch_id is not null))
),
touched as (select w.account_id, min(w.day) as day from wrote w group by 1),
moved as (
  select t.account_id as subject_id, t.day from touched t
  union all
  select ha.household_id, t.day from touched t
  join household_accounts ha on ha.tenant_id = :tenant and ha.account_id = t.account_id
  union all
  select ha.household_id, '-infinity' from household_accounts ha
  where ha.tenant_id = :tenant
    and (ha.book_version > :after_version or ha.superseded_version > :after_version)
  union all
  select c.household_id, '-infinity' from calculation_policies c
  where c.tenant_id = :tenant and c.book_version > :after_version and c.book_version <= :version
    and c.report is null and c.household_id is not null
),
changed as materialized (select m.subject_id, min(m.day) as day from moved m group by 1),
latest as (
  select distinct on (p.subject_id, p.as_of) p.id, p.subject_id, p.subject_kind, p.as_of, p.book_version
  from publications p where p.tenant_id = :tenant and p.as_of >= :day_from
  order by p.subject_id, p.as_of, p.number desc
)
select l.id, count(*) over () as total from latest l
left join changed c on c.subject_id = l.subject_id
where l.book_version < :version
  and (c.day <= l.as_of or exists (
    select 1 from calculation_policies f
    where f.tenant_id = :tenant and f.book_version > :after_version and f.book_version <= :version
      and f.report is null and f.household_id is null))
order by l.as_of desc, l.subject_id limit :row_limit
"""


async def touched(reader: Reader, view: BookView, after_version: int) -> tuple[list[UUID], int]:
    """Publications that may no longer be what the books say, the latest days first, 200,000 at most; and how
    many there are beyond those.
    """
    rows = await reader.rows(
        prepared(_TOUCHED),
        {
            "tenant": reader.tenant_id,
            "after_version": after_version,
            "version": view.book_version,
            "firm_currency": view.currency,
            "day_from": view.as_of - LOOKED_BACK,
            "row_limit": LOOKED_AT_MAX,
        },
    )
    return [row.id for row in rows], (rows[0].total if rows else 0) - len(rows)


_NAMES: Final = """
select h.id, h.name from households h where h.tenant_id = :tenant and h.id = any(:ids)
union all
select a.id, a.name from accounts a where a.tenant_id = :tenant and a.id = any(:ids)
"""


async def look_at_published(uow: UnitOfWork, view: BookView, ids: list[UUID]) -> int:
    """Post what differs of these publications, close what no longer does; how many differ."""
    found: list[work.Found] = []
    keys: set[str] = set()
    publications = list((await by_ids(uow, ids)).values())
    given = {"tenant": uow.tenant_id, "ids": list({each.subject_id for each in publications})}
    names = {row.id: str(row.name) for row in await uow.rows(prepared(_NAMES), given)}
    for publication in publications:
        try:
            rows = await compared(uow, view, publication)
        except LimitExceeded:
            continue  # what was said of it before stands
        keys.add(finding_key(publication.subject_id, publication.as_of))
        first = next(
            (each for each in rows or () if each.differs and each.published.basis == FeeBasis.NET), None
        )
        if first is not None:
            found.append(_posted(publication, first, names))
    await work.keep_findings(uow, code=DIFFERS, category=CATEGORY, found=found)
    differing = {each.dedupe_key for each in found}
    await work.close_findings(
        uow,
        codes=(DIFFERS,),
        category=CATEGORY,
        is_gone=lambda _code, key: key in keys and key not in differing,
        reason=texts.HOLDS_AGAIN(day=view.as_of),
    )
    return len(found)


def _percent(value: Decimal) -> str:
    """To the hundredth of a basis point: a difference that is told is seen."""
    return f"{(value * 100).quantize(Decimal('0.0001')):,} %"


def _posted(publication: Publication, each: Compared, names: Mapping[UUID, str]) -> work.Found:
    kind = publication.subject_kind.lower()
    before = each.published.time_weighted
    return work.Found(
        finding_key(publication.subject_id, publication.as_of),
        "WARNING",
        texts.DIFFERS(
            name=names.get(publication.subject_id, ""),
            period=each.published.period,
            day=publication.as_of,
            before=texts.NO_FIGURE() if before is None else _percent(before),
            after=texts.NO_FIGURE() if each.now.value is None else _percent(each.now.value),
        ),
        publication.subject_id,
        {"publication": str(publication.id), "period": each.published.period},
        fix=work.Fix(
            texts.SEE_DIFFERENCE(), f"/performance?{kind}={publication.subject_id}&published={publication.id}"
        ),
    )
