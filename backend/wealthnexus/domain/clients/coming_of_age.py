"""Minors who come of age: ninety days before a custodianship ends somebody is asked to settle the account."""

from __future__ import annotations

import base64
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from wealthnexus.domain.clients.models import accounts
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.work import post_item, register_item_kind
from wealthnexus.domain.work.models import work_items
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.text import message

COMING_OF_AGE: Final = "clients.coming_of_age"
AHEAD: Final = timedelta(days=90)
ACCOUNTS_MAX: Final = 500  # a day; the rest follows the next day

_GROUP = message("clients.coming_of_age_group", "Minors coming of age")
_TITLE = message(
    "clients.coming_of_age_title", "{name}: the custodianship ends on {day, date}", name=str, day=date
)
_DETAIL = message(
    "clients.coming_of_age_detail",
    "From that day the custodian, parents and guardians no longer see the account. Re-register it in the name"
    " of the person who comes of age and invite them.",
)
_OPEN = message("clients.coming_of_age_action", "Open the account")
register_item_kind(COMING_OF_AGE, _GROUP)


def _account_path(account_id: UUID) -> str:
    """The account's page: the app's paths carry the ids of its API."""
    return "/accounts/" + quote(base64.b64encode(f"Account:{account_id}".encode()).decode(), safe="")


async def post_coming_of_age(uow: UnitOfWork, firm: FirmInfo) -> int:
    """One work item per open account and end date, ever; returns how many were posted now.

    Accounts whose day has passed unnoticed (an import brought them late) are posted too.
    """
    today = firm.business_date()
    zone = ZoneInfo(firm.time_zone)
    # An item that was closed is not opened again: the key names the account and the day.
    posted = select(work_items.c.dedupe_key).where(
        work_items.c.tenant_id == uow.tenant_id,
        work_items.c.kind == COMING_OF_AGE,
        work_items.c.dedupe_key.is_not(None),
    )
    key = (
        accounts.c.id.cast(work_items.c.dedupe_key.type)
        + ":"
        + accounts.c.custodianship_ends_on.cast(work_items.c.dedupe_key.type)
    )
    due = await uow.rows(
        select(accounts.c.id, accounts.c.name, accounts.c.custodianship_ends_on, key.label("key"))
        .where(
            accounts.c.tenant_id == uow.tenant_id,
            accounts.c.custodianship_ends_on <= today + AHEAD,
            accounts.c.closed_on.is_(None) | (accounts.c.closed_on > today),
            key.not_in(posted),
        )
        .order_by(accounts.c.custodianship_ends_on, accounts.c.id)
        .limit(ACCOUNTS_MAX)
    )
    for row in due:
        ends = row.custodianship_ends_on
        name = row.name if len(row.name) <= 200 else f"{row.name[:199]}…"
        await post_item(
            uow,
            kind=COMING_OF_AGE,
            title=_TITLE(name=name, day=ends),
            detail=_DETAIL(),
            severity="WARNING",
            owner_role="ADVISOR",
            subject_id=row.id,
            action_label=_OPEN(),
            action_path=_account_path(row.id),
            dedupe_key=row.key,
            due_at=datetime.combine(ends, time.min, zone),
        )
    return len(due)
