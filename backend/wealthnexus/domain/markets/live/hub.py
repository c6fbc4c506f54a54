"""The watchers of one process: their subjects are valued once per flush and sent to whoever may see them.

Watchers who see the same (the whole firm; or one limited person) share one scope: its books are read once
per book version under their row security, and valued once per flush from one quote sequence. A watcher that
reads slowly gets the latest values, never a queue of old ones. Without watchers nothing runs.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from redis.exceptions import RedisError

from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.view import book_view
from wealthnexus.domain.markets import texts
from wealthnexus.domain.markets.live.base import Base, Subject, load_base, seen_subjects
from wealthnexus.domain.markets.live.quotes import QuoteBoard
from wealthnexus.domain.markets.rules.live import AccountValue, HoldingValue, total_of, value_account
from wealthnexus.kit import clock, telemetry
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import LimitExceeded
from wealthnexus.kit.streams import Source, wakeups_of

FLUSH_SECONDS: Final = 0.25
RECHECK_SECONDS: Final = 2.0
REGISTER_SECONDS: Final = 3.0
RECONNECT_SECONDS: Final = 1.0
SUBJECTS_MAX: Final = 100
HOLDINGS_MAX: Final = 20_000
"""Of one subscriber: more positions could not be valued four times a second."""

log = telemetry.logger("live")


@dataclass(frozen=True, slots=True)
class SubjectValue:
    """A subject at the quotes; ``book_value`` at the closes. An account in its own currency, with the
    positions that moved since the event before; everything else in the firm's currency, with what is owed
    (``liabilities`` None: an account, or no balance is known)."""

    subject: Subject
    currency: str
    value: Decimal | None
    book_value: Decimal | None
    liabilities: Decimal | None
    positions: tuple[HoldingValue, ...]

    @property
    def change(self) -> Decimal | None:
        """Since the closes."""
        if self.value is None or self.book_value is None:
            return None
        return self.value - self.book_value

    @property
    def net_worth(self) -> Decimal | None:
        if self.value is None or self.liabilities is None:
            return None
        return self.value - self.liabilities


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """``resync``: the number to resume after is not kept any more, everything is new. ``gone``: subjects
    the watcher may no longer see. ``source`` None: no quote has come of what is watched, values are the
    books' own."""

    seq: int
    resync: bool
    book_version: int
    at: datetime
    source: str | None
    is_simulation: bool
    values: tuple[SubjectValue, ...]
    gone: tuple[Subject, ...]


@dataclass(slots=True, eq=False)
class Watch:
    """One subscriber: its subjects, and what it has not taken yet."""

    subjects: tuple[Subject, ...]
    pending: dict[Subject, SubjectValue] = field(default_factory=dict)
    gone: dict[Subject, None] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    is_started: bool = False


def _differs(subject: Subject, before: Base | None, base: Base) -> bool:
    """Whether the books behind the subject have changed, and not only those of somebody beside it."""
    if before is None or before.subjects.get(subject) != base.subjects[subject]:
        return True
    if before.debts.get(subject) != base.debts.get(subject):
        return True
    return any(before.accounts.get(key) != base.accounts.get(key) for key in base.subjects[subject])


