"""The commands that end by themselves: what they print, what they refuse, and how."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.reading.envelope import ALLOWED_UPDATES
from database import pubsub
from models import AccessLink, Chat, Coupon, Update, UpdateState
from services import live
from services.text.characters import escaped
from simulator import Server, Telegram, running
from simulator.bots import Trouble
from tests import cast, commands, databases
from tests.commands import Ended, Shell
from tests.test_schema import migrations

pytestmark = pytest.mark.xdist_group("commands")

OTHER_BOT_ID = 654321
WEBHOOK = "https://panel.example/telegram/webhook"
COUPONS = """coupon_id,title,influencer_id,influencer_name
summer-50,50% Off Summer Collection,inf-maya,Maya Okafor
ähnlich,Fünf Prozent,inf-maya,Maya Okafor
"""


@pytest.fixture
async def server(telegram) -> AsyncIterator[Server]:
    async with running(telegram, [], webhook_delays=[0]) as server:
        yield server


@pytest.fixture
async def shell(db, server, nursery, tmp_path) -> AsyncIterator[Shell]:
    """Run commands on the tests' own database, with the simulator for Telegram."""
    async with commands.shell(
        nursery,
        tmp_path,
        server,
        DATABASE_URL=db,
        SECRET_KEY=cast.SECRET_KEY,
        PUBLIC_URL="https://panel.example",
    ) as shell:
        yield shell


@pytest.fixture
async def two_bots(shell, telegram) -> tuple[dict, dict]:
    """Two updates in quarantine with the same number: one of ours, and one of another bot."""
    await _import(shell)
    ours = {"update_id": 4711, "message": telegram.user("Ada", None).starts("c_summer-50")}
    theirs = {"update_id": 4711, "message": telegram.user("Ben", None).starts("c_summer-50")}
    await _quarantine(ours)
    await _quarantine(theirs, OTHER_BOT_ID)
    return ours, theirs


@pytest.fixture
def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        port: int = somebody.getsockname()[1]
        return port


def refusal(ended: Ended) -> str:
    """Make sure that a command was refused in one line, and give that."""
    assert ended.code == 1, ended
    assert ended.out == ""
    [line] = ended.err.splitlines()
    assert line.startswith("couponchat: ")
    assert cast.BOT_TOKEN.partition(":")[2] not in line
    return line.removeprefix("couponchat: ")


@pytest.mark.parametrize("command", ["serve", "bot"])
async def test_a_wrong_token_ends_the_start(shell, command):
    ended = await shell.run(command, TELEGRAM_BOT_TOKEN="123456:wrong", PORT="0")
    assert refusal(ended) == "TELEGRAM_BOT_TOKEN: Telegram doesn't know this token."


async def test_without_a_token_there_is_no_bot(shell):
    for command in ("serve", "bot"):
        ended = await shell.run(command, TELEGRAM_BOT_TOKEN="", PORT="0")
        assert refusal(ended).startswith("TELEGRAM_BOT_TOKEN is not set")


async def test_a_telegram_that_cannot_be_reached_gives_no_links(shell, closed_port):
    coupon = await cast.coupon(await cast.maya())
    ended = await shell.run("link", coupon.id, TELEGRAM_API_URL=f"http://127.0.0.1:{closed_port}")
    assert refusal(ended) == "Telegram can't be reached at TELEGRAM_API_URL."


async def test_a_telegram_that_refuses_the_webhook_ends_the_start(shell, telegram):
    telegram.fail_next("setWebhook", {"error_code": 400, "description": "Bad Request: bad webhook: no HTTPS"})
    ended = await shell.run("serve", TELEGRAM_UPDATES="webhook", PORT="0")
    assert refusal(ended) == "Telegram refused to start the bot: Bad webhook: no https"


async def test_a_database_that_is_down_ends_the_start(shell, closed_port):
    ended = await shell.run("serve", DATABASE_URL=f"postgres://u:pa55word@127.0.0.1:{closed_port}/name", PORT="0")
    assert refusal(ended) == f"The database name at 127.0.0.1:{closed_port} can't be used: Connection refused"


