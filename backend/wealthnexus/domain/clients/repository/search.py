"""Finding households, accounts, securities and people by the beginnings of their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from wealthnexus.domain.clients.names import words
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.kit import texts
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.text import message

KINDS: Final = ("HOUSEHOLD", "PARTY", "ACCOUNT", "SECURITY", "USER")
QUERY_CHARACTERS_MAX: Final = 200
QUERY_WORDS_MAX: Final = 6
FIRST_MAX: Final = 50
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


# Every word of the query must begin a word of the subject; `^@` can use the key (tenant, word, subject).
_WORD: Final = "select w.subject_id, w.kind from search_words w where w.tenant_id = :tenant and w.word ^@ "

_FOUND: Final = """
with found as ({words}),
ranked as (
  select f.subject_id, f.kind, s.label,
    row_number() over (partition by f.kind order by s.label, f.subject_id) as place
  from found f join subjects s on s.tenant_id = :tenant and s.id = f.subject_id
  where f.kind = any(:kinds)
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
    parameters = {f"word_{place}": word for place, word in enumerate(wanted, 1)}
    found = " intersect ".join(_WORD + f":{name}" for name in parameters)
    sql = _FOUND.format(words=found, user_subtitle=_USER_EMAIL)
    rows = await reader.rows(
        prepared(sql), {"tenant": reader.tenant_id, "kinds": asked, "row_limit": first, **parameters}
    )
    groups: dict[str, list[SearchHit]] = {}
    for kind, subject_id, label, subtitle in map(tuple, rows):
        groups.setdefault(kind, []).append(SearchHit(subject_id, kind, label, subtitle or None))
    return [SearchGroup(kind, hits) for kind, hits in groups.items()]
