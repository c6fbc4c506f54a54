"""The summaries of the Book: which days have them, and which households they are not to be believed of.

A summary is made under a book version. What was written since is found by its version, so that nothing that
writes has to tell: the households it touched are read live beside the others. Where the change is of a kind
that touches everything, or too many households are touched, there are no summaries until they are made anew.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.clients.repository.attention import OPEN_ITEMS
from wealthnexus.domain.clients.repository.force import in_force_sql
from wealthnexus.domain.ledger.statements import prepared, used
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader

BEHIND_MAX: Final = 500
"""Households a list reads live beside the summaries of the others."""
BELOW_ALL: Final = "-1e30"
"""Where a household without a value stands."""
NARROW_VERSIONS: Final = (
    "transaction",
    "correction",
    "clients",
    "price",
    "benchmark",
    "policy",
    "identical",
)
"""Kinds of book versions that touch what can be named; any other touches everything."""


@dataclass(frozen=True, slots=True)
class Summaries:
    """The summaries of a view's day. ``behind``: households that changed since they were made, and those
    that share an account with one of them.

    ``is_current``: nothing at all was written since.
    """

    book_version: int
    behind: tuple[UUID, ...]
    is_current: bool
    totals: dict[str, Any]


_NARROW: Final = ", ".join(f"'{kind}'" for kind in NARROW_VERSIONS)
_LATER: Final = "{row}.{column} > d.made and {row}.{column} <= :version"
_STATE: Final = f"""
with d as (
  select s.book_version as made, s.totals from summarised_days s
  where s.tenant_id = :tenant and s.day = :as_of and s.book_version <= :version
),
moved as (
  select t.account_id from d
  join transactions t on t.tenant_id = :tenant and t.trade_date <= :as_of
    and {_LATER.format(row="t", column="book_version")}
  union
  select x.account_id from d
  join security_prices p on p.tenant_id = :tenant and p.reason is not null and p.day <= :as_of
    and {_LATER.format(row="p", column="book_version")}
  join account_securities x on x.tenant_id = :tenant and x.security_id = p.security_id
),
changed as (
  select ha.household_id from moved m
  join household_accounts ha on {in_force_sql("ha")} and ha.account_id = m.account_id
  union
  select ha.household_id from d
  join household_accounts ha on ha.tenant_id = :tenant
    and {_LATER.format(row="ha", column="book_version")}
  union
  select ha.household_id from d
  join household_accounts ha on ha.tenant_id = :tenant
    and {_LATER.format(row="ha", column="superseded_version")}
),
behind as (
  select household_id from changed
  union
  select b.household_id from changed c
  join household_accounts ha on {in_force_sql("ha")} and ha.household_id = c.household_id
  join household_accounts b on {in_force_sql("b")} and b.account_id = ha.account_id
)
select d.made, d.totals, d.made = :version or not exists (select 1 from moved) as is_current,
  exists (select 1 from book_versions b where b.tenant_id = :tenant and b.kind not in ({_NARROW})
    and b.version > d.made and b.version <= :version) as is_unknown,
  array(select household_id from behind limit {BEHIND_MAX + 1}) as behind
from d
"""


async def summaries_of(reader: Reader, view: BookView, *, everything: bool = False) -> Summaries | None:
    """The summaries that a list of the view may be cut by; None: it has to be computed.

    Summaries count every account of a household: they are for those who see the whole firm.
    ``everything``: also when more households are behind than a list reads live.
    """
    if not view.has_summaries or reader.binding.role != "app" or reader.binding.scope != "firm":
        return None
    values = {"tenant": reader.tenant_id, "as_of": view.as_of, "version": view.book_version}
    rows = await reader.rows(prepared(_STATE), values)
    if not rows or rows[0].is_unknown:
        return None
    made, totals, is_current, _, behind = tuple(rows[0])
    if len(behind) > BEHIND_MAX and not everything:
        return None
    return Summaries(made, tuple(behind), is_current and not behind, totals)


# -- lists ------------------------------------------------------------------------------------------------

_CURRENT: Final = "f.tenant_id = :tenant and f.day = :as_of and f.household_id <> all(:behind)"
_ON_INDEX: Final = {
    "f.value >= :min_value": "f.value_order >= :min_value",
    "f.value <= :max_value": "f.value <= :max_value and f.value_order <= :max_value",
    "f.open_items > 0": OPEN_ITEMS,
    "f.open_items = 0": f"not ({OPEN_ITEMS})",
}


@functools.lru_cache(maxsize=256)
def summarised(plain: tuple[str, ...], figures: tuple[str, ...], *, named: bool = False) -> str:
    """From and where of the households (``h``) and summaries (``f``) of a list, without those behind.

    ``named``: the households are needed though no condition asks for them.
    """
    figures = tuple(_ON_INDEX.get(each, each) for each in figures)
    needs_household = named or bool(plain) or any("h.id" in each for each in figures)
    joined = (
        " join households h on h.tenant_id = :tenant and h.id = f.household_id" if needs_household else ""
    )
    conditions = " and ".join((_CURRENT, *plain, *figures))
    return f" from household_summaries f{joined} where {conditions}"


async def first_of(
    reader: Reader,
    found: Summaries,
    values: dict[str, Any],
    source: str,
    *,
    after: str,
    sorting: str,
) -> list[UUID]:
    """Ids of the first households of a list in its order, and all that are behind: the page is among them."""
    sql = (
        f"select f.household_id{source}{f' and {after}' if after else ''} order by {sorting} limit :row_limit"
    )
    given = {**values, "behind": list(found.behind)}
    rows = await reader.rows(prepared(sql), used(sql, given))
    return [*(row[0] for row in map(tuple, rows)), *found.behind]
