"""Statements of the ledger's own writes, and the facts a posting needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, column, func, select, table
from sqlalchemy.dialects.postgresql import insert as upsert

from wealthnexus.domain.ledger.facts import AccountFacts, SecurityFacts
from wealthnexus.domain.ledger.models import transactions
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.kit.db.session import Reader, UnitOfWork

# Of other rooms' tables only these columns are read or written here.
_accounts = table("accounts", *map(column, ("tenant_id", "id", "name", "currency", "opened_on", "closed_on")))
_portfolios = table(
    "portfolios",
    *map(column, ("tenant_id", "id", "account_id", "name", "is_default", "opened_on", "closed_on")),
)
_securities = table("securities", *map(column, ("tenant_id", "id", "name", "currency", "price_multiplier")))
_actions = table("corporate_actions", *map(column, ("tenant_id", "id", "source", "external_id")))
_seen = table("account_securities", *map(column, ("tenant_id", "account_id", "security_id")))


async def account_facts(reader: Reader, account_id: UUID) -> AccountFacts | None:
    """The account with its default sleeve, if the caller may see it."""
    a, p = _accounts.c, _portfolios.c
    row = await reader.one_or_none(
        select(a.id, p.id.label("portfolio_id"), a.name, a.currency, a.opened_on, a.closed_on)
        .join_from(_accounts, _portfolios, and_(p.tenant_id == a.tenant_id, p.account_id == a.id))
        .where(a.tenant_id == reader.tenant_id, a.id == account_id, p.is_default)
    )
    if row is None:
        return None
    return AccountFacts(
        row.id, row.portfolio_id, row.name, row.currency, row.opened_on, closed_on=row.closed_on
    )


async def security_facts(reader: Reader, security_id: UUID) -> SecurityFacts | None:
    """The security, if the caller may see it."""
    s = _securities.c
    row = await reader.one_or_none(
        select(s.id, s.name, s.currency, s.price_multiplier).where(
            s.tenant_id == reader.tenant_id, s.id == security_id
        )
    )
    return None if row is None else SecurityFacts(row.id, row.name, row.currency, row.price_multiplier)


async def action_name(reader: Reader, action_id: UUID) -> tuple[str, str] | None:
    """Source and external id of a corporate action, if the caller may see it."""
    c = _actions.c
    row = await reader.one_or_none(
        select(c.source, c.external_id).where(c.tenant_id == reader.tenant_id, c.id == action_id)
    )
    return None if row is None else (row.source, row.external_id)


_CARRIED_OUT = """
select t.source from corporate_actions o
join corporate_actions c on c.tenant_id = :tenant and c.source = o.source and c.external_id = o.external_id
join transactions t on t.tenant_id = :tenant and t.corporate_action_id = c.id and t.account_id = :account_id
  and t.portfolio_id = coalesce(:portfolio_id, (select p.id from portfolios p
    where p.tenant_id = :tenant and p.account_id = :account_id and p.is_default))
  and t.type = :kind and t.security_id = :security_id and t.entry_kind <> 'REVERSAL'
  and t.id is distinct from :after_id
  and (t.source <> 'MANUAL' or t.source_id is distinct from :source_id)
  and not exists (select 1 from transactions r where r.tenant_id = :tenant and r.reverses_id = t.id)
