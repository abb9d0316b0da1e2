"""Drafts: what an influencer wanted to say whose session had ended, kept for the browser in which they wrote it."""

from datetime import timedelta

from tortoise.queryset import QuerySet

from database import clock
from database.ids import new_id
from database.transactions import fetch, transaction
from models import Draft
from services import access
from services.text.characters import is_blank

KEPT_FOR = timedelta(days=1)
MAX_PER_BROWSER = 20  # of one browser: the oldest go


async def keep(browser: str, influencer_id: str, chat_id: str, text: str) -> bool:
    """Keep a browser's words for a chat, until something is said there; say whether there were any.

    Raises:
        NotFound: the chat isn't the influencer's.
    """
    chat = await access.chat_for(influencer_id, chat_id)
    if is_blank(text):
        return False
    async with transaction():
        await fetch(
            """INSERT INTO "Drafts" (id, browser, "influencerId", "chatId", text, "keptAt")
               VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (browser, "chatId") DO UPDATE SET text = excluded.text, "keptAt" = excluded."keptAt" """,
            new_id(),
            browser,
            influencer_id,
            chat.id,
            text,
            clock.now(),
        )
        await fetch(
            """DELETE FROM "Drafts" WHERE id IN (
                   SELECT id FROM "Drafts" WHERE browser = $1 ORDER BY "keptAt" DESC OFFSET $2)""",
            browser,
            MAX_PER_BROWSER,
        )
    return True


async def latest(browser: str, influencer_id: str) -> Draft | None:
    """Get what a browser has kept last for an influencer."""
    return await _kept(browser, influencer_id).order_by("-kept_at").first()


async def text_for(browser: str, influencer_id: str, chat_id: str) -> str:
    """Get what a browser has kept for a chat, or nothing."""
    draft = await _kept(browser, influencer_id).filter(chat_id=chat_id).first()
    return draft.text if draft else ""


async def drop(browser: str, chat_id: str) -> None:
    """Forget what a browser has kept for a chat: something was said there."""
    await Draft.filter(browser=browser, chat_id=chat_id).delete()


async def forget_the_old() -> None:
    """Delete what nobody came back for."""
    await Draft.filter(kept_at__lt=clock.now() - KEPT_FOR).delete()


def _kept(browser: str, influencer_id: str) -> QuerySet[Draft]:
    return Draft.filter(browser=browser, influencer_id=influencer_id, kept_at__gt=clock.now() - KEPT_FOR)