async def test_a_database_that_is_not_there_ends_the_start(shell, db):
    ended = await shell.run("serve", DATABASE_URL=db.replace("/postgres?", "/elsewhere?"), PORT="0")
    assert refusal(ended).startswith("The database elsewhere at ")


async def test_a_port_that_is_taken_ends_the_start(shell):
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        port = str(somebody.getsockname()[1])
        ended = await shell.run("serve", PORT=port)
        assert refusal(ended) == f"Port {port} on 127.0.0.1 is taken; choose another with PORT."
        ended = await shell.run("bot", METRICS_PORT=port)
        assert refusal(ended) == f"Port {port} on 127.0.0.1 is taken; choose another with METRICS_PORT."


@pytest.mark.parametrize("host", ["no such host", "host..example", "192.0.2.1"])
async def test_a_host_that_is_not_ours_ends_the_start(shell, host):
    assert refusal(await shell.run("web", HOST=host, PORT="0")).startswith(f"Port 0 on {host} can't be used")


async def test_a_malformed_environment_ends_every_command(shell):
    for command in (["serve"], ["migrate"], ["doctor"], ["signin", "inf-maya"]):
        assert refusal(await shell.run(*command, PORT="eighty")).startswith("PORT: ")


async def test_a_data_folder_that_cannot_be_ends_the_start(shell):
    (shell.folder / "file").touch()
    ended = await shell.run("serve", DATABASE_URL="", DATA_DIR=str(shell.folder / "file" / "data"), PORT="0")
    assert refusal(ended).startswith("The embedded database can't start in ")


async def test_a_database_that_is_behind_is_brought_up_to_date_by_hand(shell, postgres_url):
    async with databases.empty(postgres_url) as url:
        ended = await shell.run("serve", DATABASE_URL=url, PORT="0")
        assert refusal(ended).endswith("bring it up to date with: couponchat migrate")
        behind = await shell.run("doctor", DATABASE_URL=url)
        assert behind.code == 1
        count = len(await migrations())
        assert f"✗ The database is behind by {count} migration(s): run couponchat migrate." in behind.out
        assert await shell.run("migrate", DATABASE_URL=url) == Ended(0, f"{count} migration(s) run.\n", "")
        assert await shell.run("migrate", DATABASE_URL=url) == Ended(0, "The database is up to date.\n", "")
        assert (await shell.run("doctor", DATABASE_URL=url)).code == 0


async def test_coupons_are_imported_from_a_file_and_from_standard_input_once(shell):
    (shell.folder / "coupons.csv").write_text(COUPONS)
    imported = await shell.run("import", "coupons.csv")
    assert imported == Ended(0, "2 coupons of 1 influencers: 2 new, 0 changed.\n", "")
    again = await shell.run("import", "-", given=COUPONS.replace("Fünf", "Zehn"))
    assert again == Ended(0, "2 coupons of 1 influencers: 0 new, 1 changed.\n", "")
    assert {coupon.title for coupon in await Coupon.all()} == {"50% Off Summer Collection", "Zehn Prozent"}


async def test_bad_rows_are_named_and_nothing_is_imported_unless_they_may_be_skipped(shell):
    bad = COUPONS + ",Without an id,inf-maya,Maya\nx,,inf-maya,Maya\n"
    refused = await shell.run("import", "-", given=bad)
    assert refused.code == 1
    assert [line.partition(":")[0] for line in refused.err.splitlines()] == ["line 4", "line 5", "couponchat"]
    assert not await Coupon.exists()
    skipped = await shell.run("import", "-", "--skip-bad", given=bad)
    assert (skipped.code, skipped.out) == (0, "2 coupons of 1 influencers: 2 new, 0 changed.\n")
    assert [line.partition(":")[0] for line in skipped.err.splitlines()] == ["line 4", "line 5"]
    assert await Coupon.all().count() == 2


