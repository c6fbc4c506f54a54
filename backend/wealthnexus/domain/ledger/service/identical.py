"""Judgements that two securities are substantially identical: added with author and reason, never changed.

On a day the later row counts instead of an earlier one, so that what is said anew is one more row. A row that
should not have been there at all is withdrawn: from that book version on it is not known any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select, update

from wealthnexus.domain import audit
from wealthnexus.domain.ledger import texts
from wealthnexus.domain.ledger.lots.vocabulary import Treatment
from wealthnexus.domain.ledger.models import identical_securities
from wealthnexus.domain.ledger.service.lot_upkeep import look_at_lots
from wealthnexus.domain.ledger.service.versions import lock_book, next_book_version
from wealthnexus.domain.ledger.view import AS_OF_MIN
from wealthnexus.domain.markets.models import securities
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.events import emit, register
from wealthnexus.kit.ids import new_id

REASON_CHARACTERS_MAX: Final = 500
DAY_MAX: Final = date(2200, 12, 31)
JUDGED = register(
    "ledger.identical_securities.judged",
    description="Somebody said whether two securities are substantially identical.",
    fields={
        "judgementId": "id",
        "securityId": "id",
        "otherSecurityId": "id",
        "treatment": "text",
        "bookVersion": "integer",
    },
)
WITHDRAWN = register(
    "ledger.identical_securities.withdrawn",
    description="A judgement of two securities was withdrawn.",
    fields={"judgementId": "id", "securityId": "id", "otherSecurityId": "id", "bookVersion": "integer"},
)


@dataclass(frozen=True, slots=True)
class JudgeIdentical:
    """From the first day to the day before the last; None: no end."""

    security_id: UUID
    other_security_id: UUID
    treatment: Treatment
    reason: str
    effective_from: date
    effective_to: date | None = None


async def judge_identical(uow: UnitOfWork, command: JudgeIdentical) -> UUID:
    """Add the judgement; wash sales are looked at with it from its book version on.

    ValidationFailed (the same security twice, days, reason), NotFound, PermissionDenied for somebody who sees
    a part of the firm only: it concerns everybody who holds one of the two.
    """
    _whole_firm(uow)
    reason = _reason(command.reason)
    first, last = command.effective_from, command.effective_to
    if command.security_id == command.other_security_id:
        raise ValidationFailed(texts.IDENTICAL_TO_ITSELF(), path=("input", "otherSecurityId"))
    if not AS_OF_MIN <= first <= DAY_MAX:
        said = texts.JUDGED_DAY(day=first, first=AS_OF_MIN, last=DAY_MAX)
        raise ValidationFailed(said, path=("input", "effectiveFrom"))
    if last is not None and not first < last <= DAY_MAX:
        raise ValidationFailed(texts.ENDS_FIRST(first=first, last=last), path=("input", "effectiveTo"))
    one, other = sorted((command.security_id, command.other_security_id))
    names = await _names(uow, command)
    await lock_book(uow)
    version = await next_book_version(uow, "identical")
    await look_at_lots(uow)
    key = new_id()
    await uow.execute(
        insert(identical_securities).values(
            tenant_id=uow.tenant_id,
            id=key,
            security_id=one,
            other_security_id=other,
            treatment=command.treatment.value,
            author_id=uow.actor.id if uow.actor.kind == "user" else None,
            author_name=uow.actor.name,
            reason=reason,
            effective_from=first,
            effective_to=last,
            book_version=version,
            recorded_at=clock.now(),
        )
    )
    await audit.append(
        uow,
        JUDGED.name,
        summary=texts.JUDGED(one=names[one], other=names[other], treatment=command.treatment.value),
        subject=audit.SubjectRef(one, "security", names[one]),
        details={
            "judgementId": str(key),
            "otherSecurityId": str(other),
            "treatment": command.treatment.value,
            "from": first.isoformat(),
            "to": None if last is None else last.isoformat(),
            "reason": reason,
            "bookVersion": version,
        },
    )
    payload = {
        "judgementId": key, "securityId": one, "otherSecurityId": other,
        "treatment": command.treatment.value, "bookVersion": version,
    }  # fmt: skip
    await emit(uow, JUDGED.name, subject_id=one, payload=payload, book_version=version)
    return key


async def withdraw_identical(uow: UnitOfWork, judgement_id: UUID, reason: str) -> UUID:
    """Take the judgement back. NotFound; Conflict when it is withdrawn already."""
    _whole_firm(uow)
    reason = _reason(reason)
    await lock_book(uow)
    c = identical_securities.c
    row = await uow.one_or_none(
        select(identical_securities).where(c.tenant_id == uow.tenant_id, c.id == judgement_id)
    )
    if row is None:
        raise NotFound(texts.NO_JUDGEMENT(id=str(judgement_id)), path=("input", "judgementId"))
    if row.superseded_version is not None:
        raise Conflict(texts.WITHDRAWN_ALREADY())
    version = await next_book_version(uow, "identical")
    await look_at_lots(uow)
    await uow.execute(
        update(identical_securities)
        .where(c.tenant_id == uow.tenant_id, c.id == judgement_id)
        .values(superseded_version=version)
    )
    one, other = row.security_id, row.other_security_id
    names = await _found(uow, [one, other])
    await audit.append(
        uow,
        WITHDRAWN.name,
        summary=texts.JUDGEMENT_WITHDRAWN(one=names[one], other=names[other]),
        subject=audit.SubjectRef(one, "security", names[one]),
        details={"judgementId": str(judgement_id), "reason": reason, "bookVersion": version},
    )
    payload = {
        "judgementId": judgement_id, "securityId": one, "otherSecurityId": other, "bookVersion": version,
    }  # fmt: skip
    await emit(uow, WITHDRAWN.name, subject_id=one, payload=payload, book_version=version)
    return judgement_id


def _whole_firm(uow: UnitOfWork) -> None:
    if uow.binding.scope != "firm":
        raise PermissionDenied(texts.JUDGES_FOR_ALL())


def _reason(given: str) -> str:
    reason = given.strip()
    if not 1 <= len(reason) <= REASON_CHARACTERS_MAX:
        said = texts.REASON_LENGTH(count=len(reason), limit=REASON_CHARACTERS_MAX)
        raise ValidationFailed(said, path=("input", "reason"))
    return reason


async def _names(uow: UnitOfWork, command: JudgeIdentical) -> dict[UUID, str]:
    names = await _found(uow, [command.security_id, command.other_security_id])
    for key, field in ((command.security_id, "securityId"), (command.other_security_id, "otherSecurityId")):
        if key not in names:
            raise NotFound(texts.NO_SUCH_SECURITY(id=str(key)), path=("input", field))
    return names


async def _found(uow: UnitOfWork, keys: list[UUID]) -> dict[UUID, str]:
    s = securities.c
    rows = await uow.rows(select(s.id, s.name).where(s.tenant_id == uow.tenant_id, s.id.in_(keys)))
    return {row.id: row.name for row in rows}
