"""The daily look at the prices of what is held: faults become findings, mended ones are closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import ARRAY, Row, Text, Uuid, any_, literal, select

from wealthnexus.domain import work
from wealthnexus.domain.ledger.rules import freshness
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.domain.markets import texts
from wealthnexus.domain.markets.repository.judged import (
    LOOKED_BACK_DAYS,
    held_securities,
    priced_securities,
    rates_of,
)
from wealthnexus.domain.markets.rules.prices import (
    FaultCode,
    PricedSecurity,
    PriceFault,
    faults_of,
)
from wealthnexus.domain.work.models import findings
from wealthnexus.kit.db.session import UnitOfWork

CATEGORY: Final = "data_quality"
CHUNK: Final = 500
FINDINGS_PER_CODE_MAX: Final = 500
WORK_KIND: Final = "markets.prices"
_ITEM_KEY: Final = "prices"
CODES: Final[tuple[FaultCode, ...]] = (
    "MISSING_PRICE",
    "ZERO_PRICE",
    "PRICE_JUMP",
    "WRONG_CURRENCY",
    "SOURCE_CONFLICT",
    "PRICE_GAP",
    "STALE_PRICE",
)
_OF_LATEST: Final[frozenset[str]] = frozenset({"MISSING_PRICE", "STALE_PRICE"})
_SEVERITIES: Final[dict[FaultCode, Literal["INFO", "WARNING"]]] = {
    "PRICE_GAP": "INFO",
    "STALE_PRICE": "INFO",
}
work.register_item_kind(WORK_KIND, texts.DESK_GROUP, is_closed_by_hand=False)


@dataclass(frozen=True, slots=True)
class Judged:
    """How many securities were looked at, what was found (with what was open before), what was mended."""

    security_count: int
    fault_count: int
    closed_count: int


async def judge_prices(uow: UnitOfWork, view: BookView) -> Judged:
    """Look at the last weeks' prices of everything held on the view's day.

    Each fault is one finding as long as it is open, also when an import found it first; at most 500 of a
    kind are posted. What somebody dismissed stays so as long as it is about the same price. Open ones are
    closed when the prices no longer show them. One work item for the price desk says how many there are.
    """
    held = await held_securities(uow, view)
    rates = await rates_of(uow, view)
    counts: dict[FaultCode, int] = dict.fromkeys(CODES, 0)
    seen: set[tuple[str, str]] = set()
    for start in range(0, len(held), CHUNK):
        found = [
            (row, security, fault)
            for row, security in await priced_securities(uow, view, held[start : start + CHUNK], rates)
            for fault in faults_of(security, view.as_of, _stale_before(row, view))
        ]
        seen.update((fault.code, fault.key) for _, _, fault in found)
        dismissed = await _dismissed(uow, [(row.id, fault.key) for row, _, fault in found])
        for row, security, fault in found:
            if _is_dismissed(fault, dismissed):
                continue
            counts[fault.code] += 1
            if counts[fault.code] <= FINDINGS_PER_CODE_MAX:
                await _post(uow, row, security, fault)
    looked_at = {str(security_id) for security_id, _ in held}
    first = view.as_of - timedelta(days=LOOKED_BACK_DAYS)

    def is_gone(code: str, key: str) -> bool:
        """What was not looked at (older, or no longer held) stays as it was found; the latest price is
        always looked at, however old."""
        security, _, day = key.partition(":")
        was_seen_now = code in _OF_LATEST or not day or date.fromisoformat(day) > first
        return security in looked_at and was_seen_now and (code, key) not in seen

    closed = await work.close_findings(
        uow, codes=CODES, category=CATEGORY, is_gone=is_gone, reason=texts.NO_LONGER(day=view.as_of)
    )
    total = sum(counts.values())
    await _keep_item(uow, total, "WARNING" if any(counts[code] for code in CODES[:4]) else "INFO")
    return Judged(len(held), total, closed)


async def _keep_item(uow: UnitOfWork, count: int, severity: Literal["INFO", "WARNING"]) -> None:
    """The desk's one work item says how many prices are doubtful now, and ends with the last of them."""
    if not count:
        await work.close_item_for(uow, WORK_KIND, _ITEM_KEY)
        return
    title = texts.DESK_TITLE(count=count)
    if await work.change_item_for(uow, WORK_KIND, _ITEM_KEY, title=title, severity=severity):
        return
    await work.post_item(
        uow,
        kind=WORK_KIND,
        title=title,
        severity=severity,
        owner_role="OPERATIONS",
        action_label=texts.DESK_ACTION(),
        action_path="/prices",
        dedupe_key=_ITEM_KEY,
    )