async def test_what_a_file_does_not_name_is_counted_and_withdrawn_only_if_it_is_everything(shell):
    await _import(shell)
    (shell.folder / "less.csv").write_text("".join(COUPONS.splitlines(keepends=True)[:2]))
    partly = await shell.run("import", "less.csv")
    assert partly.out.splitlines() == [
        "1 coupons of 1 influencers: 0 new, 0 changed.",
        "1 active coupons of these influencers are not in the file, and stay as they are.",
    ]
    for arguments, given in ((["less.csv"], ""), (["-"], (shell.folder / "less.csv").read_text())):
        unasked = await shell.run("import", "--complete", *arguments, given=given)
        assert refusal(unasked) == (
            "Nothing was imported. 1 of 2 active coupons are missing from the file, and would be withdrawn. "
            "With --yes they are."
        )
    assert await Coupon.filter(is_active=True).count() == 2
    agreed = await shell.run("import", "--complete", "--yes", "less.csv")
    assert agreed == Ended(0, "1 coupons of 1 influencers: 0 new, 0 changed, 1 withdrawn.\n", "")
    assert await Coupon.filter(is_active=True).values_list("id", flat=True) == ["summer-50"]
    again = await shell.run("import", "--complete", "less.csv")
    assert again == Ended(0, "1 coupons of 1 influencers: 0 new, 0 changed, 0 withdrawn.\n", "")


