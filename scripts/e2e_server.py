"""Lets time pass for one person of a demo: `e2e_server.py step-up|lock|grants FIRM EMAIL`.

``step-up``: what the person confirmed lately has lapsed. ``lock``: a lock-out has run out. ``grants``: the
last day of every grant that has one is over.
The database is then as it would be after waiting. Development and test only.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from sqlalchemy import delete, insert, select, update
from wealthnexus.cli.ground import on_platform
from wealthnexus.domain.identity import repository
from wealthnexus.domain.identity.models import access_grants, access_scope, sessions
from wealthnexus.domain.identity.rules.people import normalised_email
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.runtime import Platform


async def lapse_step_up(uow: UnitOfWork, email: str) -> int:
    """Ends every running confirmation of the person; returns in how many sessions."""
    user = await repository.user_by_email(uow, normalised_email(email))
    if user is None:
        return 0
    mine = (sessions.c.tenant_id == uow.tenant_id) & (sessions.c.user_id == user.id)
    past = clock.now() - timedelta(seconds=1)
    ended = await uow.execute(
        update(sessions).where(mine & (sessions.c.stepped_up_until > past)).values(stepped_up_until=past)
    )
    return int(ended.rowcount)


async def lapse_lock(uow: UnitOfWork, email: str) -> int:
    """Lets the person's lock-out run out and forgets the failures; 0 when there is no such person."""
    user = await repository.user_by_email(uow, normalised_email(email))
    if user is None:
        return 0
    await repository.update_user(uow, user.id, {"failed_count": 0, "locked_until": None})
    return 1


async def lapse_grants(uow: UnitOfWork, email: str) -> int:
    """Moves every grant of the person that has an end into the past; returns how many.

    What was expanded stays where it is, as it does at midnight: its own end must stop it.
    """
    user = await repository.user_by_email(uow, normalised_email(email))
    if user is None:
        return 0
    mine = (access_grants.c.tenant_id == uow.tenant_id) & (access_grants.c.principal_id == user.id)
    today = clock.now().date()
    ended = await uow.rows(select(access_grants).where(mine & access_grants.c.effective_to.is_not(None)))
    keys = [grant.id for grant in ended]
    await uow.execute(
        update(access_grants)
        .where(mine & access_grants.c.id.in_(keys))
        .values(effective_from=today - timedelta(days=9), effective_to=today - timedelta(days=1))
    )
    its = (access_scope.c.tenant_id == uow.tenant_id) & access_scope.c.grant_id.in_(keys)
    reached = await uow.rows(select(access_scope).where(its))
    await uow.execute(delete(access_scope).where(its))
    past = clock.now() - timedelta(seconds=1)
    if reached:
        await uow.execute(
            insert(access_scope), [{**dict(row._mapping), "expires_at": past} for row in reached]
        )
    return len(keys)


def main(what: str, slug: str, email: str) -> None:
    """Runs one of the three; ends with a sentence on standard error when it cannot."""

    async def pass_time(platform: Platform) -> int:
        if platform.settings.environment == "production":
            raise SystemExit("Time is not tampered with in production; nothing was done.")
        firm = await platform.firms.by_slug(slug)
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            return await {"step-up": lapse_step_up, "lock": lapse_lock, "grants": lapse_grants}[what](
                uow, email
            )

    sys.stdout.write(f"{on_platform(pass_time)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
