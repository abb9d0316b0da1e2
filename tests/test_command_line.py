"""The command couponchat before, and beside, what it does: it ends when it is told to, on any output."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import cast

ROOT = Path(__file__).parent.parent

MAIN = "from cli.__main__ import main; main()"

# Reading one of the modules takes for ever.
READING = """
import signal, sys

class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == slow:
            print("reading", flush=True)
            signal.pause()

slow = sys.argv.pop(1)
sys.meta_path.insert(0, Slow())
from cli.__main__ import main
main()
"""


@pytest.mark.parametrize("module", ["cli.main", "typer", "cli.serving", "aiohttp"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_while_it_is_still_being_read_it_ends_without_a_word(number, module):
    command = [sys.executable, "-c", READING, module, "serve"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, preexec_fn=_hear_everything, **pipes) as reading:
        assert reading.stdout.readline() == "reading\n"
        reading.send_signal(number)
        assert reading.communicate() == ("", "")
    assert reading.returncode == 128 + number


def test_what_nohup_keeps_away_does_not_end_it():
    ignoring = "import signal; signal.signal(1, signal.SIG_IGN)"
    done = _python(f"{ignoring}; from cli.signals import ending_signals; print(ending_signals())")
    assert "SIGHUP" not in done.stdout
    assert "SIGINT" in done.stdout


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_the_doctor_speaks_where_there_is_no_unicode(environment):
    done = _python(MAIN, "doctor", DATABASE_URL="postgres://u@127.0.0.1:1/name", **environment)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert {line.partition(" ")[0] for line in done.stdout.splitlines()} == {"wrong:"}


@pytest.mark.parametrize("closed", [[1], [2], [1, 2]])
def test_a_command_does_its_work_where_nobody_listens(closed):
    begin = f"os.execv(sys.executable, [sys.executable, '-c', {MAIN!r}, 'doctor'])"
    code = f"import os, sys\nfor number in {closed}: os.close(number)\n{begin}"
    done = _python(code, DATABASE_URL="postgres://u@127.0.0.1:1/name")
    assert done.returncode == 1
    assert "Error" not in done.stderr
    assert ("TELEGRAM_BOT_TOKEN" in done.stdout) is (1 not in closed)


def test_a_refusal_can_quote_what_is_no_text():
    file = b"\xff\x1b[31m\n.gif".decode("utf-8", "surrogateescape")
    done = _python(MAIN, "link", "coupon", "--qr", file)
    assert done.returncode == 1
    assert done.stderr == "couponchat: \\udcff\\x1b[31m\\n.gif: a QR code can be drawn as .png or .svg.\n"


def _python(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": cast.SECRET_KEY, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _hear_everything() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
