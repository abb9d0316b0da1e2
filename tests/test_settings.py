"""What the environment says, and what is said when it can't be meant."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import settings
from cli import demo
from database.errors import StartupError

NAMES = [name.upper() for name in settings.Settings.model_fields]
TOKEN = "123456:AA-secret-of-the-bot"
KEY = "k" * 32


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """Start from an environment that says nothing, in an empty folder."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def says(monkeypatch):
    def say(**values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return settings.read()

    return say


def test_without_an_environment_there_are_the_defaults_of_the_contract(says):
    read = says()
    assert read.telegram_bot_token is None
    assert read.bot_token is None
    assert read.telegram_api_url == "https://api.telegram.org"
    assert read.telegram_updates == "polling"
    assert (read.host, read.port, read.public_url) == ("127.0.0.1", 8080, "http://127.0.0.1:8080")
    assert read.database_url is None
    assert read.data_dir.is_absolute()
    assert (read.metrics_port, read.sentry_dsn) == (None, None)


def test_root_keeps_its_data_outside_its_home_and_others_within_theirs(says, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert says().data_dir == Path("/var/lib/couponchat")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", "/home/maya/data")
    monkeypatch.setenv("HOME", "/home/maya")
    assert Path("/home/maya") in says().data_dir.parents


def test_everything_can_be_set(says, tmp_path):
    read = says(
        TELEGRAM_BOT_TOKEN=TOKEN,
        TELEGRAM_API_URL="http://127.0.0.1:8081/prefix/",
        TELEGRAM_UPDATES="webhook",
        PUBLIC_URL="https://panel.example/",
        HOST="0.0.0.0",  # noqa: S104
        PORT="0",
        DATABASE_URL="postgres://u:p%40ss@db.example:5433/name",
        DATA_DIR=str(tmp_path / "data"),
        SECRET_KEY=KEY,
        METRICS_PORT="9100",
        SENTRY_DSN="https://key@sentry.example/prefix/42",
    )
    assert read.bot_token == TOKEN
    assert read.telegram_api_url == "http://127.0.0.1:8081/prefix"
    assert read.public_url == "https://panel.example"
    assert read.telegram_updates == "webhook"
    assert read.port == 0
    assert read.database_url is not None
    assert read.secret() == KEY.encode()
    assert read.metrics_port == 9100
    assert read.sentry_dsn is not None
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://panel.example:443", "https://panel.example"),
        ("http://panel.example:80/", "http://panel.example"),
        ("https://panel.example:80", "https://panel.example:80"),
        ("HTTPS://Panel.EXAMPLE", "https://panel.example"),
        ("https://panel.example.:8443", "https://panel.example:8443"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
        ("http://[::1]:80", "http://[::1]"),
        ("http://[2001:DB8::0:1]:8080", "http://[2001:db8::1]:8080"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://my_host", "http://my_host"),
    ],
)
def test_the_panels_address_is_written_as_browsers_write_it(says, given, read):
    assert says(PUBLIC_URL=given).public_url == read


def test_a_secret_says_how_long_it_must_be(says):
    with pytest.raises(StartupError) as refused:
        says(SECRET_KEY="x", DATABASE_URL="postgres://u@h/name")
    assert str(refused.value) == "SECRET_KEY: must have at least 32 characters; openssl rand -hex 32 makes some"
    assert says(SECRET_KEY=KEY).secret() == KEY.encode()


def test_an_empty_value_is_as_none(says):
    read = says(PORT="", TELEGRAM_BOT_TOKEN="", DATABASE_URL="", DATA_DIR="", PUBLIC_URL="")
    assert read.port == 8080
    assert read.bot_token is None
    assert read.database_url is None


def test_blanks_around_a_value_are_not_meant(says):
    read = says(TELEGRAM_BOT_TOKEN=f" {TOKEN}\n", PUBLIC_URL=" https://panel.example ")
    assert (read.bot_token, read.public_url) == (TOKEN, "https://panel.example")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("TELEGRAM_UPDATES", "carrier pigeon"),
        ("TELEGRAM_BOT_TOKEN", "no-token"),
        ("TELEGRAM_BOT_TOKEN", "²:abc"),
        ("TELEGRAM_BOT_TOKEN", "123:ab/../cd"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_API_URL", "http://"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:99999"),
        ("TELEGRAM_API_URL", "http://127.0.0.1/?a=b"),
        ("PUBLIC_URL", "ftp://panel.example"),
        ("PUBLIC_URL", "https://[::1"),
        ("PUBLIC_URL", "https://panel.example/under/a/path"),
        ("PUBLIC_URL", "https://panel.example:0"),
        ("PUBLIC_URL", "https://secret@panel.example"),
        ("PUBLIC_URL", "https://u:secret@panel.example"),
        ("PUBLIC_URL", "https://a name"),
        ("PUBLIC_URL", "https://."),
        ("SECRET_KEY", "secret"),
        ("SECRET_KEY", "secret".center(31, "x")),
        ("SECRET_KEY", f"  {'secret'.center(31, 'x')} "),
        ("METRICS_PORT", "metrics"),
        ("METRICS_PORT", "65536"),
        ("SENTRY_DSN", "sentry.example"),
        ("SENTRY_DSN", "https://sentry.example/42"),
        ("SENTRY_DSN", "https://secret@sentry.example"),
        ("SENTRY_DSN", "https://secret@sentry.example/project"),
        ("SENTRY_DSN", "udp://secret@sentry.example/42"),
        ("DATABASE_URL", "mysql://u:secret@h/name"),
        ("DATABASE_URL", "postgres://u:secret@h:port/name"),
        ("DATABASE_URL", "postgres://u:secret/slash@h/name"),
    ],
)
def test_what_is_malformed_is_named_in_one_line(says, name, value):
    with pytest.raises(StartupError) as refused:
        says(**{"SECRET_KEY": KEY, name: value})
    sentence = str(refused.value)
    assert sentence.startswith(f"{name}: ")
    assert "\n" not in sentence
    assert "secret" not in sentence
    assert "no-token" not in sentence


def test_all_that_is_malformed_is_named_at_once(says):
    with pytest.raises(StartupError) as refused:
        says(PORT="a", TELEGRAM_UPDATES="b")
    assert "PORT: " in str(refused.value)
    assert "TELEGRAM_UPDATES: " in str(refused.value)


def test_a_shared_database_needs_a_shared_secret(says):
    with pytest.raises(StartupError, match="SECRET_KEY is required with DATABASE_URL"):
        says(DATABASE_URL="postgres://u@h/name")
    assert says(DATABASE_URL="postgres://u@h/name", SECRET_KEY=KEY).secret() == KEY.encode()


def test_the_file_env_is_read_and_the_environment_wins_over_it(says, tmp_path):
    (tmp_path / ".env").write_text("PORT=9000\nHOST=127.0.0.2\nSOMETHING_ELSE=1\n")
    assert says().port == 9000
    assert says(PORT="9001").port == 9001
    assert says().host == "127.0.0.2"


def test_a_file_env_that_is_no_text_is_named(says, tmp_path):
    (tmp_path / ".env").write_bytes(b"HOST=\xff\xfe\n")
    with pytest.raises(StartupError, match=r"^\.env can't be read"):
        says()


def test_the_demo_takes_nothing_from_the_environment(says, tmp_path):
    (tmp_path / ".env").write_text("HOST=0.0.0.0\n")
    said = says(
        DATABASE_URL="postgres://u@production.example/name",
        SECRET_KEY=KEY,
        PUBLIC_URL="https://panel.example",
        TELEGRAM_BOT_TOKEN=TOKEN,
        TELEGRAM_UPDATES="webhook",
    )
    assert said.database_url is not None
    played = demo.settings(tmp_path / "demo", 8123)
    assert played.database_url is None
    assert played.secret_key is None
    assert (played.host, played.public_url) == ("127.0.0.1", "http://127.0.0.1:8123")
    assert played.telegram_updates == "polling"
    assert played.bot_token != TOKEN


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("::1", "http://[::1]:8080"),
        ("[::1]", "http://[::1]:8080"),
        ("panel.example", "http://panel.example:8080"),
    ],
)
def test_without_public_url_the_panel_is_where_it_listens(says, host, url):
    assert says(HOST=host).public_url == url