class _Scope:
    """Everybody who sees the same: one base, valued once."""

    def __init__(self, room: _Room, binding: Binding) -> None:
        self.room = room
        self.binding = binding
        self.watches: set[Watch] = set()
        self.base: Base | None = None
        self.values: dict[UUID, AccountValue] = {}
        self.closing: dict[UUID, AccountValue] = {}
        self._by_security: dict[UUID, list[UUID]] = {}
        self._subjects_of: dict[UUID, list[Subject]] = {}
        self._loading = asyncio.Lock()

    def wanted(self) -> tuple[Subject, ...]:
        return tuple(dict.fromkeys(each for watch in self.watches for each in watch.subjects))

    async def refresh(self, *, force: bool = False) -> None:
        """Read the books anew when they, the day, or what the watchers may see have changed."""
        async with self._loading:
            wanted = self.wanted()
            async with self.room.source.db.reading(self.binding) as reader:
                view = await book_view(reader, self.room.firm)
                base = self.base
                if base is not None and not force and base.book_version == view.book_version:
                    seen = await seen_subjects(reader, view, wanted)
                    if seen == base.subjects and self.room.as_of == view.as_of:
                        return
                loaded = await load_base(reader, view, wanted)
            self.room.as_of = view.as_of
            await self.room.look_up(loaded.securities())
            self._take(loaded)

    def _take(self, base: Base) -> None:
        before, self.base = self.base, base
        self.closing = {key: value_account(account, {}) for key, account in base.accounts.items()}
        self.values = {
            key: value_account(account, self.room.quotes) for key, account in base.accounts.items()
        }
        self._by_security = {}
        self._subjects_of = {}
        for key, account in base.accounts.items():
            for security in {each.security_id for each in account.holdings}:
                self._by_security.setdefault(security, []).append(key)
        for subject, accounts in base.subjects.items():
            for key in accounts:
                self._subjects_of.setdefault(key, []).append(subject)
        for watch in self.watches:
            for subject in watch.subjects:
                if subject not in base.subjects:
                    watch.pending.pop(subject, None)
                    watch.gone[subject] = None
                    watch.news.set()
                elif not watch.is_started or _differs(subject, before, base):
                    watch.pending[subject] = self.value_of(subject, None)
                    watch.gone.pop(subject, None)
                    watch.news.set()
            watch.is_started = True

    def holding_count(self, watch: Watch) -> int:
        """The positions behind a watcher's subjects, each account counted once."""
        base = self.base
        if base is None:
            return 0
        keys = {key for subject in watch.subjects for key in base.subjects.get(subject, ())}
        return sum(len(base.accounts[key].holdings) for key in keys)

    def is_quoted(self, watch: Watch) -> bool:
        """Whether a quote has come for anything behind a watcher's subjects: nothing else can grow stale."""
        base = self.base
        if base is None:
            return False
        keys = {key for subject in watch.subjects for key in base.subjects.get(subject, ())}
        return any(
            each.security_id in self.room.quotes for key in keys for each in base.accounts[key].holdings
        )

    def move(self, changed: Mapping[UUID, Decimal]) -> None:
        """Value the accounts that hold what moved, once, and tell the watchers of their subjects."""
        base = self.base
        if base is None:
            return
        touched = {key for security in changed for key in self._by_security.get(security, ())}
        if not touched:
            return
        before = {key: self.values[key] for key in touched}
        for key in touched:
            self.values[key] = value_account(base.accounts[key], self.room.quotes)
        subjects = {subject for key in touched for subject in self._subjects_of.get(key, ())}
        for watch in self.watches:
            for subject in watch.subjects:
                if subject in subjects:
                    watch.pending[subject] = self.value_of(subject, before, watch.pending.get(subject))
                    watch.news.set()

    def value_of(
        self,
        subject: Subject,
        before: Mapping[UUID, AccountValue] | None,
        waiting: SubjectValue | None = None,
    ) -> SubjectValue:
        """The subject now. ``before``: only positions that moved since; None: all of them."""
        if self.base is None:
            raise RuntimeError("a scope is valued before its books are read")
        accounts = self.base.subjects[subject]
        if subject.kind != "account":
            return SubjectValue(
                subject,
                self.base.firm_currency,
                total_of(self.values[key] for key in accounts),
                total_of(self.closing[key] for key in accounts),
                self.base.debts.get(subject),
                (),
            )
        value = self.values[subject.id]
        moved = value.holdings
        if before is not None:
            old = dict(zip((each.id for each in value.holdings), before[subject.id].holdings, strict=True))
            kept = {each.id for each in waiting.positions} if waiting is not None else set()
            moved = tuple(each for each in value.holdings if each != old[each.id] or each.id in kept)
        closing = self.closing[subject.id].value
        return SubjectValue(subject, value.currency, value.value, closing, None, moved)


