"""Drafts of imports: what the files are, the verdict on each row, mended cells."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import strawberry

from wealthnexus.domain.bundle import FILES
from wealthnexus.domain.feeds.drafts import Draft, FileMapping
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.ids import to_global
from wealthnexus.graphql.scalars import Json
from wealthnexus.graphql.types.failures import (
    Conflict,
    Expired,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    ValidationFailed,
)
from wealthnexus.graphql.types.payloads import JobAccepted

_KEY = "Yours: the same key and the same request give the same thing, another request is a Conflict."
_VERSION = "The version you have read; a newer one is a Conflict."


@strawberry.enum(description="How the dates of a file are written.")
class DraftDates(StrEnum):
    ISO = "ISO"
    MONTH_FIRST = "MONTH_FIRST"
    DAY_FIRST = "DAY_FIRST"
    COMPACT = "COMPACT"


@strawberry.enum(description="What stands before the decimals in the numbers of a file.")
class DraftNumbers(StrEnum):
    POINT = "POINT"
    COMMA = "COMMA"


@strawberry.enum(description="What a row would do to the books. REFUSED: it cannot be imported as it is.")
class DraftVerdict(StrEnum):
    NEW = "NEW"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    REFUSED = "REFUSED"
    SKIPPED = "SKIPPED"


@strawberry.type
class BundleColumn:
    name: str
    is_required: bool


@strawberry.type(description="A file of the bundle with its columns, in their order.")
class BundleFile:
    name: str
    columns: list[BundleColumn]


@strawberry.type(description="Rows of a file of the bundle by what the last check said of them.")
class DraftVerdictCount:
    file: str
    verdict: DraftVerdict
    count: int


@strawberry.type(description="One column of theirs as a column of the bundle.")
class DraftColumn:
    theirs: str
    ours: str


@strawberry.type(description="A column of the bundle that has the same value in every row.")
class DraftConstant:
    ours: str
    value: str


@strawberry.type(description="One of the uploaded files as a file of the bundle.")
class DraftFile:
    name: str
    file: str
    columns: list[DraftColumn]
    constants: list[DraftConstant]
    dates: DraftDates
    numbers: DraftNumbers


@strawberry.type(description="An uploaded file and its header row.")
class DraftHeader:
    name: str
    columns: list[str]


@strawberry.type
class DraftCell:
    column: str
    value: str


@strawberry.type(description="Why a row is not imported; the column is null when the row is meant.")
class DraftProblem:
    column: str | None
    value: str | None
    expectation: str
    message: str


@strawberry.type(description="A row as it would be read, and the last check's verdict on it.")
class DraftRow:
    line: int
    cells: list[DraftCell]
    problems: list[DraftProblem]
    verdict: DraftVerdict | None = strawberry.field(description="Null until a check has come to it.")
    before: list[DraftCell] = strawberry.field(description="Of a changed row: what the books say instead.")
    edited: list[str] = strawberry.field(description="The columns that were mended.")
    skip_reason: str | None = strawberry.field(description="Why the row is left out.")


@strawberry.type(description="An import that is being prepared by the person who sent the files.")
class ImportDraft:
    id: strawberry.ID
    state: str = strawberry.field(description="MAPPING, CHECKED, COMMITTED, UNDONE or DISCARDED.")
    source: str
    as_of: date
    files: list[DraftFile]
    file_name: str = strawberry.field(description="Of the upload; empty once it is tidied away.")
    created_at: datetime
    edit_count: int
    skip_count: int
    import_id: strawberry.ID | None = strawberry.field(description="What it became.")
    job_id: strawberry.ID | None = strawberry.field(description="The last check or import.")
    report: Json | None = strawberry.field(description="Of the last check or import, as a job's result.")
    version: int
    key: strawberry.Private[UUID]

    @field(Permission.IMPORTS_RUN, "The uploaded files with their header rows.")
    async def headers(self, info: Info) -> list[DraftHeader]:
        return await info.context.acts.drafts.headers(self.key)

    @field(Permission.IMPORTS_RUN, "At most 200 rows of a file of the bundle, after a line of the upload.")
    async def rows(
        self,
        info: Info,
        file: str,
        after_line: int = 0,
        first: int = 50,
        verdict: DraftVerdict | None = None,
    ) -> list[DraftRow]:
        return await info.context.acts.drafts.rows(
            self.key,
            file,
            after_line=after_line,
            first=first,
            verdict=verdict,
        )

    @field(Permission.IMPORTS_RUN, "How many rows of each file the last check judged how.")
    async def verdicts(self, info: Info) -> list[DraftVerdictCount]:
        return await info.context.acts.drafts.verdicts(self.key)


def _place(one: FileMapping, column: str) -> int:
    """The order of the bundle's own columns."""
    return FILES[one.file].column_names.index(column)