where o.tenant_id = :tenant and o.id = :id limit 1
"""


async def carried_out_by(
    reader: Reader,
    action_id: UUID,
    *,
    account_id: UUID,
    portfolio_id: UUID | None,
    security_id: UUID | None,
    kind: str,
    external_id: str | None,
    correcting: UUID | None,
) -> str | None:
    """The source of a standing entry of the kind and security that carries the action out in the sleeve (by
    default the default one); not that entered by hand under ``external_id``, nor the corrected one."""
    found: str | None = await reader.scalar(
        prepared(_CARRIED_OUT),
        {
            "tenant": reader.tenant_id,
            "id": action_id,
            "account_id": account_id,
            "portfolio_id": portfolio_id,
            "security_id": security_id,
            "kind": kind,
            "after_id": correcting,
            "source_id": external_id,
        },
    )
    return found


@dataclass(frozen=True, slots=True)
class SleeveFacts:
    """When a sleeve takes entries: from a day on, up to its closing. None: without limit."""

    id: UUID
    name: str
    opened_on: date | None
    closed_on: date | None

    def is_open(self, day: date) -> bool:
        return (self.opened_on is None or self.opened_on <= day) and (
            self.closed_on is None or day <= self.closed_on
        )


async def sleeve_facts(reader: Reader, account_id: UUID, portfolio_id: UUID) -> SleeveFacts | None:
    """The sleeve, if it is one of the account."""
    p = _portfolios.c
    row = await reader.one_or_none(
        select(p.id, p.name, p.opened_on, p.closed_on).where(
            p.tenant_id == reader.tenant_id, p.account_id == account_id, p.id == portfolio_id
        )
    )
    return None if row is None else SleeveFacts(*tuple(row))


async def held_in_sleeve(
    reader: Reader, portfolio_id: UUID, security_id: UUID | None, day: date
) -> tuple[Decimal, Decimal]:
    """Its cash, and its units of the security, by the end of a day."""
    return await _held(reader, transactions.c.portfolio_id == portfolio_id, security_id, day)


async def first_lack(
    reader: Reader, portfolio_id: UUID, security_id: UUID, day: date, units: Decimal
) -> tuple[date, Decimal] | None:
    """The first day after ``day`` on which the sleeve holds fewer units of the security, and how many; a day
    on which it is short already is none."""
    t = transactions.c
    by_day = (
        select(t.trade_date, func.sum(func.sum(t.units)).over(order_by=t.trade_date).label("held"))
        .where(t.tenant_id == reader.tenant_id, t.portfolio_id == portfolio_id, t.security_id == security_id)
        .group_by(t.trade_date)
        .subquery()
    )
    found = await reader.one_or_none(
        select(by_day.c.trade_date, by_day.c.held)
        .where(by_day.c.trade_date > day, by_day.c.held >= 0, by_day.c.held < units)
        .order_by(by_day.c.trade_date)
        .limit(1)
    )
    return None if found is None else (found.trade_date, Decimal(found.held))


async def latest_revision(reader: Reader, source: str, source_id: str) -> Row[Any] | None:
    """The last thing the ledger was told under this id: id, revision, units, content_hash, reversed_by_id."""
    t, r = transactions.alias("t"), transactions.alias("r")
    return await reader.one_or_none(
        select(t.c.id, t.c.revision, t.c.units, t.c.content_hash, r.c.id.label("reversed_by_id"))
        .outerjoin_from(t, r, and_(r.c.tenant_id == t.c.tenant_id, r.c.reverses_id == t.c.id))
        .where(
            t.c.tenant_id == reader.tenant_id,
            t.c.source == source,
            t.c.source_id == source_id,
            t.c.entry_kind != "REVERSAL",
        )
        .order_by(t.c.revision.desc())
        .limit(1)
    )


async def transaction_with_reversal(reader: Reader, transaction_id: UUID) -> Row[Any] | None:
    """Every column, and the id of the row that reverses it."""
    t, r = transactions.alias("t"), transactions.alias("r")
    return await reader.one_or_none(
        select(t, r.c.id.label("reversed_by_id"))
        .outerjoin_from(t, r, and_(r.c.tenant_id == t.c.tenant_id, r.c.reverses_id == t.c.id))
        .where(t.c.tenant_id == reader.tenant_id, t.c.id == transaction_id)
    )


async def has_other_end(reader: Reader, leg: Row[Any]) -> bool:
    """Whether it is one of two standing entries between sleeves of one account that name each other."""
    t, r = transactions.alias("t"), transactions.alias("r")
    found = await reader.scalar(
        select(func.count())
        .select_from(t)
        .outerjoin(r, and_(r.c.tenant_id == t.c.tenant_id, r.c.reverses_id == t.c.id))
        .where(
            t.c.tenant_id == reader.tenant_id,
            t.c.account_id == leg.account_id,
            t.c.portfolio_id != leg.portfolio_id,
            t.c.source == leg.source,
            t.c.source_id == leg.related_source_id,
            t.c.related_source_id == leg.source_id,
            t.c.entry_kind != "REVERSAL",
            r.c.id.is_(None),
        )
    )
    return bool(found)


async def cash_and_units(
    reader: Reader, account_id: UUID, security_id: UUID | None, day: date
) -> tuple[Decimal, Decimal]:
    """The account's cash, and its units of the security, by the end of ``day``."""
    return await _held(reader, transactions.c.account_id == account_id, security_id, day)


