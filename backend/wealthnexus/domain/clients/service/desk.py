"""What the firm's people add for themselves and one another: notes, tags, saved views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from wealthnexus.domain import audit
from wealthnexus.domain.clients import events, texts
from wealthnexus.domain.clients.models import notes, saved_views, subject_tags, tags
from wealthnexus.domain.clients.names import normalised
from wealthnexus.domain.clients.service.ground import clean_text, record, refused
from wealthnexus.domain.work.repository import subjects_by_ids
from wealthnexus.kit import clock
from wealthnexus.kit.db.access import may_write
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, LimitExceeded, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.ids import new_id

NOTE_CHARACTERS_MAX: Final = 10_000
TAG_CHARACTERS_MAX: Final = 40
TAGS_MAX: Final = 2_000
TAGS_AT_ONCE_MAX: Final = 20
SUBJECTS_MAX: Final = 5_000
VIEWS_MAX: Final = 100
QUERY_CHARACTERS_MAX: Final = 4_000
PAGES: Final = ("book", "accounts", "work", "findings", "reconciliation", "parties", "prices")


@dataclass(frozen=True, slots=True)
class NoteChanged:
    id: UUID
    subject_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Tagged:
    subject_ids: tuple[UUID, ...]
    tag_ids: tuple[UUID, ...]


# -- notes -----------------------------------------------------------------------------------------------


async def add_note(
    uow: UnitOfWork, author_id: UUID, subject_id: UUID, body: str, *, is_pinned: bool = False
) -> NoteChanged:
    """Write a note on anything that others may point at. NotFound, PermissionDenied, ValidationFailed."""
    subject = await _subject(uow, subject_id)
    text = _body(body)
    note_id = new_id()
    await uow.execute(
        insert(notes).values(
            tenant_id=uow.tenant_id,
            id=note_id,
            subject_id=subject_id,
            body=text,
            is_pinned=is_pinned,
            created_at=clock.now(),
            created_by=author_id,
            version=1,
        )
    )
    await record(
        uow,
        events.NOTE_CHANGED,
        summary=texts.NOTE_WRITTEN(name=subject.label),
        subject=(subject_id, subject.kind, subject.label),
        payload={"noteId": note_id, "subjectId": subject_id, "state": "WRITTEN"},
        details={"note_id": note_id, "characters": len(text)},
    )
    return NoteChanged(note_id, subject_id, 1)


async def edit_note(
    uow: UnitOfWork,
    author_id: UUID,
    note_id: UUID,
    *,
    body: str | None = None,
    is_pinned: bool | None = None,
    expected_version: int,
) -> NoteChanged:
    """Change the words (only who wrote it) or pin the note. Conflict, NotFound, PermissionDenied."""
    note, subject = await _note_for_update(uow, note_id, expected_version)
    values: dict[str, Any] = {}
    if body is not None:
        if note.created_by != author_id:
            raise PermissionDenied(texts.NOT_YOUR_NOTE())
        values |= {"body": _body(body), "edited_at": clock.now()}
    if is_pinned is not None:
        values["is_pinned"] = is_pinned
    if not values:
        return NoteChanged(note_id, note.subject_id, note.version)
    return await _change_note(
        uow, note, values, state="EDITED", subject=subject, summary=texts.NOTE_EDITED(name=subject.label)
    )


async def remove_note(
    uow: UnitOfWork, author_id: UUID, note_id: UUID, *, expected_version: int
) -> NoteChanged:
    """Take the note off every list; its words are erased. Only who wrote it."""
    note, subject = await _note_for_update(uow, note_id, expected_version)
    if note.created_by != author_id:
        raise PermissionDenied(texts.NOT_YOUR_NOTE())
    values = {"body": "", "is_pinned": False, "removed_at": clock.now()}
    return await _change_note(
        uow,
        note,
        values,
        state="REMOVED",
        subject=subject,
        summary=texts.NOTE_TAKEN_AWAY(name=subject.label),
    )


async def _change_note(
    uow: UnitOfWork, note: Row[Any], values: dict[str, Any], *, state: str, subject: Row[Any], summary: str
) -> NoteChanged:
    version = note.version + 1
    await uow.execute(
        update(notes)
        .where(notes.c.tenant_id == uow.tenant_id, notes.c.id == note.id)
        .values(**values, version=version)
    )
    await record(
        uow,
        events.NOTE_CHANGED,
        summary=summary,
        subject=(note.subject_id, subject.kind, subject.label),
        payload={"noteId": note.id, "subjectId": note.subject_id, "state": state},
        details={"note_id": note.id, "fields": sorted(values), "version": version},
    )
    return NoteChanged(note.id, note.subject_id, version)


async def _note_for_update(
    uow: UnitOfWork, note_id: UUID, expected_version: int
) -> tuple[Row[Any], Row[Any]]:
    note = await uow.one_or_none(
        select(notes).where(notes.c.tenant_id == uow.tenant_id, notes.c.id == note_id).with_for_update()
    )
    if note is None:
        raise NotFound(texts.NOT_THERE(kind="note", id=str(note_id)), path=("input", "noteId"))
    subject = await _subject(uow, note.subject_id)
    if note.removed_at is not None:
        raise Conflict(texts.NOTE_REMOVED(), current_version=note.version, path=("input", "noteId"))
    if note.version != expected_version:
        raise Conflict(
            texts.STALE(kind="note", expected=expected_version, current=note.version),
            current_version=note.version,
            path=("input", "expectedVersion"),
        )
    return note, subject


async def _subject(uow: UnitOfWork, subject_id: UUID) -> Row[Any]:
    subject = (await subjects_by_ids(uow, [subject_id])).get(subject_id)
    if subject is None:
        raise NotFound(texts.NOT_THERE(kind="subject", id=str(subject_id)), path=("input", "subjectId"))
    if not await may_write(uow, subject_id):
        raise PermissionDenied(texts.READ_ONLY(kind=subject.kind))
    return subject


def _body(body: str) -> str:
    text = body.strip()
    if not 1 <= len(text) <= NOTE_CHARACTERS_MAX or "\x00" in text:
        raise refused("note", [("body", texts.TOO_LONG(limit=NOTE_CHARACTERS_MAX), str(len(text)))])
    return text


# -- tags ------------------------------------------------------------------------------------------------


async def tag_subjects(
    uow: UnitOfWork, author_id: UUID, subject_ids: Sequence[UUID], names: Sequence[str]
) -> Tagged:
    """Put tags on subjects, making those that are new; a tag that is there already stays as it is.

    At most 20 tags on 5,000 subjects at once, all or none; 2,000 tags in a firm (LimitExceeded).
    """
    subjects = await _subjects(uow, subject_ids)
    wanted = _tag_names(names)
    known = await _tags_named(uow, wanted)
    fresh = {folded: name for folded, name in wanted.items() if folded not in known}
    if fresh:
        count = await uow.scalar(select(func.count()).where(tags.c.tenant_id == uow.tenant_id))
        if int(count) + len(fresh) > TAGS_MAX:
            raise LimitExceeded(texts.TOO_MANY_TAGS(limit=TAGS_MAX), path=("input", "tagNames"))
        await uow.execute(
            upsert(tags).on_conflict_do_nothing(),
            [
                {
                    "tenant_id": uow.tenant_id,
                    "id": new_id(),
                    "name": name,
                    "name_normalised": folded,
                    "created_at": clock.now(),
                    "created_by": author_id,
                }
                for folded, name in fresh.items()
            ],
        )
        known = await _tags_named(uow, wanted)
    await uow.execute(
        upsert(subject_tags).on_conflict_do_nothing(),
        [
            {
                "tenant_id": uow.tenant_id,
                "tag_id": tag_id,
                "subject_id": subject_id,
                "created_at": clock.now(),
            }
            for subject_id in subjects
            for tag_id in known.values()
        ],
    )
    await _record_tags(uow, subjects, list(known.values()), texts.TAGGED(count=len(subjects)), is_added=True)
    return Tagged(tuple(subjects), tuple(known.values()))


async def untag_subjects(uow: UnitOfWork, subject_ids: Sequence[UUID], names: Sequence[str]) -> Tagged:
    """Take tags off subjects; what is not tagged so stays as it is."""
    subjects = await _subjects(uow, subject_ids)
    known = list((await _tags_named(uow, _tag_names(names))).values())
    if known:
        await uow.execute(
            delete(subject_tags).where(
                subject_tags.c.tenant_id == uow.tenant_id,
                subject_tags.c.subject_id.in_(subjects),
                subject_tags.c.tag_id.in_(known),
            )
        )
    await _record_tags(uow, subjects, known, texts.UNTAGGED(count=len(subjects)), is_added=False)
    return Tagged(tuple(subjects), tuple(known))


async def _record_tags(
    uow: UnitOfWork, subjects: Sequence[UUID], tag_ids: Sequence[UUID], summary: str, *, is_added: bool
) -> None:
    await record(
        uow,
        events.TAGS_CHANGED,
        summary=summary,
        subject=None,
        payload={"subjectIds": list(subjects[:100]), "tagIds": list(tag_ids), "isAdded": is_added},
        details={
            "subject_ids": list(subjects[:500]),
            "subject_count": len(subjects),
            "tag_ids": list(tag_ids),
            "is_added": is_added,
        },
    )


async def _subjects(uow: UnitOfWork, subject_ids: Sequence[UUID]) -> list[UUID]:
    wanted = list(dict.fromkeys(subject_ids))
    if not 1 <= len(wanted) <= SUBJECTS_MAX:
        said = texts.TOO_MANY(count=len(wanted), what="subjects", limit=SUBJECTS_MAX)
        raise ValidationFailed(said, path=("input", "subjectIds"))
    found = await subjects_by_ids(uow, wanted)
    for key in wanted:
        if key not in found:
            raise NotFound(texts.NOT_THERE(kind="subject", id=str(key)), path=("input", "subjectIds"))
        if uow.binding.scope == "limited" and not await may_write(uow, key):
            raise PermissionDenied(texts.READ_ONLY(kind=found[key].kind))
    return wanted


def _tag_names(names: Sequence[str]) -> dict[str, str]:
    """Folded name -> name as it was typed."""
    if not 1 <= len(names) <= TAGS_AT_ONCE_MAX:
        said = texts.TOO_MANY(count=len(names), what="tags", limit=TAGS_AT_ONCE_MAX)
        raise ValidationFailed(said, path=("input", "tagNames"))
    found: dict[str, str] = {}
    for place, name in enumerate(names):
        cleaned = clean_text(name, f"tagNames.{place}", what="tag", limit=TAG_CHARACTERS_MAX)
        found.setdefault(normalised(cleaned), cleaned)
    return found


async def _tags_named(uow: UnitOfWork, wanted: dict[str, str]) -> dict[str, UUID]:
    rows = await uow.rows(
        select(tags.c.id, tags.c.name_normalised).where(
            tags.c.tenant_id == uow.tenant_id, tags.c.name_normalised.in_(list(wanted))
        )
    )
    return {row.name_normalised: row.id for row in rows}


# -- saved views -----------------------------------------------------------------------------------------


async def save_view(
    uow: UnitOfWork,
    user_id: UUID,
    *,
    page: str,
    name: str,
    query: str,
    is_shared: bool = False,
    is_default: bool = False,
    view_id: UUID | None = None,
) -> UUID:
    """Keep filters, order and columns of a page under a name; the same name again replaces them.

    ``view_id``: change that view of one's own, its name too. ``is_default``: the page opens with it, and with
    no other. ValidationFailed; NotFound and PermissionDenied for the view; Conflict for a name that another
    view of one's own has; LimitExceeded beyond 100 views of one person.
    """
    name = clean_text(name, "name", what="view", limit=80)
    if page not in PAGES:
        raise refused(name, [("page", texts.ONE_OF(listed=", ".join(PAGES)), page[:40])])
    if len(query) > QUERY_CHARACTERS_MAX or not query.isprintable():
        raise refused(name, [("query", texts.TOO_LONG(limit=QUERY_CHARACTERS_MAX), str(len(query)))])
    v = saved_views.c
    await _view_lock(uow, user_id)
    rows = await uow.rows(
        select(v.id, v.page, v.name).where(v.tenant_id == uow.tenant_id, v.user_id == user_id)
    )
    named = next((row.id for row in rows if (row.page, row.name) == (page, name)), None)
    if view_id is not None:
        await _own_view(uow, user_id, view_id)
        if named not in (None, view_id):
            raise Conflict(texts.VIEW_NAME_TAKEN(name=name), path=("input", "name"))
    elif named is None and len(rows) >= VIEWS_MAX:
        raise LimitExceeded(texts.TOO_MANY_VIEWS(limit=VIEWS_MAX), path=("input", "name"))
    key: UUID = view_id or named or new_id()
    if is_default:
        await uow.execute(
            update(saved_views)
            .where(v.tenant_id == uow.tenant_id, v.user_id == user_id, v.page == page, v.is_default)
            .values(is_default=False)
        )
    values = {"page": page, "name": name, "query": query, "is_shared": is_shared, "is_default": is_default}
    statement = upsert(saved_views).values(
        tenant_id=uow.tenant_id, id=key, user_id=user_id, created_at=clock.now(), version=1, **values
    )
    await uow.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "id"], set_={**values, "version": v.version + 1}
        )
    )
    await audit.append(
        uow,
        "clients.view.saved",
        summary=texts.VIEW_SAVED(page=page),
        details={"view_id": key, "page": page, "is_shared": is_shared, "is_default": is_default},
    )
    return key


async def _view_lock(uow: UnitOfWork, user_id: UUID) -> None:
    """One change of a person's views at a time: names and the default are checked, then written."""
    await uow.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"views:{user_id}", 0))))


async def _own_view(uow: UnitOfWork, user_id: UUID, view_id: UUID) -> Row[Any]:
    row = await uow.one_or_none(
        select(saved_views.c.page, saved_views.c.user_id).where(
            saved_views.c.tenant_id == uow.tenant_id, saved_views.c.id == view_id
        )
    )
    if row is None:
        raise NotFound(texts.NOT_THERE(kind="view", id=str(view_id)), path=("input", "viewId"))
    if row.user_id != user_id:
        raise PermissionDenied(texts.NOT_YOUR_VIEW())
    return row


async def delete_view(uow: UnitOfWork, user_id: UUID, view_id: UUID) -> None:
    """Forget a view of one's own. NotFound, PermissionDenied for somebody else's."""
    row = await _own_view(uow, user_id, view_id)
    await uow.execute(
        delete(saved_views).where(saved_views.c.tenant_id == uow.tenant_id, saved_views.c.id == view_id)
    )
    await audit.append(
        uow,
        "clients.view.deleted",
        summary=texts.VIEW_DELETED(page=row.page),
        details={"view_id": view_id, "page": row.page},
    )
