"""Groups of accounts that are reported together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql

from wealthnexus.domain import audit
from wealthnexus.domain.clients.models import accounts
from wealthnexus.domain.ledger.service import next_book_version
from wealthnexus.domain.performance import texts
from wealthnexus.domain.performance.models import account_group_members, account_groups
from wealthnexus.domain.performance.repository.scopes import ALWAYS
from wealthnexus.domain.performance.service.benchmarks import check_day, clean_name
from wealthnexus.domain.work import register_subject
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, ValidationFailed
from wealthnexus.kit.events import emit, register
from wealthnexus.kit.ids import new_id

ACCOUNTS_MAX: Final = 2_000

register(
    "performance.group.changed",
    description="A group of accounts was made, or accounts joined or left it.",
    fields={"groupId": "id", "accounts": "integer", "bookVersion": "integer"},
)


async def create_group(uow: UnitOfWork, name: str, account_ids: Sequence[UUID]) -> UUID:
    """A group of accounts that the caller sees; its id.

    NotFound: an account. Conflict: another group of theirs has the name.
    """
    name, keys = clean_name(name), list(dict.fromkeys(account_ids))
    if not 1 <= len(keys) <= ACCOUNTS_MAX:
        raise ValidationFailed(texts.GROUP_SIZE(limit=ACCOUNTS_MAX), path=("input", "accountIds"))
    await _check_accounts(uow, keys, "accountIds")
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
    version = await next_book_version(uow, "group")
    await uow.execute(
        insert(account_group_members), [_member(uow, key, each, ALWAYS, version) for each in keys]
    )
    await audit.append(
        uow,
        "performance.group.created",
        summary=texts.GROUP_CREATED(name=name, count=len(keys)),
        subject=audit.SubjectRef(key, "account_group", name),
        details={"accounts": len(keys), "bookVersion": version},
    )
    await emit(
        uow,
        "performance.group.changed",
        audience_id=uow.actor.id,
        payload={"groupId": key, "accounts": len(keys), "bookVersion": version},
        book_version=version,
    )
    return key


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Accounts that join a group, and accounts that leave it, on a day."""

    group_id: UUID
    effective_from: date
    add: tuple[UUID, ...] = ()
    remove: tuple[UUID, ...] = ()


async def change_group(uow: UnitOfWork, command: ChangeGroup) -> int:
    """Members from a day on; as known before, nothing has changed. How many it has on that day.

    NotFound: the group, an account to join. ValidationFailed: the day, nothing to change, an account that
    is there already or is not. What was told of the moving accounts for later is replaced.
    """
    check_day(command.effective_from, "effectiveFrom")
    g, m = account_groups.c, account_group_members.c
    found = await uow.rows(select(g.name).where(g.tenant_id == uow.tenant_id, g.id == command.group_id))
    if not found:
        raise NotFound(texts.NO_GROUP(), path=("input", "groupId"))
    add, remove = dict.fromkeys(command.add), dict.fromkeys(command.remove)
    if (not add and not remove) or add.keys() & remove.keys():
        raise ValidationFailed(texts.NOTHING_TO_CHANGE(), path=("input", "addAccountIds"))
    await _check_accounts(uow, list(add), "addAccountIds")
    version = await next_book_version(uow, "group")
    rows = await uow.rows(
        select(account_group_members).where(
            m.tenant_id == uow.tenant_id, m.group_id == command.group_id, m.superseded_version.is_(None)
        )
    )
    day = command.effective_from
    now = {
        row.account_id
        for row in rows
        if row.effective_from <= day and (row.effective_to is None or row.effective_to > day)
    }
    for keys, are_there, path in ((add, False, "addAccountIds"), (remove, True, "removeAccountIds")):
        if any((key in now) is not are_there for key in keys):
            raise ValidationFailed(texts.MEMBERS_OTHERWISE(day=day), path=("input", path))
    if not 1 <= len(now) + len(add) - len(remove) <= ACCOUNTS_MAX:
        raise ValidationFailed(texts.GROUP_SIZE(limit=ACCOUNTS_MAX), path=("input", "addAccountIds"))
    await _move(uow, command, rows, version)
    name, count = str(found[0].name), len(now) + len(add) - len(remove)
    await audit.append(
        uow,
        "performance.group.changed",
        summary=texts.GROUP_CHANGED(name=name, day=day),
        subject=audit.SubjectRef(command.group_id, "account_group", name),
        details={"joined": len(add), "left": len(remove), "from": day.isoformat(), "bookVersion": version},
    )
    await emit(
        uow,
        "performance.group.changed",
        audience_id=uow.actor.id,
        payload={"groupId": command.group_id, "accounts": count, "bookVersion": version},
        book_version=version,
    )
    return count


async def _move(uow: UnitOfWork, command: ChangeGroup, rows: Sequence[Any], version: int) -> None:
    """Ends what stands of the accounts on the day, and lets those that join begin."""
    m, day = account_group_members.c, command.effective_from
    moving = {*command.add, *command.remove}
    touched = [
        row
        for row in rows
        if row.account_id in moving and (row.effective_to is None or row.effective_to > day)
    ]
    await uow.execute(
        update(account_group_members)
        .where(m.tenant_id == uow.tenant_id, m.id.in_([row.id for row in touched]))
        .values(superseded_version=version)
    )
    fresh = [
        {**_member(uow, command.group_id, row.account_id, row.effective_from, version), "effective_to": day}
        for row in touched
        if row.effective_from < day
    ]
    fresh += [_member(uow, command.group_id, key, day, version) for key in dict.fromkeys(command.add)]
    if fresh:
        await uow.execute(insert(account_group_members), fresh)


def _member(uow: UnitOfWork, group: UUID, account: UUID, since: date, version: int) -> dict[str, Any]:
    return {
        "tenant_id": uow.tenant_id,
        "id": new_id(),
        "group_id": group,
        "account_id": account,
        "effective_from": since,
        "effective_to": None,
        "book_version": version,
        "superseded_version": None,
    }


async def _check_accounts(uow: UnitOfWork, keys: Sequence[UUID], path: str) -> None:
    """NotFound unless the caller sees all of them."""
    a = accounts.c
    seen = await uow.rows(select(a.id).where(a.tenant_id == uow.tenant_id, a.id.in_(keys)))
    if len(seen) != len(keys):
        raise NotFound(texts.NO_ACCOUNT(), path=("input", path))