async def _held(
    reader: Reader, of: ColumnElement[bool], security_id: UUID | None, day: date
) -> tuple[Decimal, Decimal]:
    t = transactions.c
    rows = await reader.rows(
        select(
            func.coalesce(func.sum(t.amount), 0),
            func.coalesce(func.sum(t.units).filter(t.security_id == security_id), 0),
        ).where(t.tenant_id == reader.tenant_id, of, t.trade_date <= day)
    )
    cash, units = tuple(rows[0])
    return Decimal(cash), Decimal(units)


@dataclass(frozen=True, slots=True)
class LeftInAccount:
    """What an account holds by the end of a day, and how many standing entries come after it."""

    cash: Decimal
    positions: int
    later_entries: int
    first_entry: date | None = None


async def left_in_account(
    reader: Reader, account_id: UUID, day: date, *, portfolio_id: UUID | None = None
) -> LeftInAccount:
    """At the end of a day; of one sleeve when it is given."""
    t = transactions.c
    mine = [t.tenant_id == reader.tenant_id, t.account_id == account_id]
    if portfolio_id is not None:
        mine.append(t.portfolio_id == portfolio_id)
    held = (
        select(t.security_id)
        .where(*mine, t.trade_date <= day, t.security_id.is_not(None))
        .group_by(t.security_id)
        .having(func.sum(t.units) != 0)
    ).subquery()
    cash = await reader.scalar(select(func.coalesce(func.sum(t.amount), 0)).where(*mine, t.trade_date <= day))
    positions = await reader.scalar(select(func.count()).select_from(held))
    e, r = transactions.alias("e"), transactions.alias("r")
    rows = await reader.rows(
        select(
            func.count().filter(e.c.trade_date > day).label("count"), func.min(e.c.trade_date).label("first")
        )
        .select_from(e)
        .outerjoin(r, and_(r.c.tenant_id == e.c.tenant_id, r.c.reverses_id == e.c.id))
        .where(
            e.c.tenant_id == reader.tenant_id,
            e.c.account_id == account_id,
            *([] if portfolio_id is None else [e.c.portfolio_id == portfolio_id]),
            e.c.entry_kind != "REVERSAL",
            r.c.id.is_(None),
        )
    )
    count, first = tuple(rows[0])
    return LeftInAccount(Decimal(cash), int(positions), int(count), first)


async def has_dividend(
    reader: Reader,
    account_id: UUID,
    security_id: UUID | None,
    amount: Decimal,
    *,
    first: date,
    last: date,
) -> bool:
    """Whether a standing DIVIDEND of that amount was paid between the two days."""
    t, r = transactions.alias("t"), transactions.alias("r")
    found = await reader.scalar(
        select(func.count())
        .select_from(t)
        .outerjoin(r, and_(r.c.tenant_id == t.c.tenant_id, r.c.reverses_id == t.c.id))
        .where(
            t.c.tenant_id == reader.tenant_id,
            t.c.account_id == account_id,
            t.c.security_id == security_id,
            t.c.type == "DIVIDEND",
            t.c.entry_kind != "REVERSAL",
            t.c.amount == amount,
            t.c.trade_date.between(first, last),
            r.c.id.is_(None),
        )
    )
    return bool(found)


async def insert_transaction(uow: UnitOfWork, row: dict[str, Any]) -> bool:
    """False when its id at the source is taken: by a row that the caller may not even see, too."""
    key = ["tenant_id", "source", "source_id", "revision", "entry_kind"]
    statement = upsert(transactions).values(tenant_id=uow.tenant_id, **row)
    result = await uow.execute(statement.on_conflict_do_nothing(index_elements=key))
    return bool(result.rowcount)


async def remember_security(uow: UnitOfWork, account_id: UUID, security_id: UUID) -> None:
    """Whoever may see the account may see what it holds or has held."""
    await uow.execute(
        upsert(_seen)
        .values(tenant_id=uow.tenant_id, account_id=account_id, security_id=security_id)
        .on_conflict_do_nothing()
    )
