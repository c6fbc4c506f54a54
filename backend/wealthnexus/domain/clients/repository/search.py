"""Finding households, people, accounts, securities and users by the beginnings of their words.

Words are folded (case, accents), in any order, among them the last four of an account number; a security is
found by any of its identifiers of any time as well. Everything is read under row security.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.clients.names import words
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.markets.rules.identifiers import equivalents, schemes_of, symbol_notations
from wealthnexus.kit import texts
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.text import message

KINDS: Final = ("HOUSEHOLD", "PARTY", "ACCOUNT", "SECURITY", "USER")
QUERY_CHARACTERS_MAX: Final = 200
QUERY_WORDS_MAX: Final = 6
FIRST_MAX: Final = 50
TAKEN_MAX: Final = 200
"""Of each kind so many are ranked by name: more of them nobody reads."""
SCANNED_MAX: Final = 2_000
"""Where every word of the query begins more words than this of a kind, the first of them are tried."""
COUNTED_MAX: Final = SCANNED_MAX + 1
LAST_CHARACTER: Final = "\U0010ffff"
_UNKNOWN_KIND: Final = message("clients.unknown_kind", "kind {kind}, expected {listed}", kind=str, listed=str)


@dataclass(frozen=True, slots=True)
class SearchHit:
    id: UUID
    kind: str
    title: str
    subtitle: str | None


@dataclass(frozen=True, slots=True)
class SearchGroup:
    kind: str
    hits: list[SearchHit]


# One word drives: the rarest of the query. Of each kind the first words by the key (tenant, kind, word) are
# taken, what was typed exactly before what begins so; every other word of the query must begin a word of the
# same subject. Ranges of words instead of ``^@``: a prepared plan keeps them on the index.
_DRIVEN: Final = """
  select k.kind, h.subject_id, h.is_exact
  from unnest(:kinds) k(kind)
  cross join lateral (
    select w.subject_id, w.word = :word_1 as is_exact
    from (
      select x.subject_id, x.word from search_words x
      where x.tenant_id = :tenant and x.kind = k.kind and x.word >= :word_1 and x.word < :end_1 {mine}
      order by x.word limit {scanned}
    ) w
    {others}
    limit {taken}
  ) h
"""
# A scalar subselect is asked row by row; an EXISTS would become a join over every row of a common word.
_OTHER: Final = """
      (select true from search_words o where o.tenant_id = :tenant and o.subject_id = w.subject_id
         and o.word >= :{word} and o.word < :{end} limit 1)
"""
# Row security asks "the whole firm, or one of these": of that no index can be made, of this one can.
_MINE: Final = """
      and x.subject_id = any(array(select s.subject_id from access_scope s
        where s.tenant_id = :tenant and s.principal_id = :id))
"""
_IDENTIFIED: Final = """
  union all
  select 'SECURITY', i.security_id, true from (
    select n.security_id from security_identifiers n
    where n.tenant_id = :tenant and n.scheme = any(:schemes) and n.value = any(:values)
      and n.superseded_version is null limit {taken}) i
"""

_FOUND: Final = """
with hits as materialized ({hits}),
ranked as (
  select h.kind, h.subject_id, s.label,
    row_number() over (partition by h.kind order by h.is_exact desc, s.label, h.subject_id) as place
  from (select kind, subject_id, bool_or(is_exact) as is_exact from hits group by kind, subject_id) h
  join subjects s on s.tenant_id = :tenant and s.id = h.subject_id
)
select r.kind, r.subject_id, r.label,
  case r.kind
    when 'ACCOUNT' then (select concat_ws(' · ', a.account_type, '…' || a.account_number_last4)
      from accounts a where a.tenant_id = :tenant and a.id = r.subject_id)
    when 'SECURITY' then (select concat_ws(' · ', c.symbol, c.security_type)
      from securities c where c.tenant_id = :tenant and c.id = r.subject_id)
    when 'USER' then {user_subtitle}
  end as subtitle
