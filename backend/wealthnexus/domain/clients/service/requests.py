"""What clients ask of the firm by themselves: each request is work for somebody, and is told back."""

from __future__ import annotations

import base64
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update

from wealthnexus.domain.clients import events
from wealthnexus.domain.clients.models import client_requests
from wealthnexus.domain.clients.service.ground import record
from wealthnexus.domain.work import post_item, register_item_kind, subject_ref
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, LimitExceeded, NotFound, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.text import message

MESSAGE_CHARACTERS_MAX: Final = 2_000
OPEN_MAX: Final = 20
CONFIRM_DETAILS: Final = "confirm_details"
CHANGE_DETAILS: Final = "change_details"
END_ACCESS: Final = "end_access"
KINDS: Final = (CONFIRM_DETAILS, CHANGE_DETAILS, END_ACCESS)

_GROUPS: Final = {
    CONFIRM_DETAILS: message("clients.requests_confirmed", "Details confirmed by clients"),
    CHANGE_DETAILS: message("clients.requests_change", "Changes asked for by clients"),
    END_ACCESS: message("clients.requests_end", "Access that people ask to end"),
}
_TITLES: Final = {
    CONFIRM_DETAILS: message(
        "clients.request_confirmed", "{who} confirmed the details of {name}", who=str, name=str
    ),
    CHANGE_DETAILS: message(
        "clients.request_change", "{who} asks to change the details of {name}", who=str, name=str
    ),
    END_ACCESS: message("clients.request_end", "{who} asks to end the access to {name}", who=str, name=str),
}
_ACTIONS: Final = {
    CONFIRM_DETAILS: message("clients.request_record", "Record the review"),
    CHANGE_DETAILS: message("clients.request_look", "Look at the details"),
    END_ACCESS: message("clients.request_access", "Look at the access"),
}
_ROLES: Final = {CONFIRM_DETAILS: "ADVISOR", CHANGE_DETAILS: "ADVISOR", END_ACCESS: "FIRM_ADMIN"}
_SENT = message("clients.request_sent", "Asked by the client: {kind}", kind=str)
_CLOSED = message("clients.request_closed", "The client's request was dealt with: {kind}", kind=str)
_NOBODY = message(
    "clients.request_nobody", "there is nothing with the id {id} that you may ask about; nothing was sent",
    id=str,
)  # fmt: skip
_NO_MESSAGE = message(
    "clients.request_message",
    "the message has {count} characters, expected 1 to {limit}; nothing was sent",
    count=int,
    limit=int,
)
_ASKED_ALREADY = message(
    "clients.request_again", "you have asked this already, and the firm is looking at it; nothing was sent"
)
_TOO_MANY = message(
    "clients.request_many", "{count} of your requests are open, expected at most {limit}; nothing was sent",
    count=int, limit=int,
)  # fmt: skip


def item_kind_of(kind: str) -> str:
    return f"clients.request.{kind}"


