"""What a limited caller may do with a subject, beyond what row security lets them see."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import column, func, or_, select, table

from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.db.tables import INSTANT

# The expansion of the access grants, which the policies read too (``rls.IN_SCOPE``).
_SCOPE: Final = table(
    "access_scope",
    *map(column, ("tenant_id", "principal_id", "subject_id", "may_write")),
    column("expires_at", INSTANT),
)


async def may_write(reader: Reader, subject_id: UUID) -> bool:
    """Whether the caller may change the subject: everybody who sees the whole firm, and a limited one
    who was granted more than reading by a grant that still runs."""
    if reader.binding.scope != "limited":
        return True
    s = _SCOPE.c
    found = await reader.scalar(
        select(func.count()).where(
            s.tenant_id == reader.tenant_id,
            s.principal_id == reader.binding.principal_id,
            s.subject_id == subject_id,
            s.may_write,
            or_(s.expires_at.is_(None), s.expires_at > func.now()),
        )
    )
    return bool(found)
