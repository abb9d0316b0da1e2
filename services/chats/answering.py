"""How soon an influencer usually answers."""

from datetime import timedelta

from database.transactions import fetch

MIN_ANSWERS = 5  # before that it is chance
MAX_ANSWERS = 30
LONGEST = timedelta(days=1)  # over which nothing is promised

_MAX_CHATS = 100  # those with the newest messages: however many there are, no more are looked at
_MAX_MESSAGES = 100  # of each chat


async def usual_wait(influencer_id: str) -> timedelta | None:
    """Tell within what time an influencer usually gives a chat its first answer, if that can be said.

    It is the median of the last ones; a first answer is what they say first after the consumer's first message.
    """
    found = await fetch(_MEDIAN, influencer_id, _MAX_CHATS, _MAX_MESSAGES, MAX_ANSWERS)
    count, median = found[0]["count"], found[0]["median"]
    return median if count >= MIN_ANSWERS and median <= LONGEST else None


_MEDIAN = """
    SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY wait) AS median FROM (
        SELECT GREATEST(answer.timestamp - question.timestamp, interval '0') AS wait
        FROM (
            SELECT id, "consumerId", "influencerId" FROM "Chats" WHERE "influencerId" = $1
            ORDER BY "updatedAt" DESC, id DESC LIMIT $2) c
        CROSS JOIN LATERAL (
            SELECT * FROM (
                SELECT position, id, timestamp, "senderId" FROM "Messages" WHERE "chatId" = c.id
                ORDER BY position, id LIMIT $3) first
            WHERE "senderId" = c."consumerId" ORDER BY position, id LIMIT 1) question
        CROSS JOIN LATERAL (
            SELECT * FROM (
                SELECT position, id, timestamp, "senderId" FROM "Messages" WHERE "chatId" = c.id
                AND (position, id) > (question.position, question.id) ORDER BY position, id LIMIT $3) next
            WHERE "senderId" = c."influencerId" ORDER BY position, id LIMIT 1) answer
        ORDER BY answer.timestamp DESC LIMIT $4) waits"""