async def _dismissed(
    uow: UnitOfWork, faulty: Sequence[tuple[UUID, str]]
) -> dict[tuple[str, str], str | None]:
    """What people have looked at and let stand of ``faulty`` (security, key): the close it was about, by code
    and key."""
    if not faulty:
        return {}
    f = findings.c
    rows = await uow.rows(
        select(f.code, f.dedupe_key, f.params["close"].astext.label("close"))
        .where(
            f.tenant_id == uow.tenant_id,
            f.state == "DISMISSED",
            f.category == CATEGORY,
            f.code.in_(CODES),
            f.subject_id == any_(literal(list({security for security, _ in faulty}), ARRAY(Uuid()))),
            f.dedupe_key == any_(literal([key for _, key in faulty], ARRAY(Text()))),
        )
        .order_by(f.resolved_at, f.id)
    )
    return {(row.code, row.dedupe_key): row.close for row in rows}


def _is_dismissed(fault: PriceFault, dismissed: dict[tuple[str, str], str | None]) -> bool:
    if (fault.code, fault.key) not in dismissed:
        return False
    close = dismissed[fault.code, fault.key]
    return close is None or fault.close is None or close == _shown(fault.close)


def _stale_before(row: Row[Any], view: BookView) -> date:
    return freshness(view.as_of).since(row.security_type, row.exchange)


async def _post(uow: UnitOfWork, row: Row[Any], security: PricedSecurity, fault: PriceFault) -> UUID:
    evidence = []
    if fault.before is not None:
        evidence.append(work.Evidence(texts.CLOSE_OF(day=fault.before.day), _shown(fault.before.close)))
    if fault.close is not None:
        evidence.append(work.Evidence(texts.CLOSE_OF(day=fault.day), _shown(fault.close)))
    return await work.post_finding(
        uow,
        code=fault.code,
        severity=_SEVERITIES.get(fault.code, "WARNING"),
        category=CATEGORY,
        message=_said(row, security, fault),
        subject_id=row.id,
        params={"day": fault.day.isoformat()}
        | ({} if fault.close is None else {"close": _shown(fault.close)}),
        evidence=tuple(evidence),
        fix=work.Fix(texts.FIX(), f"/prices?security={row.id}"),
        dedupe_key=fault.key,
    )


def _shown(value: Any) -> str:
    return format(value.normalize(), "f")


def _said(row: Row[Any], security: PricedSecurity, fault: PriceFault) -> str:
    name, day = row.name, fault.day
    close = "" if fault.close is None else _shown(fault.close)
    match fault.code:
        case "MISSING_PRICE":
            return texts.MISSING_PRICE(name=name, day=day)
        case "ZERO_PRICE":
            return texts.ZERO_PRICE(name=name, day=day)
        case "STALE_PRICE":
            return texts.STALE_PRICE(name=name, close=close, day=day)
        case "PRICE_GAP":
            last = fault.last or day
            return texts.PRICE_GAP(
                name=name, count=fault.count, exchange=security.exchange or "", first=day, last=last
            )
    if fault.before is None or fault.change is None:
        raise ValueError(f"a {fault.code} of {name} without what came before it")
    before, before_day = _shown(fault.before.close), fault.before.day
    if fault.code == "WRONG_CURRENCY":
        return texts.WRONG_CURRENCY(
            name=name, close=close, day=day, before=before, before_day=before_day,
            currency=security.currency, unit=fault.unit or "",
        )  # fmt: skip
    if fault.code == "SOURCE_CONFLICT":
        counts = next(close.source for close in security.closes if close.day == day)
        return texts.SOURCE_CONFLICT(
            name=name, close=close, day=day, source=counts, other_close=before, other=fault.before.source,
            change=f"{round(fault.change * 100, 1):+f}",
        )  # fmt: skip
    change = f"{round(fault.change * 100, 1):+f}"
    return texts.PRICE_JUMP(
        name=name, close=close, day=day, change=change, before=before, before_day=before_day
    )
