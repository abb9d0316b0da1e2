"""What is counted while we run, for Prometheus: outcomes and states, and of no person, no chat, no text.

Each process counts for itself; what is read in the database is the same in all of them.
"""

import asyncio
from collections.abc import Sequence

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from database import pool
from database.errors import is_fault
from database.transactions import fetch
from models import DeliveryState
from services.incoming import inbox, quarantine

DATABASE_TIMEOUT = 3.0  # seconds for the database: Prometheus itself waits for ten

_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_PATIENT = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200)

log = structlog.get_logger()

REGISTRY = CollectorRegistry()  # of our own: no library adds to it


def _counter(name: str, meaning: str, label: str, values: Sequence[str]) -> Counter:
    """Make a counter that begins at nought, so that the first time is seen as a rise."""
    counter = Counter(name, meaning, [label], registry=REGISTRY)
    for value in values:
        counter.labels(value)
    return counter


UPDATES_RECEIVED = Counter(
    "couponchat_updates_received", "Updates stored and acknowledged, but for repetitions", registry=REGISTRY
)
UPDATES = _counter(
    "couponchat_updates", "What became of updates", "outcome", ["handled", "duplicate", "quarantined"]
)
UPDATE_SECONDS = Histogram(
    "couponchat_update_seconds",
    "From an update's arrival to its commit",
    buckets=_QUICK,
    registry=REGISTRY,
)
MESSAGES = _counter("couponchat_messages", "Messages kept in chats", "direction", ["in", "out"])
DELIVERIES_ENDED = _counter(
    "couponchat_deliveries_ended",
    "Deliveries that are over: sent, or the reason why they never will be",
    "outcome",
    [
        *("sent", "blocked", "deactivated", "never_started", "not_found", "refused", "expired", "gave_up"),
        *("message_gone", "not_editable", "not_deletable"),
    ],
)
DELIVERY_SECONDS = Histogram(
    "couponchat_delivery_seconds",
    "From a delivery's commit to the answer of Telegram's that ends it well",
    buckets=_PATIENT,
    registry=REGISTRY,
)
STREAMS = Gauge("couponchat_live_streams", "Browser tabs that listen", registry=REGISTRY)


async def exposition() -> bytes:
    """Write down everything as Prometheus reads it; without the database, all the rest."""
    now = CollectorRegistry()
    ProcessCollector(registry=now)
    _look_at_pool(now)
    await _look_at_database(now)
    return generate_latest(REGISTRY) + generate_latest(now)


def _look_at_pool(now: CollectorRegistry) -> None:
    usage = pool.usage()
    connections = Gauge(
        "couponchat_database_connections", "Connections in the pool to the database", ["state"], registry=now
    )
    connections.labels("used").set(usage.used_count)
    connections.labels("idle").set(usage.idle_count)
    limit = Gauge("couponchat_database_connections_limit", "How many connections there may be", registry=now)
    limit.set(usage.limit)


async def _look_at_database(now: CollectorRegistry) -> None:
    up = Gauge(
        "couponchat_database_up", "1 where the database has answered; what it knows is then told", registry=now
    )
    try:
        async with asyncio.timeout(DATABASE_TIMEOUT):
            backlog, quarantined = await inbox.backlog(), await quarantine.count()
            counts, age = await _unsent(), await _oldest_due_seconds()
    except Exception as error:
        if not isinstance(error, TimeoutError) and not is_fault(error):
            raise
        log.warning("metrics.database_away", error=type(error).__name__)
        return
    up.set(1)
    Gauge("couponchat_updates_waiting", "Updates that wait to be handled", registry=now).set(backlog.count)
    waiting = Gauge(
        "couponchat_update_oldest_waiting_seconds", "For how long the oldest of them has waited", registry=now
    )
    waiting.set(backlog.oldest_seconds)
    Gauge("couponchat_updates_in_quarantine", "Updates that could not be handled", registry=now).set(quarantined)
    unsent = Gauge("couponchat_deliveries", "Deliveries that are not sent", ["state"], registry=now)
    for state, count in counts.items():
        unsent.labels(state).set(count)
    oldest = Gauge(
        "couponchat_delivery_oldest_due_seconds", "How late the delivery is that is due longest", registry=now
    )
    oldest.set(age)


async def _unsent() -> dict[str, int]:
    rows = await fetch(
        """SELECT state, count(*) FROM "Deliveries" WHERE state IN ('queued', 'sending', 'uncertain') GROUP BY state
           UNION ALL SELECT 'failed', count(*) FROM "Deliveries" WHERE state = 'failed'"""
    )
    states = [state.value for state in DeliveryState if state is not DeliveryState.SENT]
    return dict.fromkeys(states, 0) | {row["state"]: row["count"] for row in rows}


async def _oldest_due_seconds() -> float:
    """Look at the first that waits for each peer alone: those behind it are not late by themselves."""
    rows = await fetch(
        """SELECT COALESCE(extract(epoch FROM now() - min("nextDueAt")), 0)::float AS age
           FROM "Peers" WHERE "nextDueAt" <= now()"""
    )
    age: float = rows[0]["age"]
    return age