class _Room:
    """One watched firm."""

    def __init__(self, source: Source, firm: FirmInfo) -> None:
        self.source = source
        self.firm = firm
        self.board = QuoteBoard(source.redis_blocking, firm.id)
        self.quotes: dict[UUID, Decimal] = {}
        self.seq = 0
        self.at = clock.now()
        self.quote_source: str | None = None
        self.is_simulation = False
        self.as_of = firm.business_date()
        self.scopes: dict[tuple[str, UUID | None], _Scope] = {}
        self.task: asyncio.Task[None] | None = None

    def scope_of(self, binding: Binding) -> _Scope:
        sees_all = binding.role == "app" and binding.scope == "firm"
        key = (binding.role, None if sees_all else binding.principal_id)
        scope = self.scopes.get(key)
        if scope is None:
            scope = self.scopes[key] = _Scope(self, binding)
        return scope

    async def look_up(self, securities: Iterable[UUID]) -> None:
        """The last quotes of securities that are watched from now on."""
        missing = [key for key in securities if key not in self.quotes]
        with contextlib.suppress(RedisError, OSError):
            if not self.seq:
                self.seq = await self.board.head()
            self.quotes.update(await self.board.latest(missing))
            await self.board.register(self._securities() | set(missing))

    def _securities(self) -> set[UUID]:
        return {key for scope in self.scopes.values() if scope.base for key in scope.base.securities()}

    async def run(self) -> None:
        """Until nobody watches."""
        loop = asyncio.get_running_loop()
        registered = rechecked = loop.time()
        with wakeups_of(self.source).watch(self.firm.id) as woken:
            while any(scope.watches for scope in self.scopes.values()):
                started = loop.time()
                try:
                    await self._flush()
                    if woken.is_set() or started - rechecked >= RECHECK_SECONDS:
                        woken.clear()
                        rechecked = started
                        for scope in [each for each in self.scopes.values() if each.watches]:
                            await scope.refresh()
                    if started - registered >= REGISTER_SECONDS:
                        registered = started
                        await self.board.register(self._securities())
                except Exception as error:
                    log.warning("live values wait", firm=self.firm.slug, reason=str(error)[:200])
                    await asyncio.sleep(RECONNECT_SECONDS)
                for key in [key for key, scope in self.scopes.items() if not scope.watches]:
                    del self.scopes[key]
                await asyncio.sleep(max(FLUSH_SECONDS - (loop.time() - started), 0.01))

    async def _flush(self) -> None:
        ticks = await self.board.ticks_after(self.seq)
        if not ticks:
            return
        changed: dict[UUID, Decimal] = {}
        for tick in ticks:
            changed.update(tick.quotes)
        last = ticks[-1]
        self.seq, self.at = last.seq, last.at
        self.quote_source, self.is_simulation = last.source, last.is_simulation
        self.quotes.update(changed)
        for scope in self.scopes.values():
            scope.move(changed)


_rooms: dict[tuple[int, UUID], _Room] = {}


def _room_of(source: Source, firm: FirmInfo) -> _Room:
    key = (id(source), firm.id)
    room = _rooms.get(key)
    if room is None or room.source is not source:
        room = _rooms[key] = _Room(source, firm)
    room.firm = firm
    return room


def watched_firms(source: Source) -> int:
    """Firms of which somebody in this process watches something."""
    return sum(room.source is source for room in _rooms.values())


async def watch_values(
    source: Source,
    firm: FirmInfo,
    binding: Binding,
    subjects: Sequence[Subject],
    *,
    after_seq: int | None = None,
) -> AsyncIterator[LiveEvent]:
    """First every subject as it is, then what changed, at most four times a second, for ever.

    Ends when none of the subjects may be seen any more. LookupError names (as its argument) the subjects
    that may not be seen at the start; LimitExceeded beyond 20,000 positions. Close the iterator to stop
    watching.
    """
    room = _room_of(source, firm)
    scope = room.scope_of(binding)
    watch = Watch(tuple(dict.fromkeys(subjects)))
    scope.watches.add(watch)
    telemetry.SUBSCRIBERS.inc()
    try:
        await scope.refresh(force=True)
        if watch.gone:
            raise LookupError(tuple(watch.gone))
        count = scope.holding_count(watch)
        if count > HOLDINGS_MAX:
            said = texts.TOO_MANY_HOLDINGS(count=count, limit=HOLDINGS_MAX)
            raise LimitExceeded(said, path=("subjectIds",))
        resync = after_seq is not None and not await _is_kept(room, after_seq)
        if room.task is None or room.task.done():
            room.task = asyncio.create_task(room.run(), name="wealthnexus-live")
        while True:
            await watch.news.wait()
            watch.news.clear()
            values, gone = tuple(watch.pending.values()), tuple(watch.gone)
            watch.pending.clear()
            watch.gone.clear()
            if gone:
                watch.subjects = tuple(each for each in watch.subjects if each not in gone)
            if scope.base is None:
                continue
            is_quoted = scope.is_quoted(watch)
            yield LiveEvent(
                seq=room.seq,
                resync=resync,
                book_version=scope.base.book_version,
                at=room.at,
                source=room.quote_source if is_quoted else None,
                is_simulation=is_quoted and room.is_simulation,
                values=values,
                gone=gone,
            )
            resync = False
            if not watch.subjects:
                return
    finally:
        telemetry.SUBSCRIBERS.dec()
        scope.watches.discard(watch)
        if not any(each.watches for each in room.scopes.values()):
            _rooms.pop((id(source), firm.id), None)


async def _is_kept(room: _Room, seq: int) -> bool:
    try:
        return await room.board.holds(seq)
    except (RedisError, OSError):
        return False
