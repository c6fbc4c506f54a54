"""Writing the audit log, and proving that nobody changed it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.audit import personal as personal_values
from wealthnexus.domain.audit import repository
from wealthnexus.domain.audit.rules import (
    CONTENT_FIELDS,
    ChainReport,
    SubjectRef,
    chain_hash,
    content,
    content_hash,
    genesis_hash,
    without_floats,
)
from wealthnexus.kit import clock
from wealthnexus.kit import json as kit_json
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.ids import new_id

ACTION: Final = re.compile(r"^[a-z]+(\.[a-z_]+){1,2}$")
SUMMARY_CHARACTERS_MAX: Final = 1_000
DETAILS_BYTES_MAX: Final = 32_000
USER_AGENT_CHARACTERS_MAX: Final = 500
PAGE: Final = 2_000
STATUS_LINKS_MAX: Final = 20_000


async def append(
    uow: UnitOfWork,
    action: str,
    *,
    summary: str,
    subject: SubjectRef | None = None,
    details: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    personal_of: UUID | None = None,
) -> UUID:
    """Record in the change's own transaction that ``action`` (``room.subject.past_verb``) was done.

    Who, from where and by which request come from the unit of work. The names of actor and subject are
    encrypted, in the summary too. ``details``: ids, states, counts, amounts as text; ``personal``:
    values about a person, encrypted under the key of ``personal_of`` (default: the subject, else the
    actor). ValueError on a bad action, a float, or texts beyond the limits.
    """
    if not ACTION.match(action):
        raise ValueError(f"the audit action {action!r} is not named room.subject.past_verb")
    if not summary or len(summary) > SUMMARY_CHARACTERS_MAX:
        raise ValueError(
            f"the summary of {action} has {len(summary)} characters, expected 1 to {SUMMARY_CHARACTERS_MAX}"
        )
    audit_id, instant = new_id(), clock.now()
    actor, request = uow.actor, uow.request
    stored = without_floats(kit_json.loads(kit_json.dumps(without_floats(dict(details or {})))))
    if personal:
        owner_id = personal_of or (subject.id if subject else actor.id)
        if owner_id is None:
            raise ValueError(f"{action} has personal values but nobody they belong to; name personal_of")
        stored[personal_values.PERSONAL] = await personal_values.seal_details(
            uow, owner_id, audit_id, personal
        )
    size = len(kit_json.canonical(stored))
    if size > DETAILS_BYTES_MAX:
        raise ValueError(f"the details of {action} have {size} bytes, at most {DETAILS_BYTES_MAX} are kept")
    actor_name, label = actor.name, subject.label if subject else None
    if actor.kind == "user" and actor.id is not None:
        actor_name = await personal_values.seal(uow, actor.id, "actor_name", audit_id, actor.name)
    if subject is not None:
        label = await personal_values.seal(uow, subject.id, "subject_label", audit_id, subject.label)
    row: dict[str, Any] = {
        "id": audit_id,
        "occurred_at": instant,
        "action": action,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": actor_name,
        "subject_id": subject.id if subject else None,
        "subject_kind": subject.kind if subject else None,
        "subject_label": label,
        "summary": personal_values.without_names(
            without_floats(summary),
            actor.name if actor.kind == "user" else None,
            subject.label if subject else None,
        ),
        "details": stored,
        "ip_address": request.ip_address,
        "user_agent": without_floats((request.user_agent or "")[:USER_AGENT_CHARACTERS_MAX]) or None,
        "request_id": request.request_id,
        "correlation_id": request.correlation_id,
    }
    await repository.insert_event(
        uow, {**row, "occurred_on": instant.date(), "content_hash": content_hash(uow.tenant_id, row)}
    )
    return audit_id


async def verify(reader: Reader, *, from_seq: int = 0) -> ChainReport:
    """Recompute every content hash and every link after ``from_seq``, and look at what is unsealed.

    Finds rows altered, deleted, added or reordered behind the sealer's back, links that do not follow,
    and unsealed rows whose content does not match. ``reader``: role ``system``, or ``app`` in firm scope.
    """
    head = await repository.chain_head(reader)
    previous = await _hash_before(reader, from_seq)
    seq, verified, broken, message = from_seq, 0, None, ""
    if previous is None:
        broken, message = from_seq, f"link {from_seq} is missing from the chain"
    while broken is None and previous is not None:
        links = await repository.links_after(reader, seq, PAGE)
        if not links:
            break
        for link in links:
            fault = _fault(reader.tenant_id, link, seq + 1, previous)
            if fault is not None:
                broken, message = seq + 1, fault
                break
            seq, previous, verified = link.seq, link.chain_hash, verified + 1
    if broken is None:
        message = await _unsealed_fault(reader) or ""
    waiting, oldest = await repository.unsealed_summary(reader)
    is_verified = broken is None and not message
    return ChainReport(
        is_verified=is_verified,
        sealed_count=head.seq if head else 0,
        verified_count=verified,
        unsealed_count=waiting,
        oldest_unsealed_at=oldest,
        head_seq=head.seq if head else None,
        head_hash=head.chain_hash if head else None,
        verified_at=clock.now(),
        broken_at_seq=broken,
        message=message or _good_news(verified, waiting, from_seq),
    )


async def unsealed(reader: Reader) -> tuple[int, datetime | None]:
    """How many events wait for the seal, and since when the oldest does."""
    return await repository.unsealed_summary(reader)


async def chain_status(reader: Reader) -> ChainReport:
    """``verify`` over the whole chain, or over its last 20,000 links where it is longer.

    The scheduler verifies the whole of every chain once a day and raises a finding when one is broken.
    """
    head = await repository.chain_head(reader)
    return await verify(reader, from_seq=max(0, (head.seq if head else 0) - STATUS_LINKS_MAX))


def _good_news(verified: int, waiting: int, from_seq: int) -> str:
    scope = f"the last {verified:,} sealed events" if from_seq else f"all {verified:,} sealed events"
    tail = f"; {waiting:,} newer wait for the seal" if waiting else ""
    return f"Chain verified: {scope} are unchanged and in order{tail}."


async def _hash_before(reader: Reader, seq: int) -> bytes | None:
    if seq == 0:
        return genesis_hash(reader.tenant_id)
    rows = await repository.links_after(reader, seq - 1, 1)
    return rows[0].chain_hash if rows and rows[0].seq == seq else None


def _fault(tenant_id: UUID, link: Any, expected_seq: int, previous: bytes) -> str | None:
    if link.seq != expected_seq:
        return f"link {expected_seq} is missing from the chain (the next one is {link.seq})"
    if link.previous_hash != previous:
        return f"link {link.seq} does not follow the one before it"
    if chain_hash(previous, link.seq, link.audit_id, link.content_hash) != link.chain_hash:
        return f"link {link.seq} was altered: its chain hash does not match its contents"
    if link.event_id is None:
        return f"the event {link.audit_id} sealed by link {link.seq} is gone"
    row = {name: getattr(link, f"event_{name}") for name in CONTENT_FIELDS}
    if link.event_occurred_at.date() != link.event_occurred_on:
        return f"the event {link.audit_id} sealed by link {link.seq} was moved to another day"
    if content_hash(tenant_id, row) != link.content_hash or link.event_content_hash != link.content_hash:
        return f"the event {link.audit_id} sealed by link {link.seq} was altered after it was sealed"
    return None


async def _unsealed_fault(reader: Reader) -> str | None:
    lost = await repository.lost_pending(reader, clock.now() - repository.SETTLED_AFTER)
    if lost:
        return (
            f"{lost} events are neither sealed nor waiting for the seal: they were added or unmarked by hand"
        )
    for event in await repository.unsealed_events(reader, after=None, limit=PAGE):
        row = {name: getattr(event, name) for name in CONTENT_FIELDS}
        if content_hash(reader.tenant_id, row) != event.content_hash:
            return f"the event {event.id}, not sealed yet, was altered after it was written"
    return None


async def export_lines(reader: Reader, *, slug: str) -> AsyncIterator[str]:
    """The whole log as JSON lines for scripts/verify_audit.py: a header, sealed rows by seq, unsealed rows.

    Personal values stay encrypted: they are not needed to verify.
    """
    yield kit_json.dumps(
        {
            "format": "wealthnexus-audit/1",
            "tenant_id": str(reader.tenant_id),
            "firm": slug,
            "exported_at": clock.now(),
        }
    )
    seq = 0
    while links := await repository.links_after(reader, seq, PAGE):
        for link in links:
            row = None
            if link.event_id is not None:
                row = {name: getattr(link, f"event_{name}") for name in CONTENT_FIELDS}
            yield kit_json.dumps(
                {
                    "seq": link.seq,
                    "audit_id": str(link.audit_id),
                    "content_hash": link.content_hash.hex(),
                    "previous_hash": link.previous_hash.hex(),
                    "chain_hash": link.chain_hash.hex(),
                    "event": content(reader.tenant_id, row) if row else None,
                }
            )
        seq = links[-1].seq
    after = None
    while events := await repository.unsealed_events(reader, after=after, limit=PAGE):
        for event in events:
            row = {name: getattr(event, name) for name in CONTENT_FIELDS}
            yield kit_json.dumps(
                {
                    "seq": None,
                    "audit_id": str(event.id),
                    "content_hash": event.content_hash.hex(),
                    "event": content(reader.tenant_id, row),
                }
            )
        after = (events[-1].occurred_at, events[-1].id)
