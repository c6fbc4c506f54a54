"""What the standing of clients asks of the firm: identities to establish again, accounts without an owner.

One work item per party and due day, and per account; each ends by itself once what it asks for is done, by
hand or by an import. A scheduled chore posts and ends them, the verbs that settle one end it at once.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

import base64
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from wealthnexus.domain.clients.models import parties
from wealthnexus.domain.clients.rules.ownership import OWNING_ROLES
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.work import change_item_for, close_item_for, post_item, register_item_kind
from wealthnexus.domain.work.models import work_items
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.text import message

KYC_REFRESH: Final = "clients.kyc_refresh"
NO_OWNER: Final = "clients.no_owner"
AHEAD: Final = timedelta(days=30)
POSTED_MAX: Final = 500  # at once; the rest follows with the next run
ENDED_MAX: Final = 1_000

_KYC_GROUP = message("clients.kyc_group", "Identities to refresh")
_KYC_DUE = message("clients.kyc_due", "{name}: identity to be refreshed by {day, date}", name=str, day=date)
_KYC_LATE = message(
    "clients.kyc_late", "{name}: identity refresh overdue since {day, date}", name=str, day=date
)
_KYC_DETAIL = message(
    "clients.kyc_detail",
    "Establish the identity again and enter when it was verified and when it is due next.",
)
_KYC_OPEN = message("clients.kyc_open", "Open")
_OWNER_GROUP = message("clients.no_owner_group", "Accounts without an owner")
_OWNER_TITLE = message("clients.no_owner_title", "{name}: nobody is entered as its owner", name=str)
_OWNER_DETAIL = message(
    "clients.no_owner_detail", "Its value is in no one's net worth until the owners are entered."
)
_OWNER_OPEN = message("clients.no_owner_open", "Enter owners")
register_item_kind(KYC_REFRESH, _KYC_GROUP, is_closed_by_hand=False)
register_item_kind(NO_OWNER, _OWNER_GROUP, is_closed_by_hand=False)

_OWNING: Final = ", ".join(f"'{role}'" for role in sorted(OWNING_ROLES))
_WATCHED: Final = ("active", "prospect")
_UNOWNED: Final = f"""
  a.tenant_id = :tenant and (a.closed_on is null or a.closed_on > :today)
  and not exists (select 1 from account_owners o
    where o.tenant_id = :tenant and o.account_id = a.id and o.superseded_version is null
      and o.effective_from <= :today and (o.effective_to is null or o.effective_to > :today)
      and o.role in ({_OWNING}))"""
_UNOWNED_NEW: Final = f"""
select a.id, a.name from accounts a
where {_UNOWNED} and not exists (select 1 from work_items w
  where w.tenant_id = :tenant and w.kind = :kind and w.dedupe_key = a.id::text
    and w.state in ('OPEN', 'IN_PROGRESS'))
order by a.name_normalised, a.id limit :row_limit"""
_OWNED_NOW: Final = f"""
select w.dedupe_key from work_items w
where w.tenant_id = :tenant and w.kind = :kind and w.state in ('OPEN', 'IN_PROGRESS')
  and not exists (select 1 from accounts a where a.id = w.subject_id and {_UNOWNED})
limit :row_limit"""
_KYC_NEW: Final = """
select p.id, p.name, p.kyc_refresh_due as due from parties p
where p.tenant_id = :tenant and p.kyc_refresh_due <= :until and p.status = any(:watched)
  and not exists (select 1 from work_items w
    where w.tenant_id = :tenant and w.kind = :kind
      and w.dedupe_key = p.id::text || ':' || p.kyc_refresh_due::text
      and w.state in ('OPEN', 'IN_PROGRESS'))
order by p.kyc_refresh_due, p.id limit :row_limit"""
_KYC_DONE: Final = """
select w.dedupe_key from work_items w
where w.tenant_id = :tenant and w.kind = :kind and w.state in ('OPEN', 'IN_PROGRESS')
  and not exists (select 1 from parties p
    where p.tenant_id = :tenant and p.id = w.subject_id and p.status = any(:watched)
      and p.kyc_refresh_due <= :until
      and w.dedupe_key = p.id::text || ':' || p.kyc_refresh_due::text)
