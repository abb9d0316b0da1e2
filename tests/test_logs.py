"""The log tells what happened and where, in one form, and quotes nobody."""

import asyncio
import gc
import logging
import re
import subprocess
import sys
import threading
import warnings

import pytest
import structlog

from cli import logs
from tests.cast import BOT_TOKEN

SECRET = "what somebody wrote"

log = structlog.get_logger()


def fail() -> None:
    raise ValueError(SECRET)


def fail_because_of_another() -> None:
    try:
        fail()
    except ValueError as error:
        raise KeyError(SECRET) from error


def test_an_exception_is_told_by_its_type_and_by_where_it_has_been(logbook):
    try:
        fail_because_of_another()
    except KeyError:
        log.exception("update.failed", update_id=5)
    [line] = logbook.lines
    assert (line["event"], line["level"], line["update_id"]) == ("update.failed", "error", 5)
    told = [each.strip() for each in line["exception"].splitlines()]
    assert [each.partition(" in ")[2] or each for each in told] == [
        "fail_because_of_another",
        "fail",
        "ValueError",
        "test_an_exception_is_told_by_its_type_and_by_where_it_has_been",
        "fail_because_of_another",
        "KeyError",
    ]
    assert told[1].startswith("tests/test_logs.py:")
    assert SECRET not in logbook.text


def test_endless_recursion_is_told_by_its_end(logbook):
    def endless() -> None:
        endless()

    try:
        endless()
    except RecursionError:
        log.exception("update.failed")
    [line] = logbook.lines
    assert len(line["exception"].splitlines()) == logs.FRAMES + 1


def test_an_exception_that_led_to_itself_is_told_once(logbook):
    error = ValueError()
    error.__cause__ = KeyError()
    error.__cause__.__cause__ = error
    log.error("update.failed", exc_info=error)
    assert logbook.lines[0]["exception"] == "KeyError\nValueError"


def test_libraries_log_in_the_same_form_and_without_what_theirs_is_filled_with(logbook):
    address = f"https://api.telegram.org/bot{BOT_TOKEN}/sendMessage"
    logging.getLogger("httpcore").warning('HTTP Request: %s %s "%d"', "POST", address, 200)
    try:
        fail()
    except ValueError:
        logging.getLogger("aiohttp.server").exception("Error handling request from %s", SECRET)
    request, failure = logbook.lines
    assert request["event"] == 'HTTP Request: %s %s "%d"'
    assert (request["logger"], request["level"]) == ("httpcore", "warning")
    assert "timestamp" in request
    assert failure["exception"].endswith("in fail\nValueError")
    assert BOT_TOKEN not in logbook.text
    assert SECRET not in logbook.text


NASTY = "\x1b]0;owned\x07\x9b31m\n{}\r\u2028\u202e\x7f\ud800"


@pytest.mark.parametrize("is_terminal", [True, False])
def test_nothing_in_a_line_acts_on_a_terminal_or_looks_like_another_line(logbook, is_terminal):
    class Odd:
        def __repr__(self) -> str:
            return NASTY

    logbook.is_terminal = is_terminal
    logbook.set_up()
    log.info(NASTY, **{NASTY: NASTY, "many": [NASTY, {NASTY: (NASTY,)}], "odd": Odd()})
    logging.getLogger(NASTY).warning(NASTY)
    own = re.compile(r"\x1b\[[\d;]*m")  # the colours in which we tell it
    text = own.sub("", logbook.text) if is_terminal else logbook.text
    assert [each for each in text.replace("\n", "") if not each.isprintable()] == []
    assert text.count("\n") == 2
    assert text.count("owned") == 9


def test_a_file_that_is_oddly_named_is_told_harmlessly(logbook):
    try:
        exec(compile("1 / 0", NASTY, "exec"))  # noqa: S102
    except ZeroDivisionError:
        log.exception("update.failed")
    assert len(logbook.lines[0]["exception"].splitlines()) == 3
    assert "\\x1b]0;owned" in logbook.lines[0]["exception"]


def test_what_libraries_tell_of_their_every_step_is_left_out(logbook):
    logging.getLogger("httpcore").info("HTTP Request")
    logging.getLogger("tortoise.db_client").debug("SELECT")
    assert logbook.lines == []


async def test_what_a_task_raises_that_nobody_waits_for_is_told_like_everything_else(logbook):
    async def work() -> None:
        fail()

    asyncio.get_running_loop().set_exception_handler(logs.unawaited)
    task = asyncio.create_task(work())
    await asyncio.wait([task])
    del task
    gc.collect()
    asyncio.get_running_loop().call_soon(lambda words: fail(), SECRET)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert [line["exception"].rpartition("\n")[2] for line in logbook.told("loop.broke")] == ["ValueError"] * 2
    assert SECRET not in logbook.text


async def test_what_a_loop_warns_of_is_told_too(logbook):
    logs.unawaited(asyncio.get_running_loop(), {"message": "Unclosed client session", "client_session": SECRET})
    [line] = logbook.told("loop.warned")
    assert line["said"] == "Unclosed client session"
    assert SECRET not in logbook.text


def test_threads_and_what_cannot_be_raised_are_told_too(logbook):
    class Stubborn:
        def __del__(self) -> None:
            fail()

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    Stubborn()
    gc.collect()
    assert len(logbook.told("thread.broke")) == 1
    assert len(logbook.told("python.unraisable")) == 1
    assert SECRET not in logbook.text


@pytest.mark.filterwarnings("always")
def test_a_warning_is_told_by_its_kind_and_place(logbook):
    warnings.warn(SECRET, RuntimeWarning, stacklevel=1)
    [line] = logbook.lines
    assert (line["event"], line["category"]) == ("python.warned", "RuntimeWarning")
    assert line["where"].startswith("tests/test_logs.py:")
    assert SECRET not in logbook.text


def test_what_ends_the_process_is_told_without_words_too():
    code = f"from cli import logs; logs.set_up(); logs.catch_all(); raise ValueError({SECRET!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert '"event": "python.broke"' in done.stderr
    assert "ValueError" in done.stderr
    assert SECRET not in done.stderr


def test_on_a_terminal_it_is_to_be_read_and_quotes_nobody_either(logbook):
    logbook.is_terminal = True
    logbook.set_up()
    try:
        fail()
    except ValueError:
        log.exception("update.failed", update_id=5)
    assert "update.failed" in logbook.text
    assert "ValueError" in logbook.text
    assert "{" not in logbook.text
    assert SECRET not in logbook.text
