"""What happens, counted for Prometheus; how long the queues are is asked of the store when somebody looks."""

from collections.abc import Callable
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import TelegramError

from bot.migrate import HEAD
from bot.watch import KINDS, Watch
from models.base import Database
from models.heartbeat import Heartbeat
from models.inbox import InboxRow, InboxState
from models.outbox import Letter, LetterState

QUICK = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)  # seconds
OTHER = "other"  # a kind of update that we never asked for: its name is not ours, and might be anything


class Metrics(Watch):
    """One process' figures. Queues belong to the store, and are the same whichever process is asked."""

    def __init__(self) -> None:
        here = self.registry = CollectorRegistry()
        self._received = Counter("reko_updates_received", "Updates stored", ["kind"], registry=here)
        self._answered = Histogram(
            "reko_update_seconds",
            "From an update's arrival to its answer",
            ["kind"],
            buckets=QUICK,
            registry=here,
        )
        self._set_aside = Counter("reko_updates_set_aside", "Updates that failed three times", ["kind"], registry=here)
        self._refused = Counter("reko_refusals", "Refusals that were spoken", ["type"], registry=here)
        self._votes = Counter("reko_votes_cast", "Taps stored in open votes", registry=here)
        self._letters = Counter("reko_letters", "Attempts at a letter, by how they ended", ["state"], registry=here)
        self._errors = Counter("reko_telegram_errors", "Calls of the Bot API that failed", ["kind"], registry=here)
        self._ticks = Histogram("reko_tick_seconds", "How long a tick took to plan", buckets=QUICK, registry=here)
        self._calls = Counter("reko_webhook_calls", "Calls of the webhook, by status", ["status"], registry=here)
        self._queues = Queues(self.registry)
        Gauge("reko_info", "The revision of the store this program knows", ["revision"], registry=here).labels(
            HEAD
        ).set(1)
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=here)

    def received(self, kind: str) -> None:
        """An update is in the store."""
        self._received.labels(_known(kind)).inc()

    def answered(self, kind: str, seconds: float) -> None:
        """An update was answered."""
        self._answered.labels(_known(kind)).observe(max(0.0, seconds))

    def set_aside(self, kind: str) -> None:
        """An update failed three times."""
        self._set_aside.labels(_known(kind)).inc()

    def refused(self, kind: str) -> None:
        """Somebody heard a refusal."""
        self._refused.labels(kind).inc()

    def vote_cast(self) -> None:
        """A tap in an open vote is stored."""
        self._votes.inc()

    def letter(self, state: str) -> None:
        """A letter's attempt has ended."""
        self._letters.labels(state).inc()

    def telegram_error(self, error: TelegramError) -> None:
        """A call of ours failed."""
        self._errors.labels(type(error).__name__).inc()

    def ticked(self, seconds: float) -> None:
        """A tick was planned."""
        self._ticks.observe(seconds)

    def called(self, status: int) -> None:
        """A call of the webhook was answered."""
        self._calls.labels(str(status)).inc()

    async def page(self, database: Database, clock: Callable[[], datetime]) -> bytes:
        """Everything in Prometheus' own words."""
        await self._queues.look(database, clock())
        return generate_latest(self.registry)


class Queues:
    """The inbox, the outbox and the sign of life."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._store = Gauge("reko_store_up", "Whether the store could be asked", registry=registry)
        self._waiting = Gauge("reko_inbox_waiting", "Updates not answered yet", registry=registry)
        self._oldest = Gauge("reko_inbox_oldest_seconds", "How long the oldest has waited", registry=registry)
        self._letters = Gauge("reko_outbox_letters", "Letters not settled", ["state"], registry=registry)
        self._overdue = Gauge("reko_outbox_oldest_seconds", "How long the oldest due one waits", registry=registry)
        self._beat = Gauge("reko_heartbeat_age_seconds", "Since any process' last sign of life", registry=registry)

    async def look(self, database: Database, now: datetime) -> None:
        """Ask the store."""
        try:
            async with database.read() as session:
                await self._inbox(session, now)
                await self._outbox(session, now)
                beat = await session.scalar(select(Heartbeat.at))
        except (SQLAlchemyError, OSError):
            self._store.set(0)
            return
        self._beat.set(_age(beat, now))
        self._store.set(1)

    async def _inbox(self, session: AsyncSession, now: datetime) -> None:
        unworked = InboxRow.state.in_([InboxState.PENDING, InboxState.ACTED])
        count, oldest = (
            await session.execute(select(func.count(), func.min(InboxRow.received_at)).where(unworked))
        ).one()
        self._waiting.set(count)
        self._oldest.set(_age(oldest, now))

    async def _outbox(self, session: AsyncSession, now: datetime) -> None:
        shown = (LetterState.WAITING, LetterState.CLAIMED, LetterState.UNCERTAIN)
        rows = await session.execute(
            select(Letter.state, func.count()).where(Letter.state.in_(shown)).group_by(Letter.state)
        )
        found: dict[str, int] = dict(rows.all())
        for state in shown:
            self._letters.labels(state.value).set(found.get(state, 0))
        due = (Letter.state == LetterState.WAITING, ~Letter.held, Letter.not_before <= now)
        self._overdue.set(_age(await session.scalar(select(func.min(Letter.not_before)).where(*due)), now))


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _known(kind: str) -> str:
    return kind if kind in KINDS else OTHER
