"""What an import shows of clients, owners and debts: nobody owns it, identity overdue, a balance too old."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.clients.rules.ownership import OWNING_ROLES
from wealthnexus.domain.clients.rules.registration import Fault, OwnerFact, check_owners
from wealthnexus.domain.feeds.importer.findings import FINDINGS_PER_CODE_MAX, Found
from wealthnexus.domain.feeds.importer.merge import Batch
from wealthnexus.domain.ledger.statements import not_withdrawn, prepared
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.text import message

BALANCE_DAYS: Final = 92
"""A lender reports once a quarter at the least."""

_NO_OWNER = message(
    "feeds.account_without_owner", "{name} has no owner on {day, date}; add its owners", name=str, day=date
)
_FEW = message(
    "feeds.owners_missing",
    "{name} is a {type} account and has {given} as {role} on {day, date}, expected {expected}",
    name=str, type=str, given=str, role=str, day=date, expected=str,
)  # fmt: skip
_KYC = message(
    "feeds.kyc_overdue",
    "the identity of {name} was to be looked at again by {due, date}; renew it",
    name=str, due=date,
)  # fmt: skip
_STALE_BALANCE = message(
    "feeds.stale_balance",
    "the latest balance of {name} is of {day, date}; ask the lender for a newer one",
    name=str, day=date,
)  # fmt: skip
_NO_BALANCE = message("feeds.missing_balance", "{name} has no balance; the debt counts as unknown", name=str)
_OF_AGE = message(
    "feeds.custodianship_ended",
    "the custodian's authority over {name} ended on {day, date}; hand the account to its owner",
    name=str, day=date,
)  # fmt: skip

_HAS_PARTIES: Final = "select exists (select 1 from parties where tenant_id = :tenant)"
_EFFECTIVE: Final = (
    "o.superseded_version is null and o.effective_from <= :as_of"
    " and (o.effective_to is null or o.effective_to > :as_of)"
)
_OWNING: Final = ", ".join(f"'{role}'" for role in sorted(OWNING_ROLES))

# Accounts the batch spoke of, by their own rows or by their owners'.
_TOUCHED: Final = "select id from stage_accounts union select account_id from stage_account_owners"

_OWNERLESS: Final = f"""
select a.id, a.name from ({_TOUCHED}) x join accounts a on a.tenant_id = :tenant and a.id = x.id
where a.closed_on is null and not exists (
  select 1 from account_owners o
  where o.tenant_id = :tenant and o.account_id = a.id and o.role in ({_OWNING}) and {_EFFECTIVE})
order by a.name, a.id limit :count_limit"""

# Only where owners changed: the others were judged when they were written.
_OWNERS: Final = f"""
select a.id, a.name, a.account_type, o.party_id, p.kind, o.role, o.share
from (select distinct account_id from delta_account_owners
  union select account_id from gone_account_owners) x
join accounts a on a.tenant_id = :tenant and a.id = x.account_id and a.closed_on is null
join account_owners o on o.tenant_id = :tenant and o.account_id = a.id and {_EFFECTIVE}
join parties p on p.tenant_id = :tenant and p.id = o.party_id
order by a.name, a.id"""

_OVERDUE: Final = """
select p.id, p.name, p.kyc_refresh_due as due from parties p
where p.tenant_id = :tenant and p.kyc_refresh_due < :as_of and p.status = 'active'
order by p.kyc_refresh_due, p.name limit :count_limit"""

_BALANCES: Final = f"""
select l.id, l.name, b.day from liabilities l
left join lateral (
  select max(x.day) as day from liability_balances x
  where x.tenant_id = :tenant and x.liability_id = l.id and x.day <= :as_of
    and {not_withdrawn("liability_balances", "x", "liability_id", "day", "source")}
) b on true
where l.tenant_id = :tenant and (l.closed_on is null or l.closed_on > :as_of)
  and (b.day is null or b.day < cast(:as_of as date) - cast(:row_limit as integer))
order by b.day nulls first, l.name limit :count_limit"""

_CUSTODIANSHIPS: Final = """
select a.id, a.name, a.custodianship_ends_on as day from accounts a
where a.tenant_id = :tenant and a.custodianship_ends_on <= :as_of and a.closed_on is null
order by a.custodianship_ends_on, a.name limit :count_limit"""


async def look_at_clients(uow: UnitOfWork, batch: Batch, day: date) -> list[Found]:
    """Findings about clients, owners and debts on ``day``; none for a firm that keeps no clients."""
    if not await uow.scalar(prepared(_HAS_PARTIES), {"tenant": batch.tenant_id}):
        return []
    limits = {**batch.parameters(count_limit=FINDINGS_PER_CODE_MAX, row_limit=BALANCE_DAYS), "as_of": day}
    found = [
        Found("ACCOUNT_WITHOUT_OWNER", "WARNING", _NO_OWNER(name=row.name, day=day), row.id, str(row.id))
        for row in await uow.rows(prepared(_OWNERLESS), limits)
    ]
    found += await _missing(uow, limits, day)
    for row in await uow.rows(prepared(_OVERDUE), limits):
        key = f"{row.id}:{row.due}"
        found.append(Found("KYC_OVERDUE", "WARNING", _KYC(name=row.name, due=row.due), row.id, key))
    for row in await uow.rows(prepared(_BALANCES), limits):
        if row.day is None:
            text = _NO_BALANCE(name=row.name)
            found.append(Found("MISSING_BALANCE", "WARNING", text, row.id, str(row.id)))
        else:
            text = _STALE_BALANCE(name=row.name, day=row.day)
            found.append(Found("STALE_BALANCE", "INFO", text, row.id, f"{row.id}:{row.day}"))
    for row in await uow.rows(prepared(_CUSTODIANSHIPS), limits):
        text = _OF_AGE(name=row.name, day=row.day)
        found.append(Found("CUSTODIANSHIP_ENDED", "WARNING", text, row.id, str(row.id)))
    return found


async def _missing(uow: UnitOfWork, parameters: dict[str, Any], day: date) -> list[Found]:
    """Registrations that need more people than they have: one joint owner, a minor without a custodian."""
    accounts: dict[UUID, tuple[str, str, list[OwnerFact]]] = {}
    for row in await uow.rows(prepared(_OWNERS), parameters):
        account = accounts.setdefault(row.id, (row.name, row.account_type, []))
        account[2].append(OwnerFact(row.party_id, row.kind, row.role, row.share))
    found: list[Found] = []
    for id_, (name, account_type, facts) in accounts.items():
        for fault in check_owners(account_type, facts):
            if fault.fault is Fault.TOO_FEW:
                text = _FEW(
                    name=name,
                    type=account_type,
                    given=fault.given,
                    role=(fault.role or "owner").upper(),
                    day=day,
                    expected=fault.expected,
                )
                found.append(Found("OWNERS_MISSING", "WARNING", text, id_, f"{id_}:{fault.role}"))
    return found[:FINDINGS_PER_CODE_MAX]
