"""Showing a value that is kept encrypted: by permission, proven anew, for a reason, with an audit row."""

from __future__ import annotations

from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import Table, select

from wealthnexus.domain.clients import events, sealed, texts
from wealthnexus.domain.clients.models import accounts, parties
from wealthnexus.domain.clients.service.ground import checked_reason, record
from wealthnexus.domain.work.repository import subjects_by_ids
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import NotFound, ValidationFailed

FIELDS: Final[dict[str, tuple[str, Table]]] = {
    "birth_date": ("party", parties),
    "tax_id": ("party", parties),
    "account_number": ("account", accounts),
}
_WORDS: Final = {"birth_date": "birth date", "tax_id": "tax id", "account_number": "account number"}


class Proven(Protocol):
    """The caller, as far as this verb looks at it."""

    def require_step_up(self) -> None: ...


async def reveal_sensitive(uow: UnitOfWork, caller: Proven, subject_id: UUID, field: str, reason: str) -> str:
    """The value itself: a tax id or account number as it is kept, a birth date as YYYY-MM-DD.

    Whether the caller's roles allow it is the door's matter; StepUpRequired when the session has not
    proven itself within minutes. ValidationFailed without a reason or for a field of another kind of
    subject; NotFound for a subject out of sight and for a value that is not kept.
    """
    caller.require_step_up()
    why = checked_reason(reason)
    if field not in FIELDS:
        raise ValueError(f"{field!r} is not kept encrypted, expected one of {', '.join(FIELDS)}")
    kind, table = FIELDS[field]
    subject = (await subjects_by_ids(uow, [subject_id])).get(subject_id)
    if subject is None:
        raise NotFound(texts.NOT_THERE(kind="subject", id=str(subject_id)), path=("input", "subjectId"))
    if subject.kind != kind:
        raise ValidationFailed(texts.NOT_OF_THIS_KIND(field=_WORDS[field]), path=("input", "field"))
    row = await uow.one_or_none(
        select(table.c[field]).where(table.c.tenant_id == uow.tenant_id, table.c.id == subject_id)
    )
    if row is None or row[0] is None:
        said = texts.NOTHING_TO_REVEAL(field=_WORDS[field], kind=kind)
        raise NotFound(said, path=("input", "field"))
    value = await sealed.opened(uow, table.name, field, subject_id, row[0])
    await record(
        uow,
        events.SENSITIVE_REVEALED,
        summary=texts.REVEALED(field=_WORDS[field], name=subject.label),
        subject=(subject_id, kind, subject.label),
        payload={"subjectId": subject_id, "field": field},
        details={"field": field},
        personal={"reason": why},
    )
    return value
