"""The daily look at corporate actions: what is due is posted by the firm's rule or becomes work, what the
ledger contradicts becomes a finding, and so do splits that prices alone speak of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from typing import Final, Protocol

import structlog
from sqlalchemy.exc import DBAPIError

from wealthnexus.domain import work
from wealthnexus.domain.actions import texts
from wealthnexus.domain.actions.preview import Terms
from wealthnexus.domain.actions.repository import (
    ActionFilter,
    ActionRow,
    ActionState,
    action_counts,
    actions_page,
    has_others_of_its_day,
    holdings_of,
    is_taken_back,
)
from wealthnexus.domain.actions.service import post_action
from wealthnexus.domain.ledger.lots import suspected_splits
from wealthnexus.domain.ledger.service.lot_upkeep import look_at_lots
from wealthnexus.domain.ledger.view import BookView, FirmBooks, book_view
from wealthnexus.domain.markets.repository import securities_by_ids
from wealthnexus.domain.markets.repository.judged import held_securities, priced_securities, rates_of
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, LimitExceeded, ValidationFailed
from wealthnexus.kit.paging import page_request

POSTED_BY_RULE: Final = "post_corporate_actions"
"""The feature of a firm whose custodians send no entries for corporate actions."""
WORK_KIND: Final = "actions.due"
CATEGORY: Final = "data_quality"
CONTRADICTED: Final = "ACTION_CONTRADICTED"
SUSPECTED: Final = "SUSPECTED_SPLIT"
LOOKED_AT_MAX: Final = 1_000
CHUNK: Final = 500
_PAGE: Final = 200
_ITEM_KEY: Final = "due"
_EXPLAINED_DAYS: Final = timedelta(days=5)
# What a custodian pays in cash is the custodian's to book.
_MOVING: Final = ("SPLIT", "STOCK_DIVIDEND", "SPIN_OFF", "MERGER", "SYMBOL_CHANGE", "IDENTIFIER_CHANGE")
work.register_item_kind(WORK_KIND, texts.GROUP, is_closed_by_hand=False)


_log = structlog.get_logger(__name__)
UnitsOfWork = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


class Firm(FirmBooks, Protocol):
    """What the look needs to know of the firm."""

    @property
    def features(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class PostedByRule:
    """``left_count``: what was taken back, which is left to people; ``failed_count``: tried in vain."""

    posted_count: int = 0
    left_count: int = 0
    failed_count: int = 0


@dataclass(frozen=True, slots=True)
class Looked:
    posted_count: int
    due_count: int
    contradicted_count: int
    suspected_count: int


async def post_by_rule(units: UnitsOfWork, firm: Firm) -> PostedByRule:
    """What is due where the firm's rule says so, each action in a unit of work of its own: the books are
    locked for one at a time, and one that fails takes no other with it."""
    if POSTED_BY_RULE not in firm.features:
        return PostedByRule()
    async with units() as uow:
        due = await _in_state(uow, await book_view(uow, firm), ActionState.DUE)
    counts = Counter[_Outcome]()
    for action in due:
        try:
            async with units() as uow:
                counts[await _by_rule(uow, firm, action)] += 1
        except (LimitExceeded, DBAPIError) as error:
            _log.warning("actions.rule_failed", action_id=str(action.id), error=str(error)[:500])
            counts[_Outcome.FAILED] += 1
    return PostedByRule(counts[_Outcome.POSTED], counts[_Outcome.TAKEN_BACK], counts[_Outcome.FAILED])


async def look_at_actions(uow: UnitOfWork, firm: Firm, by_rule: PostedByRule = PostedByRule()) -> Looked:
    """What is due becomes work, what contradicts it and what prices suspect findings; nothing is locked."""
    view = await book_view(uow, firm)
    counts = await action_counts(uow, view, ActionFilter(types=_MOVING))
    due = counts.by_state[ActionState.DUE]
    await _keep_item(uow, due, by_rule.left_count)
    await _post_contradicted(uow, view, await _in_state(uow, view, ActionState.CONTRADICTED))
    contradicted = counts.by_state[ActionState.CONTRADICTED]
    return Looked(by_rule.posted_count, due, contradicted, await _post_suspected(uow, view))


async def _in_state(uow: UnitOfWork, view: BookView, state: ActionState) -> list[ActionRow]:
    """At most 1,000, the latest ex-dates first."""
    found: list[ActionRow] = []
    wanted = ActionFilter(states=(state,), types=_MOVING)
    after = None
    while len(found) < LOOKED_AT_MAX:
        page = await actions_page(uow, view, page_request(_PAGE, after), wanted)
        found += page.rows
        if not page.has_next:
            break
        after = page.cursors[-1]
    return found


class _Outcome(Enum):
    POSTED = 1
    NOT_POSTED = 2
    TAKEN_BACK = 3
    FAILED = 4


async def _by_rule(uow: UnitOfWork, firm: Firm, action: ActionRow) -> _Outcome:
    """Posts it where its terms say everything; a fraction nobody has ruled on, and two actions of one day,
    are left to a person."""
    view = await book_view(uow, firm)
    if await is_taken_back(uow, view, action.id):
        return _Outcome.TAKEN_BACK
    if action.fractions is None and await _leaves_fractions(uow, view, action):
        return _Outcome.NOT_POSTED
    if await has_others_of_its_day(uow, view, action.id):
        return _Outcome.NOT_POSTED
    try:
        await post_action(uow, firm, action.id, Terms(), texts.BY_RULE(), by_rule=True)
    except (ValidationFailed, Conflict):
        return _Outcome.NOT_POSTED
    await look_at_lots(uow)
    return _Outcome.POSTED


async def _leaves_fractions(uow: UnitOfWork, view: BookView, action: ActionRow) -> bool:
    if not action.ratio_new or not action.ratio_old:
        return False
    holdings = await holdings_of(uow, view, action.id)
    return any((one.units * action.ratio_new / action.ratio_old) % 1 for one in holdings if one.is_missing)


async def _keep_item(uow: UnitOfWork, count: int, left: int) -> None:
    """The desk's one work item says how many are due, how many the rule leaves; it ends with the last."""
    if not count:
        await work.close_item_for(uow, WORK_KIND, _ITEM_KEY)
        return
    title = texts.DUE_TITLE_LEFT(count=count, left=left) if left else texts.DUE_TITLE(count=count)
    if await work.change_item_for(uow, WORK_KIND, _ITEM_KEY, title=title, severity="WARNING"):
        return
    await work.post_item(
        uow,
        kind=WORK_KIND,
        title=title,
        severity="WARNING",
        owner_role="OPERATIONS",
        action_label=texts.DUE_ACTION(),
        action_path="/corporate-actions?state=DUE",
        dedupe_key=_ITEM_KEY,
    )


