"""A couponchat in processes of its own, against the simulator: what the benchmarks measure and kill."""

import asyncio
import contextlib
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp

import simulator
from bench.forked import Forked

SECRET = "a secret that every process shares"  # noqa: S105 - of this run alone
READY_SECONDS = 60.0


class Product:
    """A couponchat that is started, killed and started again."""

    def __init__(
        self,
        folder: Path,
        data_dir: Path,
        database_url: str | None,
        api_url: str,
        updates: str = "polling",
        command: str = "serve",
        *,
        is_profiled: bool = False,
        is_forked: bool = False,
    ) -> None:
        port = free_port()
        self.is_embedded = database_url is None
        self.url = f"http://127.0.0.1:{port}"
        self._folder = folder
        self._log = folder / "log"
        self._command = command
        self._is_profiled = is_profiled
        self._is_forked = is_forked  # begins sooner, for whoever kills it often
        self._environment = {
            **os.environ,
            "DATA_DIR": str(data_dir),
            "DATABASE_URL": database_url or "",
            "SECRET_KEY": SECRET,
            "TELEGRAM_BOT_TOKEN": simulator.TOKEN,
            "TELEGRAM_API_URL": api_url,
            "TELEGRAM_UPDATES": updates,
            "PORT": str(port),
            "PYTHONPATH": str(Path(__file__).parent.parent),  # where bench is
            "METRICS_PORT": str(port),  # where a bot alone says that it is ready
        }
        self._process: asyncio.subprocess.Process | Forked | None = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it has ended by itself, or was never begun."""
        return self._process is None or self._process.returncode is not None

    def mistakes(self) -> list[str]:
        """List what its log tells of as a mistake of its own; a line that a kill has torn tells nothing."""
        lines = []
        for line in self._log.read_text().splitlines():
            with contextlib.suppress(json.JSONDecodeError):
                lines += [json.loads(line)] if line[:1] == "{" else []
        return [line["event"] for line in lines if line["level"] in ("error", "critical")]

    async def start(self) -> None:
        """Begin; ``until_ready`` waits until it serves."""
        if self._is_forked:
            self._process = Forked([self._command], self._folder, self._environment, self._log)
        else:
            self._process = await self._called()

    async def _called(self) -> asyncio.subprocess.Process:
        couponchat = [str(Path(sys.executable).with_name("couponchat"))]
        program = [sys.executable, "-m", "bench.profiled"] if self._is_profiled else couponchat
        with self._log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *program, self._command, env=self._environment, cwd=self._folder, stdout=log, stderr=log
            )

    async def run(self, *arguments: str) -> int:
        """Run another command beside it, and give its exit code."""
        return await Forked(list(arguments), self._folder, self._environment, self._log).wait()

    async def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def stop(self) -> list[str]:
        """Let it end as it does when it is told to; give what it has said."""
        assert self._process
        self._process.terminate()
        await self._process.wait()
        return self._log.read_text().splitlines()

    async def until_ready(self, session: aiohttp.ClientSession) -> None:
        """Wait until it takes updates in."""
        async with asyncio.timeout(READY_SECONDS):
            while not await self._is_ready(session):
                await asyncio.sleep(0.05)

    async def _is_ready(self, session: aiohttp.ClientSession) -> bool:
        with contextlib.suppress(aiohttp.ClientError):
            async with session.get(f"{self.url}/readyz") as answer:
                return answer.status == 200
        return False

    @contextlib.asynccontextmanager
    async def running(self, session: aiohttp.ClientSession) -> AsyncIterator["Product"]:
        """Serve while the block runs."""
        await self.start()
        try:
            await self.until_ready(session)
            yield self
        finally:
            await self.kill()


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