async def send_request(
    uow: UnitOfWork,
    *,
    user_id: UUID,
    user_name: str,
    kind: str,
    subject_id: UUID,
    grant_id: UUID | None,
    words: str | None,
) -> UUID:
    """One request about a subject that the caller sees and may speak for; the callers have made sure of it.

    NotFound; ValidationFailed for a change without words; Conflict while the same is open; LimitExceeded.
    """
    subject = await subject_ref(uow, subject_id)
    # Details are of a person or entity; access is to anything.
    if subject is None or (kind != END_ACCESS and subject.kind != "party"):
        raise NotFound(_NOBODY(id=str(subject_id)), path=("input", "subjectId"))
    said = _checked_words(kind, words)
    await _make_room(uow, user_id, kind, subject_id, grant_id)
    item_id = await post_item(
        uow,
        kind=item_kind_of(kind),
        title=_TITLES[kind](who=_short(user_name), name=_short(subject.label)),
        detail=said,
        subject_id=subject_id,
        severity="INFO" if kind == CONFIRM_DETAILS else "WARNING",
        owner_role=_ROLES[kind],
        action_label=_ACTIONS[kind](),
        action_path="/settings/grants" if kind == END_ACCESS else _party_path(subject_id),
    )
    request_id = new_id()
    await uow.execute(
        insert(client_requests).values(
            tenant_id=uow.tenant_id,
            id=request_id,
            user_id=user_id,
            kind=kind,
            state="open",
            subject_id=subject_id,
            grant_id=grant_id,
            work_item_id=item_id,
            created_at=clock.now(),
        )
    )
    await record(
        uow,
        events.REQUEST_SENT,
        summary=_SENT(kind=kind),
        subject=(subject_id, subject.kind, subject.label),
        payload={"requestId": request_id, "subjectId": subject_id, "kind": kind},
        details={
            "request_id": request_id,
            "kind": kind,
            "grant_id": grant_id,
            "characters": len(said or ""),
        },
    )
    return request_id


def _checked_words(kind: str, words: str | None) -> str | None:
    """ValidationFailed for too many words, and for a change that says none."""
    said = (words or "").strip()
    needed = 1 if kind == CHANGE_DETAILS else 0
    if not needed <= len(said) <= MESSAGE_CHARACTERS_MAX or "\x00" in said:
        raise ValidationFailed(
            _NO_MESSAGE(count=len(said), limit=MESSAGE_CHARACTERS_MAX), path=("input", "message")
        )
    return said or None


async def _make_room(
    uow: UnitOfWork, user_id: UUID, kind: str, subject_id: UUID, grant_id: UUID | None
) -> None:
    """Conflict where the same is asked already (words of a change may differ); LimitExceeded beyond 20.

    One request of a person at a time: what is open is counted, then written.
    """
    await uow.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"requests:{user_id}", 0))))
    r = client_requests.c
    open_ = (r.tenant_id == uow.tenant_id, r.user_id == user_id, r.state == "open")
    if kind != CHANGE_DETAILS:
        same = await uow.scalar(
            select(func.count()).where(
                *open_, r.kind == kind, r.subject_id == subject_id, r.grant_id.is_not_distinct_from(grant_id)
            )
        )
        if same:
            raise Conflict(_ASKED_ALREADY(), path=("input", "subjectId"))
    count = int(await uow.scalar(select(func.count()).where(*open_)))
    if count >= OPEN_MAX:
        raise LimitExceeded(_TOO_MANY(count=count, limit=OPEN_MAX), path=("input",))


async def _close_request(uow: UnitOfWork, item: Row[Any]) -> None:
    """The work is done: the client is told."""
    r = client_requests.c
    row = await uow.one_or_none(
        select(client_requests).where(r.tenant_id == uow.tenant_id, r.work_item_id == item.id)
    )
    if row is None or row.state != "open":
        return
    await uow.execute(
        update(client_requests)
        .where(r.tenant_id == uow.tenant_id, r.id == row.id)
        .values(state="done", closed_at=clock.now())
    )
    subject = await subject_ref(uow, row.subject_id)
    await record(
        uow,
        events.REQUEST_CLOSED,
        summary=_CLOSED(kind=row.kind),
        subject=(subject.id, subject.kind, subject.label) if subject is not None else None,
        payload={"requestId": row.id, "subjectId": row.subject_id, "kind": row.kind},
        details={"request_id": row.id, "kind": row.kind},
    )


for _kind in KINDS:
    register_item_kind(item_kind_of(_kind), _GROUPS[_kind], on_end=_close_request)


def _short(name: str) -> str:
    return name if len(name) <= 120 else f"{name[:119]}…"


def _party_path(party_id: UUID) -> str:
    """The person's page: the app's paths carry the ids of its API."""
    return "/parties/" + quote(base64.b64encode(f"Party:{party_id}".encode()).decode(), safe="")
