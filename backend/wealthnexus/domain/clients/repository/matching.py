"""The ids of a whole filtered list, for what is done to all of it. One statement each."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from wealthnexus.domain.clients.repository.force import in_force_sql, parameters
from wealthnexus.domain.clients.repository.households import (
    SORT_COLUMNS,
    HouseholdFilter,
    HouseholdOrder,
    HouseholdOrderField,
    Shape,
    chain,
    conditions_of,
)
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader

_ACCOUNTS: Final = f"""
select distinct a.id from household_accounts ha
join accounts a on a.tenant_id = :tenant and a.id = ha.account_id
  and (a.closed_on is null or a.closed_on > :as_of)
where {in_force_sql("ha")} and ha.household_id = any(:household_ids)
order by a.id limit :row_limit"""


async def matching_household_ids(
    reader: Reader, view: BookView, filter: HouseholdFilter, limit: int
) -> list[UUID]:
    """The ids of all households of the list, in the order of the ids; at most ``limit``."""
    portal = reader.binding.role == "portal"
    plain, figure_conditions, values = conditions_of(filter, portal=portal)
    if figure_conditions:
        shape = Shape(view.is_stored, portal, plain, figure_conditions, everything=not plain)
        sql = chain(shape) + f" select f.id from figures f where {' and '.join(figure_conditions)}"
    else:
        sql = f"select h.id from households h where {' and '.join(('h.tenant_id = :tenant', *plain))}"
    given = {"tenant": reader.tenant_id, **view.parameters(), **values, "row_limit": limit}
    return [row.id for row in await reader.rows(prepared(f"{sql} order by id limit :row_limit"), given)]


async def ordered_household_ids(
    reader: Reader, view: BookView, filter: HouseholdFilter, order: HouseholdOrder, limit: int
) -> list[UUID]:
    """The ids of the list in its order, as its pages have it; at most ``limit``."""
    portal = reader.binding.role == "portal"
    plain, figure_conditions, values = conditions_of(filter, portal=portal)
    direction = "desc" if order.descending else "asc"
    if order.field is HouseholdOrderField.NAME and not figure_conditions:
        where = " and ".join(("h.tenant_id = :tenant", *plain))
        sorting = f"h.name_normalised {direction}, h.id {direction}"
        sql = f"select h.id from households h where {where} order by {sorting}"
    else:
        shape = Shape(view.is_stored, portal, plain, figure_conditions, everything=not plain)
        where = f"where {' and '.join(figure_conditions)}" if figure_conditions else ""
        column = SORT_COLUMNS[order.field]
        sql = (
            chain(shape)
            + f" select f.id from figures f {where} order by {column} {direction}, f.id {direction}"
        )
    given = {"tenant": reader.tenant_id, **view.parameters(), **values, "row_limit": limit}
    return [row.id for row in await reader.rows(prepared(f"{sql} limit :row_limit"), given)]


async def open_account_ids_of(
    reader: Reader, view: BookView, household_ids: Sequence[UUID], limit: int
) -> list[UUID]:
    """The open accounts of the households on the day, once each; at most ``limit``."""
    given = parameters(reader, view, household_ids=list(household_ids), row_limit=limit)
    return [row.id for row in await reader.rows(prepared(_ACCOUNTS), given)]