limit :row_limit"""


def _path(room: str, type_name: str, key: UUID) -> str:
    """The page of a thing: the app's paths carry the ids of its API."""
    return f"/{room}/" + quote(base64.b64encode(f"{type_name}:{key}".encode()).decode(), safe="")


def _short(name: str) -> str:
    return name if len(name) <= 200 else f"{name[:199]}…"


async def watch_identities(uow: UnitOfWork, firm: FirmInfo) -> int:
    """Post what is due within 30 days or overdue, end what no longer is; returns how many were posted.

    An item whose day has passed becomes a breach.
    """
    today = firm.business_date()
    given = {
        "tenant": uow.tenant_id,
        "kind": KYC_REFRESH,
        "until": today + AHEAD,
        "watched": list(_WATCHED),
    }
    for row in await uow.rows(text(_KYC_DONE), {**given, "row_limit": ENDED_MAX}):
        await close_item_for(uow, KYC_REFRESH, row.dedupe_key)
    due = await uow.rows(text(_KYC_NEW), {**given, "row_limit": POSTED_MAX})
    for row in due:
        is_late = row.due < today
        words = _KYC_LATE if is_late else _KYC_DUE
        await post_item(
            uow,
            kind=KYC_REFRESH,
            title=words(name=_short(row.name), day=row.due),
            detail=_KYC_DETAIL(),
            severity="BREACH" if is_late else "WARNING",
            owner_role="ADVISOR",
            subject_id=row.id,
            action_label=_KYC_OPEN(),
            action_path=_path("parties", "Party", row.id),
            dedupe_key=f"{row.id}:{row.due.isoformat()}",
            due_at=datetime.combine(row.due, time.min, ZoneInfo(firm.time_zone)),
        )
    await _now_late(uow, datetime.combine(today, time.min, ZoneInfo(firm.time_zone)))
    return len(due)


async def _now_late(uow: UnitOfWork, today: datetime) -> None:
    w = work_items.c
    passed = await uow.rows(
        select(w.dedupe_key, parties.c.name, parties.c.kyc_refresh_due)
        .join(parties, (parties.c.tenant_id == w.tenant_id) & (parties.c.id == w.subject_id))
        .where(
            w.tenant_id == uow.tenant_id,
            w.kind == KYC_REFRESH,
            w.state.in_(("OPEN", "IN_PROGRESS")),
            w.severity == "WARNING",
            w.due_at < today,
        )
        .order_by(w.id)
        .limit(POSTED_MAX)
    )
    for row in passed:
        title = _KYC_LATE(name=_short(row.name), day=row.kyc_refresh_due)
        await change_item_for(uow, KYC_REFRESH, row.dedupe_key, title=title, severity="BREACH")


async def identity_changed(uow: UnitOfWork, party_id: UUID, due_before: date | None) -> None:
    """The refresh that was due on that day is done, or no longer asked for."""
    if due_before is not None:
        await close_item_for(uow, KYC_REFRESH, f"{party_id}:{due_before.isoformat()}")


async def watch_owners(uow: UnitOfWork, firm: FirmInfo) -> int:
    """Post open accounts without an owner, end what has one by now; returns how many were posted."""
    given = {"tenant": uow.tenant_id, "kind": NO_OWNER, "today": firm.business_date()}
    for row in await uow.rows(text(_OWNED_NOW), {**given, "row_limit": ENDED_MAX}):
        await close_item_for(uow, NO_OWNER, row.dedupe_key)
    unowned = await uow.rows(text(_UNOWNED_NEW), {**given, "row_limit": POSTED_MAX})
    for row in unowned:
        await post_item(
            uow,
            kind=NO_OWNER,
            title=_OWNER_TITLE(name=_short(row.name)),
            detail=_OWNER_DETAIL(),
            severity="WARNING",
            owner_role="OPERATIONS",
            subject_id=row.id,
            action_label=_OWNER_OPEN(),
            action_path=_path("accounts", "Account", row.id),
            dedupe_key=str(row.id),
        )
    return len(unowned)


async def owners_entered(uow: UnitOfWork, account_id: UUID) -> None:
    """Somebody owns the account again."""
    await close_item_for(uow, NO_OWNER, str(account_id))
