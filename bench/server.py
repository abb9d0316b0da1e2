"""Servers of the benchmarks' own, each in a process of its own: what is measured shares nothing with them."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from bench.product import free_port

READY_TIMEOUT = 20.0  # seconds


@contextlib.asynccontextmanager
async def running(module: str, *arguments: str) -> AsyncIterator[str]:
    """Run a module that serves at ``--port`` while the block runs; give its address."""
    port = free_port()
    command = ["-m", module, "--port", str(port), *arguments]
    server = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=Path(__file__).parent.parent)
    try:
        await _until_it_listens(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        await server.wait()


async def _until_it_listens(port: int) -> None:
    async with asyncio.timeout(READY_TIMEOUT):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.05)
