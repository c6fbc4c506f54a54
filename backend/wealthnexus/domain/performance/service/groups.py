"""Groups of accounts that are reported together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql

from wealthnexus.domain import audit
from wealthnexus.domain.clients.models import accounts
from wealthnexus.domain.performance import texts
from wealthnexus.domain.performance.models import account_group_members, account_groups
from wealthnexus.domain.work import register_subject
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, ValidationFailed
from wealthnexus.kit.ids import new_id

NAME_CHARACTERS_MAX: Final = 200
ACCOUNTS_MAX: Final = 2_000


async def create_group(uow: UnitOfWork, name: str, account_ids: Sequence[UUID]) -> UUID:
    """A group of accounts that the caller sees; its id.

    NotFound: an account. Conflict: another group of theirs has the name.
    """
    name, keys = name.strip(), list(dict.fromkeys(account_ids))
    if not 1 <= len(name) <= NAME_CHARACTERS_MAX:
        raise ValidationFailed(texts.NAME(limit=NAME_CHARACTERS_MAX), path=("input", "name"))
    if not 1 <= len(keys) <= ACCOUNTS_MAX:
        raise ValidationFailed(texts.GROUP_SIZE(limit=ACCOUNTS_MAX), path=("input", "accountIds"))
    a = accounts.c
    seen = await uow.rows(select(a.id).where(a.tenant_id == uow.tenant_id, a.id.in_(keys)))
    if len(seen) != len(keys):
        raise NotFound(texts.NO_ACCOUNT(), path=("input", "accountIds"))
    key = await register_subject(uow, new_id(), "account_group", name)
    made = await uow.rows(
        postgresql.insert(account_groups)
        .values(
            tenant_id=uow.tenant_id,
            id=key,
            name=name,
            created_at=clock.now(),
            created_by=uow.actor.id,
            version=1,
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "created_by", "name"])
        .returning(account_groups.c.id)
    )
    if not made:
        raise Conflict(texts.NAME_TAKEN(name=name), path=("input", "name"))
    await uow.execute(
        insert(account_group_members),
        [{"tenant_id": uow.tenant_id, "group_id": key, "account_id": each} for each in keys],
    )
    await audit.append(
        uow,
        "performance.group.created",
        summary=texts.GROUP_CREATED(name=name, count=len(keys)),
        subject=audit.SubjectRef(key, "account_group", name),
        details={"accounts": len(keys)},
    )
    return key
