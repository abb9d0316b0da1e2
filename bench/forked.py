"""couponchat born by a fork of a process that has read all its modules: a life begins in a fraction of a second.

All else is as if the command had been called, and a kill ends it as it ends any other.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
from pathlib import Path

from cli.__main__ import main as command

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["__main__", "cli.main", __name__])


class Forked:
    """One process of a command's, driven as asyncio's own are."""

    def __init__(self, arguments: list[str], folder: Path, environment: dict[str, str], log: Path) -> None:
        self._process = _SERVER.Process(target=_become, args=(arguments, folder, environment, log), daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()

    async def wait(self) -> int:
        """Wait until it has ended, and give its exit code."""
        await asyncio.to_thread(self._process.join)
        assert self._process.exitcode is not None
        return self._process.exitcode


def _become(arguments: list[str], folder: Path, environment: dict[str, str], log: Path) -> None:
    """Turn this process into the command."""
    with log.open("ab") as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
    sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["couponchat", *arguments]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    command()