@pytest.mark.parametrize(("answer", "code", "active_count"), [("y", 0, 1), ("n", 1, 2), ("", 1, 2), ("\x04", 1, 2)])
async def test_on_a_terminal_one_is_asked_before_anything_is_withdrawn(shell, answer, code, active_count):
    await _import(shell)
    (shell.folder / "less.csv").write_text("".join(COUPONS.splitlines(keepends=True)[:2]))
    ours, theirs = os.openpty()
    try:
        asked = await asyncio.create_subprocess_exec(
            *(Path(sys.executable).with_name("couponchat"), "import", "--complete", shell.folder / "less.csv"),
            cwd=shell.folder,
            env=shell.environment,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        os.write(ours, f"{answer}\n".encode())
        out, err = await asked.communicate()
    finally:
        os.close(ours)
        os.close(theirs)
    assert "1 of 2 active coupons are missing from the file, and would be withdrawn. Go on? [y/N]:" in err.decode()
    assert (asked.returncode, "1 withdrawn" in out.decode()) == (code, code == 0)
    assert await Coupon.filter(is_active=True).count() == active_count


async def test_a_file_that_cannot_be_read_is_named(shell):
    assert (
        refusal(await shell.run("import", "nowhere.csv")) == "nowhere.csv can't be read: No such file or directory"
    )
    assert refusal(await shell.run("import", ".")) == ". can't be read: Is a directory"


async def test_the_deep_link_is_printed_and_drawn(shell):
    await _import(shell)
    link = "https://t.me/coupon_chat_bot?start=c_summer-50\n"
    assert await shell.run("link", "summer-50") == Ended(0, link, "")
    for name, beginning in {"code.png": b"\x89PNG", "code.svg": b"<?xml"}.items():
        assert await shell.run("link", "summer-50", "--qr", name) == Ended(0, link, "")
        assert (shell.folder / name).read_bytes().startswith(beginning)


async def test_an_id_that_does_not_fit_a_link_gets_a_key_that_stays(shell):
    await _import(shell)
    first, second = await shell.run("link", "ähnlich"), await shell.run("link", "ähnlich")
    assert first == second
    assert first.out.startswith("https://t.me/coupon_chat_bot?start=k_")


async def test_a_link_that_cannot_be_is_refused(shell):
    await _import(shell)
    assert refusal(await shell.run("link", "nothing")) == "There is no coupon nothing."
    assert refusal(await shell.run("link", "summer-50", "--qr", "code.gif")).startswith("code.gif: ")
    unwritable = await shell.run("link", "summer-50", "--qr", "no/such/folder.png")
    assert refusal(unwritable) == "no/such/folder.png can't be written: No such file or directory"


async def test_an_invitation_and_a_sign_in_link_are_one_line_each(shell):
    await _import(shell)
    invitation, way_in = await shell.run("invite", "inf-maya"), await shell.run("signin", "inf-maya")
    assert invitation.out.startswith("https://t.me/coupon_chat_bot?start=i_")
    assert way_in.out.startswith("https://panel.example/signin/")
    for ended in (invitation, way_in):
        assert (ended.code, ended.err, ended.out.count("\n")) == (0, "", 1)
    assert way_in.out != (await shell.run("signin", "inf-maya")).out


async def test_nobody_gets_a_link_who_is_no_influencer(shell):
    await _import(shell)
    consumer = await cast.peer()
    for command in ("signin", "signout", "invite"):
        for name in ("nobody", str(consumer.user_id)):
            assert refusal(await shell.run(command, name)) == f"There is no influencer {name}."


@pytest.mark.parametrize("odd", ["x" * 300, "\udcff", "\x1b[31m", "a\nb", ""])
async def test_an_id_that_nothing_can_have_is_refused_in_a_line(shell, odd):
    for command in ("signin", "signout", "invite"):
        assert refusal(await shell.run(command, odd)) == f"There is no influencer {escaped(odd)}."
    assert refusal(await shell.run("link", odd)) == f"There is no coupon {escaped(odd)}."


async def test_signing_an_influencer_out_ends_their_sessions_and_unused_links(shell):
    await _import(shell)
    way_in = await shell.run("signin", "inf-maya")
    await shell.run("invite", "inf-maya")
    with pubsub.subscribed(live.influencer("inf-maya")) as subscription:
        ended = await shell.run("signout", "inf-maya")
        assert await subscription.wait(5)  # and whoever streams in another process knows
    assert (ended.code, ended.out, ended.err) == (0, "0 session(s) and 2 link(s) ended.\n", "")
    assert not await AccessLink.exists()
    assert (await shell.run("signout", "inf-maya")).out == "0 session(s) and 0 link(s) ended.\n"
    assert (await shell.run("signin", "inf-maya")).out != way_in.out


async def test_nobody_is_sent_to_an_address_that_nobody_knows(shell):
    await _import(shell)
    assert "set PUBLIC_URL" in refusal(await shell.run("signin", "inf-maya", PUBLIC_URL="", PORT="0"))


async def test_updates_are_listed_shown_and_handled_again(shell, telegram):
    await _import(shell)
    person = telegram.user("Ada", "Lovelace")
    update = {"update_id": 4711, "message": person.starts("c_summer-50")}
    broken = {"update_id": 4712, "message": {"message_id": 5}}
    for raw in (update, broken):
        await _quarantine(raw)
    listed = await shell.run("updates")
    assert _ids(listed.out) == ["4711", "4712"]
    assert json.loads((await shell.run("updates", "show", "4711")).out) == update
    retried = await shell.run("updates", "retry", "4711")
    assert (retried.code, retried.out) == (0, "1 update(s) handled.\n")
    assert (await Chat.get()).coupon_id == "summer-50"
    rest = await shell.run("updates", "retry")
    assert (rest.code, rest.out) == (1, "0 update(s) handled.\n")
    assert rest.err.startswith("4712: ")
    assert len((await shell.run("updates")).out.splitlines()) == 1
    assert refusal(await shell.run("updates", "show", "4711")) == "There is no update 4711 in quarantine."


async def test_what_went_wrong_with_an_update_is_told_in_a_line_that_no_terminal_obeys(shell):
    nasty = "\x1b]0;owned\x07\n\u202e\x7f"
    update = {"update_id": 4711, "message": {"message_id": 5, "text": nasty, nasty: 1}}
    await _quarantine(update)
    await Update.all().update(error=f"ValueError: {nasty}")
    [line] = (await shell.run("updates")).out.splitlines()
    assert line.endswith("ValueError: \\x1b]0;owned\\x07\\n\\u202e\\x7f")
    shown = (await shell.run("updates", "show", "4711")).out
    assert shown.removesuffix("\n").isprintable()
    assert shown.isascii()
    assert json.loads(shown) == update
    failed = await shell.run("updates", "retry")
    assert failed.err.count("\n") == 1
    assert failed.err.removesuffix("\n").isprintable()


async def test_exactly_one_update_is_dropped_and_never_handled(shell, telegram):
    await _import(shell)
    ada, ben = telegram.user("Ada"), telegram.user("Ben")
    await _quarantine({"update_id": 4711, "message": ada.starts("c_summer-50")})
    await _quarantine({"update_id": 4712, "message": ben.starts("c_summer-50")})
    assert await shell.run("updates", "drop", "4711") == Ended(0, "Update 4711 is dropped.\n", "")
    assert _ids((await shell.run("updates")).out) == ["4712"]
    assert await shell.run("updates", "retry") == Ended(0, "1 update(s) handled.\n", "")
    assert (await Chat.get().select_related("consumer")).consumer.telegram_user_id == ben.id


@pytest.mark.parametrize("command", ["show", "retry", "drop"])
async def test_an_update_that_is_not_in_quarantine_is_refused(shell, command):
    await _quarantine({"update_id": 4711})
    await shell.run("updates", "drop", "4711")
    await Update.create(bot_id=cast.BOT_ID, update_id=4712)
    for update_id in ("4711", "4712", "4713", str(2**63), "9" * 40):
        ended = await shell.run("updates", command, update_id)
        assert refusal(ended) == f"There is no update {update_id} in quarantine."
    assert [update.state for update in await Update.all().order_by("update_id")] == ["dropped", "handled"]


async def test_a_retry_that_fails_again_says_why_and_leaves_it_there(shell, telegram):
    await _import(shell)
    fine = {"update_id": 4712, "message": telegram.user("Ada").starts("c_summer-50")}
    for raw in ({"update_id": 4711, "message": {"message_id": 5}}, fine):
        await _quarantine(raw)
    failed = await shell.run("updates", "retry", "4711")
    assert (failed.code, failed.out) == (1, "0 update(s) handled.\n")
    assert failed.err.startswith("4711: ")
    assert failed.err.count("\n") == 1
    of_all = await shell.run("updates", "retry")
    assert (of_all.code, of_all.out, of_all.err) == (1, "1 update(s) handled.\n", failed.err)
    assert _ids((await shell.run("updates")).out) == ["4711"]
    assert (await Chat.get()).coupon_id == "summer-50"


async def test_of_two_bots_with_the_same_number_the_one_whose_token_is_set_is_meant(shell, two_bots):
    ours, theirs = two_bots
    assert json.loads((await shell.run("updates", "show", "4711")).out) == ours
    assert json.loads((await shell.run("updates", "show", "4711", "--bot", str(OTHER_BOT_ID))).out) == theirs
    retried = await shell.run("updates", "retry", "4711")
    assert (retried.code, retried.out) == (0, "1 update(s) handled.\n")
    assert (await Chat.get().select_related("consumer")).consumer.name == "Ada"
    assert json.loads((await shell.run("updates", "show", "4711")).out) == theirs
    assert (await shell.run("updates", "retry", "4711")).err.startswith(
        "4711: Refusal: It came to another bot, 654321"
    )


async def test_exactly_the_update_of_the_bot_that_was_chosen_is_dropped(shell, two_bots):
    dropped = await shell.run("updates", "drop", "4711", "--bot", str(OTHER_BOT_ID))
    assert dropped == Ended(0, "Update 4711 is dropped.\n", "")
    assert await Update.filter(state="quarantined").values_list("bot_id", flat=True) == [cast.BOT_ID]
    gone = await shell.run("updates", "drop", "4711", "--bot", str(OTHER_BOT_ID))
    assert refusal(gone) == "There is no update 4711 of bot 654321 in quarantine."
    assert await Update.filter(state="quarantined").count() == 1


@pytest.mark.parametrize("command", ["show", "retry", "drop"])
@pytest.mark.parametrize("token", ["", "7:the-token-of-neither"])
async def test_of_two_bots_with_the_same_number_none_is_guessed(shell, two_bots, command, token):
    ended = await shell.run("updates", command, "4711", TELEGRAM_BOT_TOKEN=token)
    assert refusal(ended) == (
        "The bots 123456 and 654321 have an update 4711 each in quarantine: choose one with --bot."
    )
    assert await Update.filter(state="quarantined").count() == 2


async def test_the_list_names_the_bots_where_there_are_several(shell, two_bots):
    listed = (await shell.run("updates")).out
    assert [line.split()[3:5] for line in listed.splitlines()] == [["bot", "123456"], ["bot", "654321"]]
    await shell.run("updates", "drop", "4711")
    assert "bot" not in (await shell.run("updates")).out


async def test_all_updates_of_the_bot_that_was_chosen_are_handled_again(shell, two_bots):
    retried = await shell.run("updates", "retry", "--bot", str(cast.BOT_ID))
    assert retried == Ended(0, "1 update(s) handled.\n", "")
    assert await Update.filter(state="quarantined").values_list("bot_id", flat=True) == [OTHER_BOT_ID]


async def test_the_doctor_finds_everything_right(shell):
    ended = await shell.run("doctor")
    assert (ended.code, ended.err) == (0, "")
    assert {line[0] for line in ended.out.splitlines()} == {"✓"}


async def test_the_doctor_finds_what_is_wrong(shell, server, telegram, closed_port):
    await _quarantine({"update_id": 4711})
    sick = {
        "could not be handled: see couponchat updates": {},
        "TELEGRAM_BOT_TOKEN is not set": {"TELEGRAM_BOT_TOKEN": ""},
        "Telegram doesn't know this token": {"TELEGRAM_BOT_TOKEN": "123456:wrong"},
        "Telegram can't be reached": {"TELEGRAM_API_URL": f"http://127.0.0.1:{closed_port}"},
        "can't be used: Connection refused": {"DATABASE_URL": f"postgres://u@127.0.0.1:{closed_port}/name"},
        "The webhook leads to nowhere, not to https://panel.example/telegram/webhook": {
            "TELEGRAM_UPDATES": "webhook"
        },
    }
    for words, environment in sick.items():
        ended = await shell.run("doctor", **environment)
        assert (ended.code, ended.err) == (1, ""), ended
        assert any(line.startswith("✗ ") and words in line for line in ended.out.splitlines()), ended.out


async def test_the_doctor_sees_a_webhook_that_takes_the_updates_away(shell, telegram):
    url = "https://elsewhere.example/hook"
    answer = await telegram.call(cast.BOT_TOKEN, "setWebhook", {"url": url})
    assert answer["ok"], answer
    ended = await shell.run("doctor")
    assert ended.code == 1
    assert url in ended.out


async def test_a_webhook_of_another_program_is_named_without_what_that_keeps_secret(shell, telegram):
    await telegram.call(cast.BOT_TOKEN, "setWebhook", {"url": "https://elsewhere.example/hook/secret"})
    ended = await shell.run("doctor", TELEGRAM_UPDATES="webhook")
    assert "The webhook leads to another address, at elsewhere.example, not to https://panel.example/" in ended.out
    assert "secret" not in ended.out


async def test_the_doctor_finds_a_webhook_right_that_is_set_as_it_should_be(shell, telegram):
    await _set_webhook(telegram)
    ended = await shell.run("doctor", TELEGRAM_UPDATES="webhook")
    assert (ended.code, _wrong(ended)) == (0, [])
    assert "✓ Updates come by webhook." in ended.out


BEFORE_REACTIONS = ["message", "edited_message", "channel_post", "callback_query", "my_chat_member"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"url": "https://elsewhere.example/hook"},
            f"The webhook leads to another address, at elsewhere.example, not to {WEBHOOK}.",
        ),
        ({"url": ""}, f"The webhook leads to nowhere, not to {WEBHOOK}."),
        (
            {"allowed_updates": BEFORE_REACTIONS},
            "The webhook is set for other kinds of update, without message_reaction.",
        ),
    ],
    ids=["elsewhere", "gone", "an old registration"],
)
async def test_the_doctor_says_what_is_wrong_with_a_webhook_and_what_mends_it(shell, telegram, changes, sentence):
    await _set_webhook(telegram, **changes)
    ended = await shell.run("doctor", TELEGRAM_UPDATES="webhook")
    assert (ended.code, _wrong(ended)) == (1, [f"✗ {sentence} couponchat serve sets it again."])