def draft_of(draft: Draft) -> ImportDraft:
    """The draft as the API shows it."""
    return ImportDraft(
        id=to_global("ImportDraft", draft.id),
        state=draft.state,
        source=draft.mapping.source,
        as_of=draft.mapping.as_of,
        files=[
            DraftFile(
                name=name,
                file=one.file,
                columns=[
                    DraftColumn(theirs=theirs, ours=ours)
                    for theirs, ours in sorted(one.columns.items(), key=lambda pair: _place(one, pair[1]))
                ],
                constants=[
                    DraftConstant(ours=ours, value=value)
                    for ours, value in sorted(one.constants.items(), key=lambda pair: _place(one, pair[0]))
                ],
                dates=DraftDates(one.dates),
                numbers=DraftNumbers(one.numbers),
            )
            for name, one in sorted(draft.mapping.files.items())
        ],
        file_name=draft.file_name,
        created_at=draft.created_at,
        edit_count=len(draft.edits),
        skip_count=len(draft.skips),
        import_id=to_global("Import", draft.batch_id) if draft.batch_id is not None else None,
        job_id=to_global("Job", draft.job_id) if draft.job_id is not None else None,
        report=Json(draft.report) if draft.report is not None else None,
        version=draft.version,
        key=draft.id,
    )


@strawberry.input
class CreateImportDraftInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)
    upload_id: strawberry.ID = strawberry.field(description="From POST /files/uploads.")


@strawberry.input
class DraftColumnInput:
    theirs: str
    ours: str


@strawberry.input
class DraftConstantInput:
    ours: str
    value: str


@strawberry.input
class DraftFileInput:
    name: str
    file: str
    columns: list[DraftColumnInput]
    constants: list[DraftConstantInput]
    dates: DraftDates = DraftDates.ISO
    numbers: DraftNumbers = DraftNumbers.POINT


@strawberry.input
class MapImportDraftInput:
    draft_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    source: str = strawberry.field(description="The name of the sending system.")
    as_of: date
    files: list[DraftFileInput]


@strawberry.input
class DraftEditInput:
    file: str
    line: int
    column: str
    value: str


@strawberry.input
class MendImportDraftInput:
    draft_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    edits: list[DraftEditInput]


@strawberry.input
class ReplaceInImportDraftInput:
    draft_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    file: str
    column: str
    value: str = strawberry.field(description="As it stands in the column now.")
    by: str


@strawberry.input
class SkipImportDraftRowsInput:
    draft_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    file: str
    lines: list[int]
    reason: str | None = strawberry.field(
        default=None, description="Why they are left out; null takes them in again."
    )


@strawberry.input
class CheckImportDraftInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)
    draft_id: strawberry.ID


@strawberry.input
class CommitImportDraftInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)
    draft_id: strawberry.ID


@strawberry.input
class DiscardImportDraftInput:
    draft_id: strawberry.ID


@strawberry.type
class CreateImportDraftSuccess:
    import_draft: ImportDraft


@strawberry.type
class MapImportDraftSuccess:
    import_draft: ImportDraft


@strawberry.type
class MendImportDraftSuccess:
    import_draft: ImportDraft


@strawberry.type
class ReplaceInImportDraftSuccess:
    import_draft: ImportDraft
    replaced_count: int


@strawberry.type
class SkipImportDraftRowsSuccess:
    import_draft: ImportDraft


@strawberry.type
class DiscardImportDraftSuccess:
    import_draft: ImportDraft


CreateImportDraftPayload = Annotated[
    CreateImportDraftSuccess
    | ValidationFailed
    | NotFound
    | Conflict
    | PermissionDenied
    | LimitExceeded
    | Expired,
    strawberry.union("CreateImportDraftPayload"),
]
MapImportDraftPayload = Annotated[
    MapImportDraftSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("MapImportDraftPayload"),
]
MendImportDraftPayload = Annotated[
    MendImportDraftSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("MendImportDraftPayload"),
]
ReplaceInImportDraftPayload = Annotated[
    ReplaceInImportDraftSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("ReplaceInImportDraftPayload"),
]
SkipImportDraftRowsPayload = Annotated[
    SkipImportDraftRowsSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("SkipImportDraftRowsPayload"),
]
CheckImportDraftPayload = Annotated[
    JobAccepted | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded | Expired,
    strawberry.union("CheckImportDraftPayload"),
]
CommitImportDraftPayload = Annotated[
    JobAccepted | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded | Expired,
    strawberry.union("CommitImportDraftPayload"),
]
DiscardImportDraftPayload = Annotated[
    DiscardImportDraftSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("DiscardImportDraftPayload"),
]