def test_a_port_that_was_found_free_is_in_the_address_unless_public_url_says_where(says):
    assert says(PORT="0").at_port(49152).public_url == "http://127.0.0.1:49152"
    assert says(PUBLIC_URL="https://panel.example").at_port(49152).public_url == "https://panel.example"


def test_no_secret_shows(says):
    read = says(
        TELEGRAM_BOT_TOKEN=TOKEN,
        DATABASE_URL="postgres://u:pa55word@h/name",
        SECRET_KEY="a-key-that-signs-all-the-cookies!",
    )
    for shown in (repr(read), str(read), f"{read}", read.model_dump_json(), repr(read.model_dump())):
        assert "AA-secret" not in shown
        assert "pa55word" not in shown
        assert "a-key-that-signs" not in shown
    assert read.bot_token == TOKEN


def test_the_secret_is_made_once_for_its_owner_alone_and_found_again(says, tmp_path):
    read = says(DATA_DIR=str(tmp_path / "data"))
    made = read.secret()
    assert len(made) == 64
    assert read.secret() == made
    assert says().secret() == made
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600
    assert says(DATA_DIR=str(tmp_path / "other")).secret() != made


def test_a_secret_that_was_never_finished_is_made_anew(says, tmp_path):
    (tmp_path / "secret").touch(0o600)
    assert len(says(DATA_DIR=str(tmp_path)).secret()) == 64


def test_a_secret_that_was_kept_too_short_is_refused(says, tmp_path):
    (tmp_path / "secret").write_text("x")
    with pytest.raises(StartupError, match="too short"):
        says(DATA_DIR=str(tmp_path)).secret()


def test_processes_that_start_together_have_the_same_secret(tmp_path):
    code = "import sys; sys.stdin.readline(); import settings; print(settings.read().secret().decode())"
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "data")}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", "import settings;" + code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=tmp_path,
            text=True,
        )
        for _ in range(4)
    ]
    secrets = {process.communicate("now\n")[0] for process in started}
    assert len(secrets) == 1
    assert len(secrets.pop().strip()) == 64


def test_a_folder_that_is_none_is_named(says, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StartupError, match=r"^The secret can't be kept in .*: File exists$"):
        says(DATA_DIR=str(tmp_path / "file")).secret()
