"""Notes, tags, saved views, books, and values that are kept encrypted."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from wealthnexus.domain.clients import service as clients
from wealthnexus.graphql.acts.clients import ClientActs
from wealthnexus.graphql.acts.new_party import access_changed
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import from_global, input_key, to_global
from wealthnexus.graphql.loaders.shared import SUBJECT_TYPES
from wealthnexus.graphql.types import client_inputs as given_types
from wealthnexus.graphql.types import client_payloads as payloads
from wealthnexus.graphql.types.clients import Note
from wealthnexus.kit.db.session import UnitOfWork


class DeskActs(ClientActs):
    """The verbs of the clients room, those of the desk among them."""

    def __init__(self, context: RequestContext) -> None:
        super().__init__(context)
        self._me = context.caller.user_id

    async def _note(self, key: UUID) -> Note:
        return await (await self._context.loaders()).desk.note(key)

    async def reveal_sensitive(
        self, given: given_types.RevealSensitiveInput
    ) -> payloads.RevealSensitiveSuccess:
        caller = self._context.caller
        subject = from_global(given.subject_id, SUBJECT_TYPES, path=("input", "subjectId"))
        field = given.field.value.lower()
        value = await self._change(
            lambda uow: clients.reveal_sensitive(uow, caller, subject, field, given.reason)
        )
        return payloads.RevealSensitiveSuccess(value=value)

    # -- notes ----------------------------------------------------------------------------------------

    async def add_note(self, given: given_types.AddNoteInput) -> payloads.AddNoteSuccess:
        subject = from_global(given.subject_id, SUBJECT_TYPES, path=("input", "subjectId"))

        async def do(uow: UnitOfWork) -> UUID:
            pinned = bool(given.is_pinned)
            return (await clients.add_note(uow, self._me, subject, given.body, is_pinned=pinned)).id

        made = await self._create("addNote", given.idempotency_key, given, do)
        return payloads.AddNoteSuccess(note=await self._note(made))

    async def edit_note(self, given: given_types.EditNoteInput) -> payloads.EditNoteSuccess:
        key = input_key(given.note_id, "Note", "noteId")
        await self._change(
            lambda uow: clients.edit_note(
                uow,
                self._me,
                key,
                body=given.body,
                is_pinned=given.is_pinned,
                expected_version=given.expected_version,
            )
        )
        return payloads.EditNoteSuccess(note=await self._note(key))

    async def remove_note(self, given: given_types.RemoveNoteInput) -> payloads.RemoveNoteSuccess:
        key = input_key(given.note_id, "Note", "noteId")
        await self._change(
            lambda uow: clients.remove_note(uow, self._me, key, expected_version=given.expected_version)
        )
        return payloads.RemoveNoteSuccess(note_id=given.note_id)

    # -- tags and views -------------------------------------------------------------------------------

    async def tag_subjects(self, given: given_types.TagSubjectsInput) -> payloads.TagSubjectsSuccess:
        keys = _subjects(given.subject_ids)
        done = await self._change(lambda uow: clients.tag_subjects(uow, self._me, keys, given.tag_names))
        return payloads.TagSubjectsSuccess(subject_count=len(done.subject_ids))

    async def untag_subjects(self, given: given_types.UntagSubjectsInput) -> payloads.UntagSubjectsSuccess:
        keys = _subjects(given.subject_ids)
        done = await self._change(lambda uow: clients.untag_subjects(uow, keys, given.tag_names))
        return payloads.UntagSubjectsSuccess(subject_count=len(done.subject_ids))

    async def save_view(self, given: given_types.SaveViewInput) -> payloads.SaveViewSuccess:
        view = input_key(given.view_id, "SavedView", "viewId") if given.view_id is not None else None
        key = await self._change(
            lambda uow: clients.save_view(
                uow,
                self._me,
                page=given.page.value.lower(),
                name=given.name,
                query=given.query,
                is_shared=bool(given.is_shared),
                is_default=bool(given.is_default),
                view_id=view,
            )
        )
        return payloads.SaveViewSuccess(view_id=to_global("SavedView", key))

    async def delete_view(self, given: given_types.DeleteViewInput) -> payloads.DeleteViewSuccess:
        key = input_key(given.view_id, "SavedView", "viewId")
        await self._change(lambda uow: clients.delete_view(uow, self._me, key))
        return payloads.DeleteViewSuccess(view_id=given.view_id)

    # -- books ----------------------------------------------------------------------------------------

    async def create_book(self, given: given_types.CreateBookInput) -> payloads.CreateBookSuccess:
        parent = input_key(given.parent_id, "Book", "parentId") if given.parent_id is not None else None
        user = input_key(given.user_id, "User", "userId") if given.user_id is not None else None

        async def do(uow: UnitOfWork) -> UUID:
            made = await clients.create_book(
                uow,
                kind=given.kind.value.lower(),
                code=given.code,
                name=given.name,
                parent_id=parent,
                user_id=user,
            )
            await access_changed(uow)
            return made

        key = await self._create("createBook", given.idempotency_key, given, do)
        return payloads.CreateBookSuccess(book_id=to_global("Book", key))

    async def assign_accounts(self, given: given_types.AssignAccountsInput) -> payloads.AssignAccountsSuccess:
        firm = self._context.caller.firm
        keys = [input_key(each, "Account", "accountIds") for each in given.account_ids]
        splits = [
            clients.Split(input_key(each.book_id, "Book", "splits"), each.split) for each in given.splits
        ]

        async def work(uow: UnitOfWork) -> int:
            done = await clients.assign_accounts(uow, firm, keys, splits, effective_from=given.effective_from)
            await access_changed(uow)
            return len(done.account_ids)

        return payloads.AssignAccountsSuccess(account_count=await self._change(work))


def _subjects(given: Sequence[str]) -> list[UUID]:
    return [from_global(each, SUBJECT_TYPES, path=("input", "subjectIds")) for each in given]
