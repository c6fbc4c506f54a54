"""The conventions of calculation are changed: a new version of a level, with author and reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
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
from wealthnexus.domain.performance.service.benchmarks import (
    NAME_CHARACTERS_MAX,
    check_day,
    check_writer,
    clean_name,
)
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, ValidationFailed
from wealthnexus.kit.events import emit, register
from wealthnexus.kit.ids import new_id

CHANGES_MAX: Final = 40

register(
    "performance.policy.changed",
    description="Conventions of calculation were set from a day on: of a household, a report or the firm.",
    fields={
        "householdId": "id?",
        "report": "text?",
        "number": "integer",
        "effectiveFrom": "date",
        "bookVersion": "integer",
    },
)


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """What a level changes of the level above from a day on, whole: what is not named is as above again.

    Of a household, of a report by its name, with neither of the firm. It holds until a version of the level
    begins that is there for a later day. ``expected_number``: of the version that was looked at, 0 for none.
    """

    household_id: UUID | None
    changes: Mapping[str, str]
    effective_from: date
    reason: str
    expected_number: int
    report: str | None = None


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
    latest = await uow.scalar(
        select(func.coalesce(func.max(p.number), 0)).where(
            p.tenant_id == uow.tenant_id,
            p.household_id.is_not_distinct_from(command.household_id),
            p.report.is_not_distinct_from(command.report),
        )
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
            report=command.report,
            number=number,
            effective_from=command.effective_from,
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
        summary=texts.POLICY_SET(number=number, name=command.report or name),
        subject=subject,
        details={
            "changes": dict(command.changes),
            "report": command.report,
            "from": command.effective_from.isoformat(),
            "reason": command.reason.strip(),
            "bookVersion": version,
        },
    )
    await emit(
        uow,
        "performance.policy.changed",
        subject_id=command.household_id,
        payload={
            "householdId": command.household_id,
            "report": command.report,
            "number": number,
            "effectiveFrom": command.effective_from,
            "bookVersion": version,
        },
        book_version=version,
    )
    return number


def _check(command: SetPolicy) -> None:
    check_day(command.effective_from, "effectiveFrom")
    if command.report is not None:
        if command.household_id is not None:
            raise ValidationFailed(texts.ONE_LEVEL(), path=("input", "report"))
        if clean_name(command.report, "report") != command.report:
            raise ValidationFailed(texts.NAME(limit=NAME_CHARACTERS_MAX), path=("input", "report"))
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