async def _post_contradicted(uow: UnitOfWork, view: BookView, found: Sequence[ActionRow]) -> None:
    securities = await securities_by_ids(uow, [one.security_id for one in found]) if found else {}
    await work.keep_findings(
        uow,
        code=CONTRADICTED,
        category=CATEGORY,
        found=[
            work.Found(
                f"{one.source}:{one.external_id}",
                "WARNING",
                (texts.CONTRADICTED_HERE if one.is_posted_here else texts.CONTRADICTED)(
                    name=securities[one.security_id].name,
                    type=one.type,
                    day=one.ex_date,
                    count=one.contradicted_count,
                ),
                one.security_id,
                {"day": one.ex_date.isoformat()},
                fix=work.Fix(texts.SEE_DESK(), f"/corporate-actions?action={one.id}"),
            )
            for one in found
            if one.security_id in securities
        ],
    )
    keys = {f"{one.source}:{one.external_id}" for one in found}
    await work.close_findings(
        uow,
        codes=(CONTRADICTED,),
        category=CATEGORY,
        is_gone=lambda _code, key: key not in keys,
        reason=texts.NO_LONGER(day=view.as_of),
    )


async def _post_suspected(uow: UnitOfWork, view: BookView) -> int:
    """Jumps of the last weeks that are close to a usual ratio and that nothing explains."""
    held = await held_securities(uow, view)
    rates = await rates_of(uow, view)
    found: list[work.Found] = []
    for start in range(0, len(held), CHUNK):
        for row, priced in await priced_securities(uow, view, held[start : start + CHUNK], rates):
            closes = [(close.day, close.close) for close in priced.closes]
            explained = [one.ex_date for one in priced.adjustments]
            for one in suspected_splits(priced.key, closes, ()):
                if any(abs(one.day - day) <= _EXPLAINED_DAYS for day in explained):
                    continue
                found.append(
                    work.Found(
                        f"{row.id}:{one.day}",
                        "WARNING",
                        texts.SUSPECTED_SPLIT(
                            name=row.name,
                            close=_shown(one.close),
                            day=one.day,
                            before=_shown(one.close_before),
                            ratio_new=one.ratio_new,
                            ratio_old=one.ratio_old,
                        ),
                        row.id,
                        {"day": one.day.isoformat(), "close": _shown(one.close)},
                        (work.Evidence(texts.CLOSE_OF(day=one.day), _shown(one.close)),),
                        work.Fix(texts.SEE_PRICES(), f"/prices?security={row.id}"),
                    )
                )
    await work.keep_findings(uow, code=SUSPECTED, category=CATEGORY, found=found)
    keys = {one.dedupe_key for one in found}
    await work.close_findings(
        uow,
        codes=(SUSPECTED,),
        category=CATEGORY,
        is_gone=lambda _code, key: key not in keys,
        reason=texts.NO_LONGER(day=view.as_of),
    )
    return len(found)


def _shown(value: Decimal) -> str:
    return format(value.normalize(), "f")
