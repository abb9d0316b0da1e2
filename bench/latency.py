"""How long a message takes: from the consumer to the influencer's browser, and from Send to Telegram.

Run it with: .venv/bin/python -m bench.latency
"""

import asyncio
import contextlib
import os
import shutil
import statistics
import time

import aiohttp
from playwright.async_api import Page, async_playwright

from bench.product import SECRET
from bench.stage import stage
from models import Chat, Purpose
from services.people import access_links, people
from services.people.keyring import Keyring
from simulator import Person, Telegram

SAMPLES = 30
BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]

# Notes when a text appears on the page, or a reply leaves it, by the clock that Python reads too.
WATCH = """() => {
    window.seen = {};
    const now = () => (performance.timeOrigin + performance.now()) / 1000;
    new MutationObserver(() => {
        for (const bubble of document.querySelectorAll(".message")) {
            const text = bubble.textContent.match(/sample \\d+/)?.[0];
            if (text && !(text in window.seen)) window.seen[text] = now();
        }
    }).observe(document.body, {childList: true, subtree: true});
    document.addEventListener("submit", () => { window.sentAt = now(); }, true);
}"""


async def measure() -> None:
    """Play both sides, and print what the clock said."""
    async with contextlib.AsyncExitStack() as stack:
        set_ = await stack.enter_async_context(stage())
        product = await stack.enter_async_context(set_.product().running(set_.session))
        ada = set_.telegram.user("Ada")
        ada.starts("c_summer-50")
        await ada.hears("Write your question")
        page = await _panel(stack, product.url)
        incoming, outgoing, bare = [], [], []
        for number in range(SAMPLES):
            incoming.append(await _to_the_browser(page, ada, f"sample {number}"))
            outgoing.append(await _to_telegram(page, set_.telegram, f"answer {number}"))
            bare.append(await _bare_request(set_.session, product.url))
            await asyncio.sleep(1.1)  # Telegram takes one message a second in a chat
    _tell("consumer to the bubble in the browser", incoming, bare)
    _tell("Send to the call on Telegram", outgoing, bare)
    _tell("a bare request (GET /healthz)", bare, bare)


async def _panel(stack: contextlib.AsyncExitStack, url: str) -> Page:
    maya = await people.influencer("inf-maya")
    token = await access_links.make_link(Keyring(SECRET.encode()), maya, Purpose.SIGNIN)
    playwright = await stack.enter_async_context(async_playwright())
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    browser = await playwright.chromium.launch(executable_path=path, args=BROWSER)
    page = await browser.new_page()
    await page.goto(f"{url}/signin/{token}")
    await page.get_by_role("button").click()
    await page.goto(f"{url}/chats/{(await Chat.get()).id}")
    await page.evaluate(WATCH)
    return page


async def _to_the_browser(page: Page, ada: Person, text: str) -> float:
    said_at = time.time()
    ada.says(text)
    await page.wait_for_function("text => text in window.seen", arg=text)
    seen_at: float = await page.evaluate("text => window.seen[text]", text)
    return seen_at - said_at


async def _to_telegram(page: Page, telegram: Telegram, text: str) -> float:
    await page.get_by_role("textbox", name="Reply").fill(text)
    await page.keyboard.press("Enter")
    while True:
        for method, parameters, moment in reversed(telegram.calls):
            if method == "sendMessage" and str(parameters.get("text", "")).endswith(text):
                sent_at: float = await page.evaluate("() => window.sentAt")
                return moment + (time.time() - time.monotonic()) - sent_at
        await asyncio.sleep(0.005)


async def _bare_request(session: aiohttp.ClientSession, url: str) -> float:
    began = time.monotonic()
    async with session.get(f"{url}/healthz") as answer:
        await answer.read()
    return time.monotonic() - began


def _tell(what: str, seconds: list[float], bare: list[float]) -> None:
    median, worst = statistics.median(seconds), max(seconds)
    ratio = median / statistics.median(bare)
    print(
        f"{what:40} median {median * 1000:6.1f} ms   worst {worst * 1000:6.1f} ms   {ratio:6.1f} x a bare request"
    )


def main() -> None:
    """Measure."""
    asyncio.run(measure())


if __name__ == "__main__":
    main()
