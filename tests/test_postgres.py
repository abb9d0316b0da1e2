"""The embedded PostgreSQL, in real processes that come, go and are killed."""

import asyncio
import os
import pwd
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import asyncpg
import psutil
import pytest

from database import embedded
from database.errors import StartupError

pytestmark = pytest.mark.xdist_group("embedded")

# As another user it reads its modules first: they may lie in a home that stays closed.
USER = """
import os, sys
from pathlib import Path
from database import embedded
embedded._shipped = lambda: Path(sys.argv[2])
if len(sys.argv) > 3:
    os.setgroups([])
    os.setgid(int(sys.argv[3]))
    os.setuid(int(sys.argv[3]))
with embedded.running(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def open_programs() -> Iterator[Path]:
    """Have PostgreSQL's programs where everybody can run them, wherever these tests lie."""
    shipped = embedded._shipped()
    if embedded._closed_to_others(shipped / "postgres") is None:
        yield shipped
        return
    with tempfile.TemporaryDirectory(prefix="couponchat-test-") as folder:
        Path(folder).chmod(0o711)
        yield embedded._copied(shipped, Path(folder))


@pytest.fixture(autouse=True)
def programs(open_programs: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Take those that everybody can run."""
    monkeypatch.setattr(embedded, "_shipped", lambda: open_programs)
    return open_programs


@pytest.fixture
def begin(programs: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Begin to use a database in another process, until its input ends."""
    begun: list[subprocess.Popen[str]] = []

    def begin(data_dir: Path, *user: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", USER, str(data_dir), str(programs), *user]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        begun.append(subprocess.Popen(command, **pipes, text=True))
        return begun[-1]

    yield begin
    for process in begun:
        process.communicate()


def servers(data_dir: Path) -> list[int]:
    """Find the servers of a data folder among all that runs; a child that was just born still bears their name."""
    folder = str(data_dir / "postgresql")
    running = psutil.process_iter(["cmdline", "ppid"])
    found = [process for process in running if folder in (process.info["cmdline"] or [])]
    pids = {process.pid for process in found}
    return [process.pid for process in found if process.info["ppid"] not in pids]


async def note(url: str, text: str | None = None) -> list[str]:
    """Write something down, if there is something, and read what was written."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE TABLE IF NOT EXISTS notes (text text)")
        if text:
            await connection.execute("INSERT INTO notes VALUES ($1)", text)
        return [row["text"] for row in await connection.fetch("SELECT text FROM notes")]
    finally:
        await connection.close()


async def test_a_database_keeps_what_it_was_told_and_stops_with_its_user(home):
    with embedded.running(home) as url:
        assert await note(url, "hello") == ["hello"]
        assert len(servers(home)) == 1
    assert servers(home) == []
    with embedded.running(home) as url:
        assert await note(url) == ["hello"]


async def test_it_runs_until_its_last_user_leaves(home, begin):
    with embedded.running(home) as url:
        other = begin(home)
        assert other.stdout.readline().strip() == url
        with embedded.running(home) as same:
            assert same == url
        assert len(servers(home)) == 1
    assert len(servers(home)) == 1
    assert await note(url, "still there") == ["still there"]
    other.communicate()
    assert servers(home) == []


async def test_many_who_start_together_share_one_server(home, begin):
    started = [begin(home) for _ in range(3)]
    assert len({process.stdout.readline() for process in started}) == 1
    assert len(servers(home)) == 1
    for process in started:
        assert process.communicate()[1] == ""
    assert servers(home) == []


async def test_it_is_found_again_after_its_user_was_killed(home, begin):
    killed = begin(home)
    url = killed.stdout.readline().strip()
    await note(url, "kept")
    killed.kill()
    killed.wait()
    [server] = servers(home)
    with embedded.running(home) as again:
        assert again == url
        assert servers(home) == [server]
        assert await note(again) == ["kept"]
    assert servers(home) == []


@pytest.mark.parametrize("name", ["short", "long" * 30])
async def test_it_recovers_where_it_was_after_it_was_killed_itself(home, begin, name):
    user = begin(home / name)
    before = user.stdout.readline().strip()
    await note(before, "kept")
    server = psutil.Process(servers(home / name)[0])
    server.kill()
    psutil.wait_procs([server], timeout=10)
    with embedded.running(home / name) as url:
        assert url == before
        assert await note(url) == ["kept"]
    user.communicate()
    assert servers(home / name) == []
    assert not os.path.exists(_socket(url))  # noqa: ASYNC240


async def test_a_lock_that_was_left_behind_is_not_believed(home):
    with embedded.running(home) as url:
        await note(url, "kept")
    lock = home / "postgresql" / "postmaster.pid"
    for left_behind in ("", "nonsense", "1\n", f"{os.getpid()}\n/elsewhere\n1\n5432\n\n\n\nready\n"):
        lock.write_text(left_behind)
        with embedded.running(home) as url:
            assert await note(url) == ["kept"]
    assert psutil.pid_exists(os.getpid())


async def test_the_number_of_another_database_is_not_believed_either(home):
    mine, other = home / "mine", home / "other"
    with embedded.running(mine) as url:
        await note(url, "mine")
    with embedded.running(other):
        copied = (other / "postgresql" / "postmaster.pid").read_text()
        (mine / "postgresql" / "postmaster.pid").write_text(copied)
        with embedded.running(mine) as url:
            assert await note(url) == ["mine"]
        assert servers(mine) == []
        assert len(servers(other)) == 1


async def test_two_data_folders_work_side_by_side(home):
    with embedded.running(home / "one") as one, embedded.running(home / "two") as two:
        assert one != two
        await note(one, "one")
        assert await note(two, "two") == ["two"]
        assert await note(one) == ["one"]


async def test_locks_lie_in_the_data_folder_and_nobody_else_reaches_the_server(home):
    with embedded.running(home) as url:
        assert {path.name for path in home.iterdir()} == {".postgresql.lock", ".postgresql.users", "postgresql"}
        socket = _socket(url)
        assert socket.is_socket()
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert stat.S_IMODE((home / "postgresql").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["with a space", "with, a 'comma'", "höme", "long" * 40])
async def test_the_folder_may_have_any_name(home, name):
    with embedded.running(home / name) as url:
        assert await note(url, "hello") == ["hello"]
    assert servers(home / name) == []


async def test_settings_for_another_database_are_not_ours(home, monkeypatch):
    for variable, value in {"PGPORT": "6000", "PGDATA": "/nowhere", "PGHOST": "db.example", "LC_ALL": "xx"}.items():
        monkeypatch.setenv(variable, value)
    with embedded.running(home) as url:
        assert await note(url, "ours") == ["ours"]


async def test_a_creation_that_was_stopped_halfway_is_begun_anew(home):
    (home / "postgresql").mkdir()
    for name in (".postgresql-new-left", ".postgresql-copy-left"):
        (home / name / "base").mkdir(parents=True)
    (home / ".postgresql.notes").mkdir()
    with embedded.running(home) as url:
        assert await note(url, "hello") == ["hello"]
    left = {path.name for path in home.iterdir()} - {"postgresql", ".postgresql.lock", ".postgresql.users"}
    assert left == {".postgresql.notes"}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_whoever_is_killed_while_it_is_created_leaves_nothing_for_long(home, begin, number):
    killed = begin(home)
    while not list(home.glob(".postgresql-new-*/PG_VERSION")):  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.001)
    assert killed.poll() is None
    killed.send_signal(number)
    killed.wait()
    with embedded.running(home) as url:
        assert await note(url, "hello") == ["hello"]
        assert list(home.glob(".postgresql-*")) == []


def test_why_it_does_not_start_is_said_in_a_line(home):
    with embedded.running(home):
        pass
    (home / "postgresql" / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(StartupError) as refused:
        embedded.running(home).__enter__()
    assert str(refused.value) == (
        f"The embedded database can't start in {home / 'postgresql'}: database files are incompatible with server"
    )
    assert servers(home) == []


def test_a_folder_that_is_none_is_named(home):
    (home / "file").touch()
    with pytest.raises(StartupError, match=r"can't start in .*: File exists: .*/file$"):
        embedded.running(home / "file").__enter__()


def test_a_folder_that_may_not_be_written_is_named(home, begin):
    closed = home / "closed"
    closed.mkdir(0o500)
    user = begin(closed / "data", *_somebody())
    _, said = user.communicate()
    assert "StartupError: The embedded database can't start in" in said
    assert "Permission denied" in said


def test_an_ordinary_user_runs_it_as_themselves(home, begin):
    home.chmod(0o777)
    user = begin(home / "data", *_somebody())
    assert user.stdout.readline().startswith("postgresql://")
    [server] = servers(home / "data")
    assert psutil.Process(server).uids().effective == int("".join(_somebody()) or os.geteuid())
    assert user.communicate() == ("", "")
    assert servers(home / "data") == []


def test_root_opens_its_own_folder_alone_and_nobodys_home(home, monkeypatch):
    """Other users meet no closed doors in their own home: they keep it closed, and it works."""
    own = home / "home"
    own.mkdir()
    (own / "letters").touch()
    own.chmod(0o700)
    if os.geteuid() == 0:
        for data_dir in (own, own / "data"):
            with pytest.raises(StartupError, match=f"can't enter {own}; choose another DATA_DIR"):
                embedded.running(data_dir).__enter__()
    else:
        with embedded.running(own / "data"):
            pass
    assert stat.S_IMODE(own.stat().st_mode) == 0o700


async def test_programs_that_lie_in_a_closed_folder_are_copied_out_of_it(home, tmp_path, monkeypatch):
    """So it is with a virtual environment in root's home; other users can run them where they are."""
    shipped = embedded._shipped()
    package = tmp_path / "closed" / "site-packages" / shipped.parents[1].name
    package.mkdir(parents=True)
    (package / shipped.parent.name).symlink_to(shipped.parent)
    package.with_name(f"{package.name}.libs").symlink_to(shipped.parents[1].with_name(f"{package.name}.libs"))
    (tmp_path / "closed").chmod(0o700)
    monkeypatch.setattr(embedded, "_shipped", lambda: package / shipped.parent.name / "bin")
    monkeypatch.setattr(embedded, "_closed_to_others", _as_the_path_says)
    with embedded.running(home / "data") as url:
        assert await note(url, "hello") == ["hello"]
        program = psutil.Process(servers(home / "data")[0]).exe()
    is_copied = Path(program).is_relative_to(home / "data")
    assert is_copied == (os.geteuid() == 0)
    assert stat.S_IMODE((tmp_path / "closed").stat().st_mode) == 0o700


def _as_the_path_says(path: Path) -> Path | None:
    """Look at folders without following the links by which this test spares itself a copy."""
    way = [*reversed(path.absolute().parents), path.absolute()]
    return next((part for part in way if not part.stat().st_mode & stat.S_IXOTH), None)


def _somebody() -> list[str]:
    """Name an ordinary user; where the tests are run by one, that is who they are."""
    return [] if os.geteuid() else [str(pwd.getpwnam("nobody").pw_uid)]


def _socket(url: str) -> Path:
    return Path(unquote(url.partition("host=")[2].partition("&")[0])) / ".s.PGSQL.5432"