@pytest.mark.parametrize(
    ("heard_ago", "is_pending", "words"),
    [
        (timedelta(hours=2), True, ["✗ 1 update(s) wait at Telegram, and none was taken in since "]),
        (None, True, ["✗ 1 update(s) wait at Telegram, and none was taken in yet"]),
        (timedelta(minutes=50), True, []),
        (timedelta(hours=2), False, []),
    ],
    ids=["late", "never", "lately", "nothing waits"],
)
async def test_the_doctor_sees_updates_that_have_waited_too_long(shell, telegram, heard_ago, is_pending, words):
    if heard_ago:
        heard = await Update.create(bot_id=cast.BOT_ID, update_id=4711)
        await Update.filter(id=heard.id).update(received_at=datetime.now(UTC) - heard_ago)
    if is_pending:
        telegram.user("Ada").says("Hello?")
    ended = await shell.run("doctor")
    wrong = _wrong(ended)
    assert (ended.code, len(wrong)) == (len(words), len(words))
    assert all(line.startswith(beginning) for line, beginning in zip(wrong, words, strict=True))


@pytest.mark.parametrize(("seconds", "is_right"), [(5, True), (90, False)])
async def test_the_doctor_sees_updates_that_nobody_handles(shell, seconds, is_right):
    for number in range(2):
        await cast.arrives(number)
    await Update.filter(update_id=1).update(received_at=datetime.now(UTC) - timedelta(seconds=seconds))
    ended = await shell.run("doctor")
    [line] = [line for line in ended.out.splitlines() if "to be handled" in line]
    assert re.match(rf"{'✓' if is_right else '✗'} 2 update\(s\) wait to be handled, the oldest for \d+ s\.", line)
    assert ended.code == (0 if is_right else 1)


