"""What a bot says about itself and about its chats: who it is, its commands, its descriptions."""

import json
import re

from simulator.bots import Bot
from simulator.refusals import JSON, bad_request

MOST_COMMANDS = 100
LONGEST_DESCRIPTION = 512
LONGEST_SHORT_DESCRIPTION = 120


def get_me(bot: Bot, asked: JSON) -> JSON:
    """Bot API: getMe."""
    return {
        **bot.facts(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": bot.has_topics_enabled,
        "allows_users_to_create_topics": bot.has_topics_enabled,
    }


def set_my_commands(bot: Bot, asked: JSON) -> bool:
    """Bot API: setMyCommands."""
    if len(asked["commands"]) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in asked["commands"]:
        _check_command(command)
    bot.profile.commands[_commands_key(asked)] = asked["commands"]
    _tell_everybody(bot)
    return True


def get_my_commands(bot: Bot, asked: JSON) -> list[JSON]:
    """Bot API: getMyCommands."""
    return bot.profile.commands.get(_commands_key(asked), [])


def delete_my_commands(bot: Bot, asked: JSON) -> bool:
    """Bot API: deleteMyCommands."""
    bot.profile.commands.pop(_commands_key(asked), None)
    _tell_everybody(bot)
    return True


def commands_for(bot: Bot, chat_id: int, language_code: str | None) -> list[JSON]:
    """The commands that a person sees (Bot API: "Determining list of commands")."""
    scopes: list[JSON] = [
        {"type": "chat", "chat_id": chat_id},
        {"type": "all_private_chats"},
        {"type": "default"},
    ]
    for scope in scopes:
        for language in (language_code or "", ""):
            commands = get_my_commands(bot, {"scope": scope, "language_code": language})
            if commands:
                return commands
    return []


def set_my_description(bot: Bot, asked: JSON) -> bool:
    """Bot API: setMyDescription."""
    _keep_words(bot.profile.descriptions, asked, "description", LONGEST_DESCRIPTION)
    _tell_everybody(bot)
    return True


def get_my_description(bot: Bot, asked: JSON) -> JSON:
    """Bot API: getMyDescription."""
    return {"description": words_for(bot.profile.descriptions, asked.get("language_code"))}


def set_my_short_description(bot: Bot, asked: JSON) -> bool:
    """Bot API: setMyShortDescription."""
    _keep_words(bot.profile.short_descriptions, asked, "short_description", LONGEST_SHORT_DESCRIPTION)
    return True


def get_my_short_description(bot: Bot, asked: JSON) -> JSON:
    """Bot API: getMyShortDescription."""
    return {"short_description": words_for(bot.profile.short_descriptions, asked.get("language_code"))}


def words_for(words: dict[str, str], language_code: str | None) -> str:
    """What is said in a language, or else what is said in all languages."""
    return words.get(language_code or "") or words.get("", "")


def set_chat_menu_button(bot: Bot, asked: JSON) -> bool:
    """Bot API: setChatMenuButton."""
    bot.profile.menu_buttons[asked.get("chat_id")] = asked.get("menu_button", {"type": "default"})
    _tell_everybody(bot)
    return True


def get_chat_menu_button(bot: Bot, asked: JSON) -> JSON:
    """Bot API: getChatMenuButton."""
    buttons = bot.profile.menu_buttons
    return buttons.get(asked.get("chat_id")) or buttons.get(None) or {"type": "commands"}


def get_chat(bot: Bot, asked: JSON) -> JSON:
    """Bot API: getChat."""
    return {
        **bot.chat(asked["chat_id"]).facts,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "gifts_from_channels",
                "limited_gifts",
                "premium_subscription",
                "unique_gifts",
                "unlimited_gifts",
            ),
            True,
        ),
    }


def get_file(bot: Bot, asked: JSON) -> JSON:
    """Bot API: getFile; attachments have no content here."""
    raise bad_request("wrong file_id or the file is temporarily unavailable")


def _commands_key(asked: JSON) -> tuple[str, str]:
    scope = asked.get("scope", {"type": "default"})
    return json.dumps(scope, sort_keys=True), asked.get("language_code", "")


def _check_command(command: JSON) -> None:
    if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"].removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(command["description"]) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


def _keep_words(kept: dict[str, str], asked: JSON, name: str, most: int) -> None:
    text = asked.get(name, "")
    if len(text) > most:
        raise bad_request("PROFILE_ABOUT_INVALID")
    kept[asked.get("language_code", "")] = text


def _tell_everybody(bot: Bot) -> None:
    for chat in bot.chats.values():
        chat.touch()
