"""What became of an update, told to whoever keeps us running."""

from datetime import datetime
from typing import Literal

import structlog

from database import clock
from services import metrics

Outcome = Literal["handled", "duplicate", "quarantined"]

log = structlog.get_logger()


def tell(outcome: Outcome, arrived_at: datetime, update_id: int, kind: str | None, chat: str | None = None) -> None:
    """Count an update, and log it, now that what became of it is committed."""
    seconds = max(0.0, (clock.now() - arrived_at).total_seconds())
    metrics.UPDATES.labels(outcome).inc()
    metrics.UPDATE_SECONDS.observe(seconds)
    log.info(
        "update.taken",
        update_id=update_id,
        kind=kind,
        chat=chat,
        outcome=outcome,
        milliseconds=round(seconds * 1000),
    )
