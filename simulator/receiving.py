"""How a bot gets its updates: it fetches them, or has them brought to a webhook, never both."""

import re

from simulator.bots import Bot, Webhook
from simulator.refusals import JSON, bad_request, conflict


async def get_updates(bot: Bot, asked: JSON) -> list[JSON]:
    """Bot API: getUpdates."""
    if bot.webhook.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    _allow(bot, asked)
    limit = min(max(asked.get("limit", 100), 1), 100)
    return await bot.updates.poll(asked.get("offset", 0), limit, asked.get("timeout", 0))


def set_webhook(bot: Bot, asked: JSON) -> bool:
    """Bot API: setWebhook; unlike the real one it takes plain HTTP and any port, for this machine's sake."""
    if not asked["url"]:
        return delete_webhook(bot, asked)
    if not re.match(r"https?://[^/\s]+", asked["url"]):
        raise bad_request("bad webhook: invalid webhook URL specified")
    secret = asked.get("secret_token")
    if secret is not None and not re.fullmatch(r"[\w-]{1,256}", secret, re.ASCII):
        raise bad_request("secret token contains unallowed characters")
    _allow(bot, asked)
    _drop_pending(bot, asked)
    bot.updates.end_poll(conflict("terminated by setWebhook request"))
    bot.set_webhook(Webhook(asked["url"], secret, asked.get("max_connections", 40)))
    return True


def delete_webhook(bot: Bot, asked: JSON) -> bool:
    """Bot API: deleteWebhook."""
    _drop_pending(bot, asked)
    bot.set_webhook(Webhook())
    return True


def get_webhook_info(bot: Bot, asked: JSON) -> JSON:
    """Bot API: getWebhookInfo."""
    info: JSON = {
        "url": bot.webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(bot.updates),
    }
    if bot.webhook.url:
        info["max_connections"] = bot.webhook.max_connections
    if bot.trouble:
        info |= {"last_error_date": bot.trouble.at, "last_error_message": bot.trouble.message}
    if bot.updates.allowed:
        info["allowed_updates"] = sorted(bot.updates.allowed)
    return info


def _allow(bot: Bot, asked: JSON) -> None:
    # Not given means "as before"; an empty list means "the default again".
    if "allowed_updates" in asked:
        bot.updates.allowed = frozenset(asked["allowed_updates"])


def _drop_pending(bot: Bot, asked: JSON) -> None:
    if asked.get("drop_pending_updates"):
        bot.updates.drop()
