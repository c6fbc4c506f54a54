"""The conventions of calculation are changed: a new version of a level, with author and reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, select

from wealthnexus.domain import audit
from wealthnexus.domain.clients.models import households
from wealthnexus.domain.ledger.service import next_book_version
from wealthnexus.domain.performance import texts
from wealthnexus.domain.performance.models import calculation_policies
from wealthnexus.domain.performance.rules.choices import read_changes
from wealthnexus.domain.performance.rules.policy import CalculationPolicy, PolicyLayer, layered
from wealthnexus.domain.performance.service.benchmarks import check_writer
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, ValidationFailed
from wealthnexus.kit.ids import new_id

CHANGES_MAX: Final = 40


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """What a level changes of the level above, whole: what is not named is as above again.

    ``household_id`` None: the firm's. ``expected_number``: of the version that was looked at, 0 for none.
    """

    household_id: UUID | None
    changes: Mapping[str, str]
    reason: str
    expected_number: int


async def set_policy(uow: UnitOfWork, command: SetPolicy) -> int:
    """The next version of a level under the next book version; its number.

    ValidationFailed: a convention or value that there is not. NotFound: the household. Conflict: somebody
    changed it since. PermissionDenied to who sees a part of the firm.
    """
    check_writer(uow, command.reason)
    _check(command)
    name = await _name(uow, command.household_id)
    version = await next_book_version(uow, "policy")
    p = calculation_policies.c
    same = (
        p.household_id.is_(None) if command.household_id is None else p.household_id == command.household_id
    )
    latest = await uow.scalar(
        select(func.coalesce(func.max(p.number), 0)).where(p.tenant_id == uow.tenant_id, same)
    )
    if latest != command.expected_number:
        raise Conflict(texts.POLICY_CHANGED(number=latest), path=("input", "expectedNumber"))
    number = int(latest) + 1
    key = new_id()
    await uow.execute(
        insert(calculation_policies).values(
            tenant_id=uow.tenant_id,
            id=key,
            household_id=command.household_id,
            number=number,
            changes=dict(command.changes),
            author_id=uow.actor.id,
            author_name=uow.actor.name,
            reason=command.reason.strip(),
            recorded_at=clock.now(),
            book_version=version,
        )
    )
    subject = None
    if command.household_id is not None:
        subject = audit.SubjectRef(command.household_id, "household", name)
    await audit.append(
        uow,
        "performance.policy.changed",
        summary=texts.POLICY_SET(number=number, name=name),
        subject=subject,
        details={"changes": dict(command.changes), "reason": command.reason.strip(), "bookVersion": version},
    )
    return number


def _check(command: SetPolicy) -> None:
    if len(command.changes) > CHANGES_MAX:
        raise ValidationFailed(texts.TOO_MANY_CHANGES(limit=CHANGES_MAX), path=("input", "changes"))
    try:
        layered(CalculationPolicy(), [PolicyLayer("firm", "1", read_changes(command.changes))])
    except ValueError as error:
        raise ValidationFailed(texts.NO_SUCH_CHOICE(said=str(error)), path=("input", "changes")) from None


async def _name(uow: UnitOfWork, household_id: UUID | None) -> str:
    if household_id is None:
        return ""
    h = households.c
    rows = await uow.rows(select(h.name).where(h.tenant_id == uow.tenant_id, h.id == household_id))
    if not rows:
        raise NotFound(texts.NO_HOUSEHOLD(), path=("input", "householdId"))
    return str(rows[0].name)
