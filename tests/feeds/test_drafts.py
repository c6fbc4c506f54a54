"""A file of another shape: mapped, judged row by row, mended, imported."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from wealthnexus.domain.feeds.drafts import (
    CellEdit,
    Draft,
    DraftMapping,
    FileMapping,
    create_draft,
    discard_draft,
    draft_rows,
    find_draft,
    map_draft,
    mend_draft,
    request_draft,
)
from wealthnexus.domain.feeds.uploads import find_upload, record_upload, store_stream
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.handlers import load_handlers
from wealthnexus.jobs.running import run_one
from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import TestUser, make_user
from tests.factories_ledger import LAST_DAY, rows, scalar

pytestmark = pytest.mark.database

THEIRS = {
    "Families.csv": "Family No,Family name\nF1,Whitfield\n\nF2,Castellano\n",
    "clients.csv": (
        "External ID,Full name,First,Last,Born,Ref\n"
        "P1,Nora Whitfield,Nora,Whitfield,1961-04-12,x\n"
        "P2,Marta Castellano,Marta,Castellano,12.02.1970,y\n"
    ),
    "notes.csv": "a,b\n1,2\n",
}
MAPPING = DraftMapping(
    "Old system",
    LAST_DAY,
    {
        "Families.csv": FileMapping("households", {"Family No": "external_id", "Family name": "name"}),
        "clients.csv": FileMapping(
            "clients",
            {
                "External ID": "external_id",
                "Full name": "name",
                "First": "given_name",
                "Last": "family_name",
                "Born": "birth_date",
            },
            {"kind": "PERSON", "status": "ACTIVE"},
        ),
    },
)


class Desk:
    """A person with a draft of an uploaded zip."""

    def __init__(self, platform: Platform, firm: FirmInfo, person: TestUser) -> None:
        self.platform, self.firm, self.person = platform, firm, person
        self.folder = platform.firm_storage(firm.id)
        self.actor = Actor("user", person.id, person.name)

    def unit(self, scope: Any = "firm") -> Any:
        binding = Binding(self.firm.id, self.person.id, scope)
        return self.platform.db.unit_of_work(binding, actor=self.actor)

    async def upload(self, files: dict[str, str]) -> UUID:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)

        async def chunks() -> AsyncIterator[bytes]:
            yield packed.getvalue()

        stored = await store_stream(self.folder, chunks(), bytes_max=1_000_000)
        async with self.unit() as uow:
            return await record_upload(uow, stored, user_id=self.person.id, file_name="theirs.zip")

    async def draft(self, files: dict[str, str]) -> Draft:
        upload_id = await self.upload(files)
        async with self.unit() as uow:
            return await create_draft(uow, self.firm, upload_id, self.folder)

    async def map(self, draft: Draft, mapping: DraftMapping, version: int) -> int:
        async with self.unit() as uow:
            return await map_draft(uow, draft.id, mapping, self.folder, expected_version=version)

    async def mend(self, draft: Draft, version: int, *edits: CellEdit) -> int:
        async with self.unit() as uow:
            return await mend_draft(uow, draft.id, edits, expected_version=version)

    async def run(self, draft: Draft, *, commit: bool) -> Draft:
        async with self.unit() as uow:
            job_id = await request_draft(uow, self.firm, draft.id, commit=commit)
        await run_one(self.platform, self.firm.id, job_id)
        return await self.now(draft)

    async def now(self, draft: Draft) -> Draft:
        async with self.unit() as uow:
            return await find_draft(uow, draft.id, user_id=self.person.id)

    async def rows(
        self, draft: Draft, file: str, **values: Any
    ) -> list[tuple[int, dict[str, str], list[str]]]:
        draft = await self.now(draft)
        async with self.unit() as uow:
            path: Path = await find_upload(uow, draft.upload_id, self.folder, user_id=self.person.id)
        found = draft_rows(path, draft.mapping, draft.edits, draft.report, file=file, **values)
        return [
            (row.line, {k: v for k, v in row.cells.items() if v}, [p["message"] for p in row.problems])
            for row in found
        ]


@pytest.fixture
async def desk(platform: Platform, firm: FirmInfo) -> Desk:
    assert "feeds.import_draft" in load_handlers()
    person = await make_user(platform, firm, roles=("OPERATIONS",), name="Omar Haddad")
    return Desk(platform, firm, person)


async def test_columns_that_are_alike_are_suggested(desk: Desk) -> None:
    draft = await desk.draft(THEIRS)
    assert (draft.state, draft.version, draft.mapping.as_of) == ("MAPPING", 1, LAST_DAY)
    assert draft.mapping.files == {"clients.csv": FileMapping("clients", {"External ID": "external_id"})}


async def test_a_draft_is_mapped_judged_mended_and_imported(
    desk: Desk, platform: Platform, firm: FirmInfo
) -> None:
    draft = await desk.draft(THEIRS)
    version = await desk.map(draft, MAPPING, 1)
    checked = await desk.run(draft, commit=False)
    assert (checked.state, checked.version, version) == ("CHECKED", 3, 2)
    assert checked.report is not None
    assert (checked.report["ok"], checked.report["problems"]) == (False, 1)
    born = 'clients.csv line 3, birth_date "12.0…": expected a date as YYYY-MM-DD'
    given = {"external_id": "P2", "kind": "PERSON", "name": "Marta Castellano", "given_name": "Marta",
             "family_name": "Castellano", "birth_date": "12.02.1970", "status": "ACTIVE"}  # fmt: skip
    assert await desk.rows(draft, "clients", only_problems=True) == [(3, given, [born])]
    assert [row[0] for row in await desk.rows(draft, "households")] == [2, 4]
    assert [row[0] for row in await desk.rows(draft, "households", after_line=2, first=1)] == [4]
    # With problems nothing is imported, and the draft stays open.
    refused = await desk.run(draft, commit=True)
    assert refused.state == "CHECKED"
    assert await scalar(platform, firm, "select count(*) from parties where tenant_id = :t") == 0
    await desk.mend(draft, refused.version, CellEdit("clients", 3, "birth_date", "1970-02-12"))
    sound = await desk.run(draft, commit=False)
    assert sound.report is not None
    assert (sound.report["ok"], sound.report["counts"]["clients"]) == (
        True, {"created": 2, "changed": 0, "unchanged": 0}
    )  # fmt: skip
    assert await scalar(platform, firm, "select count(*) from parties where tenant_id = :t") == 0
    done = await desk.run(draft, commit=True)
    assert done.state == "COMMITTED"
    assert await rows(
        platform, firm, "select source, external_id, name, batch_id from parties where tenant_id = :t"
        " order by 2"
    ) == [
        ("Old system", "P1", "Nora Whitfield", done.batch_id),
        ("Old system", "P2", "Marta Castellano", done.batch_id),
    ]  # fmt: skip
    assert not [path.name for path in desk.folder.iterdir() if path.name.startswith(".draft-")]
    with pytest.raises(Conflict, match="the draft is COMMITTED already; nothing was changed"):
        await desk.mend(draft, done.version, CellEdit("clients", 3, "birth_date", "1970-02-12"))


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (
            replace(MAPPING, files={"other.csv": FileMapping("clients", {})}),
            "other.csv is no file of the upload; expected one of Families.csv, clients.csv, notes.csv",
        ),
        (
            replace(MAPPING, files={"notes.csv": FileMapping("notes", {})}),
            "notes is no file of a bundle; expected one of households, accounts,",
        ),
        (
            replace(MAPPING, files={"notes.csv": FileMapping("clients", {"c": "name"})}),
            "notes.csv has no column c; expected one of a, b",
        ),
        (
            replace(MAPPING, files={"notes.csv": FileMapping("households", {"a": "surname"})}),
            "households.csv has no column surname; expected one of external_id, name, left_on",
        ),
        (
            replace(MAPPING, files={"notes.csv": FileMapping("households", {"a": "name", "b": "name"})}),
            "households.csv, name is made of two files or columns; expected one for each",
        ),
        (replace(MAPPING, source=" "), "expected the name of the sending system, 1 to 200 characters"),
    ],
)
async def test_a_mapping_that_does_not_fit_is_refused(
    desk: Desk, mapping: DraftMapping, message: str
) -> None:
    draft = await desk.draft(THEIRS)
    with pytest.raises(ValidationFailed) as refused:
        await desk.map(draft, mapping, 1)
    assert refused.value.message.startswith(message)
    assert (await desk.now(draft)).version == 1


async def test_a_stale_draft_anothers_draft_and_a_mended_one_meanwhile(
    desk: Desk, platform: Platform, firm: FirmInfo
) -> None:
    draft = await desk.draft(THEIRS)
    await desk.map(draft, MAPPING, 1)
    with pytest.raises(Conflict, match="version 1 was expected, it is 2"):
        await desk.map(draft, MAPPING, 1)
    other = Desk(platform, firm, await make_user(platform, firm, roles=("OPERATIONS",), name="Other"))
    for attempt in (other.now(draft), other.mend(draft, 2), desk.now(replace(draft, id=new_id()))):
        with pytest.raises(NotFound, match="there is no such draft of yours; nothing was changed"):
            await attempt
    for edit in (
        CellEdit("owners", 2, "role", "OWNER"),
        CellEdit("clients", 1, "name", "x"),
        CellEdit("clients", 2, "nothing", "x"),
        CellEdit("clients", 2, "name", "x" * 2_001),
    ):
        with pytest.raises(ValidationFailed, match="expected a mapped file of the draft"):
            await desk.mend(draft, 2, edit)
    async with desk.unit() as uow:
        job_id = await request_draft(uow, firm, draft.id, commit=True)
    await desk.mend(draft, 2, CellEdit("clients", 3, "birth_date", "1970-02-12"))
    await run_one(platform, firm.id, job_id)
    (found,) = await rows(
        platform, firm, "select state, error from jobs where tenant_id = :t and id = :j", j=job_id
    )
    assert found == (
        "FAILED",
        "the draft was changed after this was asked for; check it again. Nothing was imported.",
    )
    async with desk.unit() as uow:
        await discard_draft(uow, draft.id)
    assert (await desk.now(draft)).state == "DISCARDED"


async def test_a_zip_without_tables_and_a_limited_person_are_refused(desk: Desk) -> None:
    upload_id = await desk.upload({"a.txt": "x"})
    with pytest.raises(ValidationFailed, match=r"the zip holds no \.csv file; expected at least one"):
        async with desk.unit() as uow:
            await create_draft(uow, desk.firm, upload_id, desk.folder)
    with pytest.raises(PermissionDenied, match="your access is limited to some; nothing was imported"):
        async with desk.unit("limited") as uow:
            await create_draft(uow, desk.firm, upload_id, desk.folder)