from ranked r where r.place <= :row_limit
order by array_position(:kinds, r.kind), r.place
"""
_USER_EMAIL: Final = "(select u.email from users u where u.tenant_id = :tenant and u.id = r.subject_id)"


async def search(
    reader: Reader, query: str, kinds: Sequence[str] | None = None, first: int = 8
) -> list[SearchGroup]:
    """Hits per kind, at most ``first`` (1 to 50) each, by name; kinds without a hit are left out.

    ValidationFailed for a query of more than 200 characters, an unknown kind or ``first`` out of range. A
    query without a letter or digit finds nothing.
    """
    if len(query) > QUERY_CHARACTERS_MAX:
        said = texts.TOO_LONG(name="the query", count=len(query), limit=QUERY_CHARACTERS_MAX)
        raise ValidationFailed(said, path=("query",))
    if not 1 <= first <= FIRST_MAX:
        raise ValidationFailed(
            texts.OUT_OF_RANGE(name="first", count=first, limit=FIRST_MAX), path=("first",)
        )
    asked = list(dict.fromkeys(kinds)) if kinds is not None else list(KINDS)
    unknown = [kind for kind in asked if kind not in KINDS]
    if unknown:
        said = _UNKNOWN_KIND(kind=repr(unknown[0]), listed=", ".join(KINDS))
        raise ValidationFailed(said, path=("kinds",))
    wanted = words(query)[:QUERY_WORDS_MAX]
    if not wanted or not asked:
        return []
    values: dict[str, Any] = {"tenant": reader.tenant_id, "kinds": asked}
    values |= _bounds(await _rarest_first(reader, wanted, values))
    others = " and ".join(
        _OTHER.format(word=f"word_{place}", end=f"end_{place}") for place in range(2, len(wanted) + 1)
    )
    is_limited = reader.binding.scope == "limited"
    if is_limited:
        values["id"] = reader.binding.principal_id
    hits = _DRIVEN.format(
        mine=_MINE if is_limited else "",
        others=f"where {others}" if others else "",
        scanned=SCANNED_MAX,
        taken=TAKEN_MAX,
    )
    if "SECURITY" in asked:
        hits += _IDENTIFIED.format(taken=TAKEN_MAX)
        values |= _identifiers(query)
    sql = _FOUND.format(hits=hits, user_subtitle=_USER_EMAIL)
    rows = await reader.rows(prepared(sql), {**values, "row_limit": first})
    groups: dict[str, list[SearchHit]] = {}
    for kind, subject_id, label, subtitle in map(tuple, rows):
        groups.setdefault(kind, []).append(SearchHit(subject_id, kind, label, subtitle or None))
    return [SearchGroup(kind, hits) for kind, hits in groups.items()]


def _bounds(wanted: Sequence[str]) -> dict[str, str]:
    """Each word, and the end of the words that begin with it."""
    found = {f"word_{place}": word for place, word in enumerate(wanted, 1)}
    return found | {f"end_{place}": word + LAST_CHARACTER for place, word in enumerate(wanted, 1)}


async def _rarest_first(reader: Reader, wanted: Sequence[str], values: dict[str, Any]) -> list[str]:
    """The words of the query, that with the fewest words beginning so first; counted up to a limit."""
    if len(wanted) == 1 or reader.binding.scope == "limited":
        return sorted(wanted, key=len, reverse=True)
    counts = ", ".join(
        "(select count(*) from (select 1 from search_words w where w.tenant_id = :tenant"
        f" and w.word >= :word_{place} and w.word < :end_{place} limit {COUNTED_MAX}) c)"
        for place in range(1, len(wanted) + 1)
    )
    rows = await reader.rows(prepared(f"select {counts}"), {"tenant": values["tenant"], **_bounds(wanted)})
    return [word for _, word in sorted(zip(tuple(rows[0]), wanted, strict=True))]


def _identifiers(query: str) -> dict[str, list[str]]:
    """What was typed as identifiers of securities, in every scheme and notation in which it holds."""
    pairs = [
        pair
        for scheme, value in schemes_of(query)
        for pair in (
            [(scheme, each) for each in symbol_notations(value)]
            if scheme == "SYMBOL"
            else equivalents(scheme, value)
        )
    ]
    return {"schemes": sorted({scheme for scheme, _ in pairs}), "values": [value for _, value in pairs]}
