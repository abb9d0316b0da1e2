"""Forgetting what is done with, a little at a time, so that nobody waits for it."""

from datetime import datetime, timedelta
from typing import Any

import structlog

from database import clock
from database.transactions import fetch
from services.incoming import finding, held, inbox, quarantine

BATCH = 1000  # rows that are locked at once
SAID_FOR = timedelta(days=1)  # what the bot itself has said, once it is over
DELIVERED_FOR = timedelta(days=30)  # how an influencer's message went out; when it was said stays in the message
OPENED_FOR = quarantine.KEPT_FOR + timedelta(days=2)  # which chat was open, for as long as anybody may ask

log = structlog.get_logger()

# What the bot itself has said, sent or not: nobody tries that again.
SAID = """
    DELETE FROM "Deliveries" WHERE id IN (
        SELECT id FROM "Deliveries" WHERE state IN ('sent', 'failed') AND "messageId" IS NULL AND "queuedAt" < $1
        LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id"""

# Influencers' messages that were sent, but for the last of each chat: routing.active_chat looks who spoke last.
DELIVERED = """
    DELETE FROM "Deliveries" WHERE id IN (
        SELECT id FROM "Deliveries" d WHERE state = 'sent' AND "messageId" IS NOT NULL AND "queuedAt" < $1
        AND EXISTS (SELECT 1 FROM "Deliveries" later
                    WHERE later."peerId" = d."peerId" AND later."chatId" = d."chatId"
                    AND later.sequence > d.sequence AND later."messageId" IS NOT NULL)
        LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id"""

# Openings that another has followed, so long ago that no update can have been made in between.
OPENED = """
    DELETE FROM "Activations" WHERE id IN (
        SELECT id FROM "Activations" a WHERE at < $1
        AND EXISTS (SELECT 1 FROM "Activations" later WHERE later."peerId" = a."peerId" AND later.at < $1
                    AND (later.at, later.id) > (a.at, a.id))
        LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id"""

# Messages whose consumers were told for how long they wait; ids are ordered by the time when a row was made.
HELD = """
    DELETE FROM "HeldMessages" WHERE id IN (
        SELECT id FROM "HeldMessages" WHERE id COLLATE "C" < $1 LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id"""

# What has asked for a part of a title so long ago that nobody replies to it.
PROMPTS = """
    DELETE FROM "Prompts" WHERE id IN (
        SELECT id FROM "Prompts" WHERE "sentAt" < $1 LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id"""

# The ids of updates that Telegram itself has long forgotten, and that wait for nothing here.
KNOWN = """
    DELETE FROM "Updates" WHERE id IN (
        SELECT id FROM "Updates" WHERE state IN ('handled', 'dropped') AND "receivedAt" < $1
        LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id"""


async def forget_what_is_done_with() -> None:
    """Delete what nobody looks at any more."""
    moment = clock.now()
    await _forget("deliveries", SAID, moment - SAID_FOR)
    await _forget("deliveries", DELIVERED, moment - DELIVERED_FOR)
    await _forget("openings", OPENED, moment - OPENED_FOR)
    await _forget("held messages", HELD, _first_id_at(moment - held.KEPT_FOR))
    await _forget("prompts", PROMPTS, moment - finding.PROMPTED_FOR)
    await _forget("updates", KNOWN, moment - inbox.KNOWN_FOR)


async def _forget(what: str, query: str, before: Any) -> None:
    count = 0
    while forgotten := len(await fetch(query, before, BATCH)):
        count += forgotten
    if count:
        log.info("housekeeping.forgot", what=what, count=count)


def _first_id_at(moment: datetime) -> str:
    """Give the first id that can have been made then (UUIDv7: milliseconds, in hexadecimal digits)."""
    digits = f"{int(moment.timestamp() * 1000):012x}"
    return f"{digits[:8]}-{digits[8:]}"
