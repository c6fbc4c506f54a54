"""What counts as a household's own, for lists that are read by what they are about."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CompoundSelect, Uuid, literal, select, union_all

from wealthnexus.domain.clients.models import household_accounts
from wealthnexus.domain.clients.repository.force import in_force
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader


def household_with_accounts(reader: Reader, view: BookView, household_id: UUID) -> CompoundSelect[UUID]:
    """The ids of the household and of its accounts on the view's day, not of its members: the subjects that
    ``HouseholdRow.open_items`` counts the open work of. To be read within another statement."""
    m = household_accounts
    return union_all(
        select(literal(household_id, Uuid())),
        select(m.c.account_id).where(in_force(m, reader, view), m.c.household_id == household_id),
    )
