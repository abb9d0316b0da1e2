"""A real Chromium, and windows of it that complain of whatever goes wrong in them."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    WebError,
    async_playwright,
    expect,
)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 15_000.0  # milliseconds until something that must happen counts as not happening
WIDE = {"width": 1280, "height": 800}


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """Run the browser that ``CHROMIUM`` names, one that is installed, or Playwright's own."""
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_installed(), args=_switches())
        try:
            yield browser
        finally:
            await browser.close()


def _installed() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def _switches() -> list[str]:
    """Chromium's sandbox refuses to serve root."""
    return [*SWITCHES, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


class Windows:
    """What is open in a browser, and the complaints that came up in it."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._opened: list[BrowserContext] = []
        self._expected: list[str] = []
        self._heard: list[str] = []

    async def open(self, **options: Any) -> BrowserContext:
        """Open a window of somebody's own: it shares no cookie, and its tab is in front."""
        context = await self._browser.new_context(
            **{"viewport": WIDE, "locale": "en-GB", "reduced_motion": "reduce"} | options
        )
        context.set_default_timeout(PATIENCE)
        context.on("console", self._hear_console)
        context.on("weberror", self._hear_error)
        context.on("dialog", self._hear_dialog)
        self._opened.append(context)
        return context

    async def close(self) -> None:
        for context in self._opened:
            await context.close()

    def expect_complaint(self, words: str) -> None:
        """Let the browser complain with these words: here it must."""
        self._expected.append(words)

    @property
    def complaints(self) -> list[str]:
        """What nobody expected."""
        return [heard for heard in self._heard if not any(words in heard for words in self._expected)]

    def _hear_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._heard.append(message.text)

    def _hear_error(self, error: WebError) -> None:
        self._heard.append(str(error.error))

    async def _hear_dialog(self, dialog: Dialog) -> None:
        self._heard.append(f"dialog: {dialog.message}")
        await dialog.dismiss()
