"""Notes, tags, saved views, books, and values that are kept encrypted."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from wealthnexus.domain.clients import repository as reads
from wealthnexus.domain.clients import service as clients
from wealthnexus.domain.ledger import book_view
from wealthnexus.graphql import texts
from wealthnexus.graphql.acts.clients import ClientActs
from wealthnexus.graphql.acts.new_party import access_changed
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import from_global, input_key, to_global
from wealthnexus.graphql.loaders.book import household_filter
from wealthnexus.graphql.loaders.shared import SUBJECT_TYPES
from wealthnexus.graphql.types import client_inputs as given_types
from wealthnexus.graphql.types import client_payloads as payloads
from wealthnexus.graphql.types.book import HouseholdFilter
from wealthnexus.graphql.types.clients import Note
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, LimitExceeded, ValidationFailed


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
        async def work(uow: UnitOfWork) -> int:
            keys = await self._subjects(uow, given)
            return len((await clients.tag_subjects(uow, self._me, keys, given.tag_names)).subject_ids)

        return payloads.TagSubjectsSuccess(subject_count=await self._change(work))

    async def untag_subjects(self, given: given_types.UntagSubjectsInput) -> payloads.UntagSubjectsSuccess:
        async def work(uow: UnitOfWork) -> int:
            keys = await self._subjects(uow, given)
            return len((await clients.untag_subjects(uow, keys, given.tag_names)).subject_ids)

        return payloads.UntagSubjectsSuccess(subject_count=await self._change(work))

    async def _subjects(
        self, uow: UnitOfWork, given: given_types.TagSubjectsInput | given_types.UntagSubjectsInput
    ) -> list[UUID]:
        one_of_two(given.subject_ids, given.households, first="subjectIds")
        if given.households is not None:
            return await self._listed(uow, given.households, given.expected_count)
        return [
            from_global(each, SUBJECT_TYPES, path=("input", "subjectIds")) for each in given.subject_ids or ()
        ]

    async def _listed(
        self, uow: UnitOfWork, filter_: HouseholdFilter, expected_count: int | None
    ) -> list[UUID]:
        """Every household of a list, as it is now. LimitExceeded beyond 5,000; Conflict when it changed."""
        view = await book_view(uow, self._context.caller.firm)
        limit = clients.SUBJECTS_MAX
        found = await reads.matching_household_ids(uow, view, household_filter(filter_), limit + 1)
        if len(found) > limit:
            raise LimitExceeded(texts.TOO_MANY_LISTED(limit=limit), path=("input", "households"))
        if expected_count is not None and len(found) != expected_count:
            said = texts.LIST_CHANGED(expected=expected_count, count=len(found))
            raise Conflict(said, path=("input", "expectedCount"))
        return found

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
        one_of_two(given.account_ids, given.households, first="accountIds")
        asked = [input_key(each, "Account", "accountIds") for each in given.account_ids or ()]
        splits = [
            clients.Split(input_key(each.book_id, "Book", "splits"), each.split) for each in given.splits
        ]

        async def work(uow: UnitOfWork) -> clients.Assigned:
            keys = asked
            if given.households is not None:
                listed = await self._listed(uow, given.households, given.expected_count)
                view = await book_view(uow, firm)
                keys = await reads.open_account_ids_of(uow, view, listed, clients.ACCOUNTS_MAX + 1)
            done = await clients.assign_accounts(
                uow,
                firm,
                keys,
                splits,
                effective_from=given.effective_from,
                dry_run=bool(given.dry_run),
            )
            if not given.dry_run:
                await access_changed(uow)
            return done

        done = await self._change(work)
        return payloads.AssignAccountsSuccess(
            account_count=len(done.account_ids),
            unchanged_count=done.unchanged_count,
            before=[
                payloads.AssignmentBefore(
                    books=[
                        payloads.AssignedBook(book_id=to_global("Book", split.book_id), split=split.split)
                        for split in each.splits
                    ],
                    account_count=each.account_count,
                )
                for each in done.before
            ],
        )


def one_of_two(ids: Sequence[str] | None, listed: HouseholdFilter | None, *, first: str) -> None:
    if (ids is None) == (listed is None):
        raise ValidationFailed(
            texts.ONE_OF_TWO_GIVEN(first=first, second="households"), path=("input", first)
        )