@pytest.mark.parametrize("minutes_ago", [50, 70])
async def test_the_doctor_tells_of_telegrams_last_error_while_it_is_recent(shell, telegram, minutes_ago):
    await _set_webhook(telegram)
    telegram.bot.trouble = Trouble("Connection timed out", int(time.time()) - minutes_ago * 60)
    ended = await shell.run("doctor", TELEGRAM_UPDATES="webhook")
    said = "✗ Telegram's last call failed: Connection timed out. Is https://panel.example reachable from outside?"
    assert (ended.code, _wrong(ended)) == ((1, [said]) if minutes_ago < 60 else (0, []))


async def test_help_names_every_command_of_the_contract(shell):
    said = (await shell.run("--help")).out
    for command in [
        "demo",
        "serve",
        "web",
        "bot",
        "migrate",
        "import",
        "link",
        "invite",
        "signin",
        "signout",
        "updates",
        "doctor",
    ]:
        assert f" {command} " in said


async def _set_webhook(telegram: Telegram, **changes: object) -> None:
    """Tell Telegram what couponchat serve would, or something else."""
    told = {"url": WEBHOOK, "allowed_updates": ALLOWED_UPDATES} | changes
    assert (await telegram.call(cast.BOT_TOKEN, "setWebhook", told))["ok"]


def _wrong(ended: Ended) -> list[str]:
    return [line for line in ended.out.splitlines() if not line.startswith("✓ ")]


async def _import(shell: Shell) -> None:
    assert (await shell.run("import", "-", given=COUPONS)).code == 0


def _ids(listed: str) -> list[str]:
    return [line.split()[0] for line in listed.splitlines()]


async def _quarantine(raw: dict, bot_id: int = cast.BOT_ID) -> None:
    await Update.create(
        bot_id=bot_id,
        update_id=raw["update_id"],
        state=UpdateState.QUARANTINED,
        payload=json.dumps(raw),
        error="ValueError: it was broken",
    )
