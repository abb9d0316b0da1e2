"""The Bot API over HTTP: python-telegram-bot's request, on aiohttp's client.

What aiohttp raises never gets out of here: its errors carry the address, and the token is part of that.
"""

import asyncio
import io
import os
import ssl
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import certifi
from aiohttp.abc import AbstractStreamWriter
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.reading import nesting
from database.errors import StartupError

# Seconds, where a call names none: those of PTB's own HTTPXRequest
READ_TIMEOUT = WRITE_TIMEOUT = CONNECT_TIMEOUT = 5.0
FILE_WRITE_TIMEOUT = 20.0
POOL_TIMEOUT = 1.0

MAX_ANSWER = 64 * 1024**2  # bytes; Bot API: getUpdates gives a hundred updates at most, and no file is over 20 MB
WRITE_SIZE = 64 * 1024  # bytes that must leave within a write time-out
UNREADABLE = "Invalid server response"  # in PTB's own words

# Raised before there is a connection. POST is nothing that aiohttp sends again by itself.
_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)

_DEFAULT = BaseRequest.DEFAULT_NONE


class NotSent(NetworkError):
    """A request has failed before it was sent."""


class AiohttpRequest(BaseRequest):
    """Makes PTB's requests to one Bot API server, over so many connections at most."""

    def __init__(self, api_url: str, connections: int) -> None:
        self._api_url = api_url
        self._connections = connections
        self._free = asyncio.Semaphore(connections)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Tell how long an answer may take, where a call doesn't say."""
        return READ_TIMEOUT

    async def initialize(self) -> None:
        """Open the session, unless it is open.

        Raises:
            StartupError: the environment names a proxy that isn't HTTP.
        """
        if self._session is None:
            proxy = _proxy_for(self._api_url)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ssl=_tls()),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=proxy,
            )

    async def shutdown(self) -> None:
        """Close the session and its connections."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = _DEFAULT,
        write_timeout: Any = _DEFAULT,
        connect_timeout: Any = _DEFAULT,
        pool_timeout: Any = _DEFAULT,
    ) -> tuple[int, bytes]:
        """Make one request, and give the status and the body of the answer.

        Raises:
            NotSent: it has surely not reached the server.
            TimedOut, NetworkError: it may have reached it.
        """
        has_files = request_data is not None and request_data.contains_files
        body = await _body(request_data, _or(write_timeout, FILE_WRITE_TIMEOUT if has_files else WRITE_TIMEOUT))
        timeouts = aiohttp.ClientTimeout(
            connect=_or(connect_timeout, CONNECT_TIMEOUT), sock_read=_or(read_timeout, READ_TIMEOUT)
        )
        session = await self._acquire(_or(pool_timeout, POOL_TIMEOUT))
        try:
            return await _exchange(session, method, url, body, timeouts)
        except _NOT_SENT as error:
            failure: TelegramError = NotSent(_kind(error))
        except TimeoutError as error:
            failure = TimedOut(_kind(error))
        except Exception as error:
            failure = NetworkError(_kind(error))
        finally:
            self._free.release()
        raise failure  # out here, so that aiohttp's is not even its context

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse an answer, however deeply it is nested.

        Raises:
            TelegramError: it is no JSON.
        """
        try:
            answer: dict[str, Any] = nesting.parsed(payload.decode(errors="replace"))
        except ValueError as error:
            raise TelegramError(UNREADABLE) from error
        return answer

    async def _acquire(self, pool_timeout: float | None) -> aiohttp.ClientSession:
        # aiohttp has but one time-out for waiting for a connection and for making one.
        session = self._session
        if session is None:
            raise NotSent("the request is not initialized")
        try:
            async with asyncio.timeout(pool_timeout):
                await self._free.acquire()
        except TimeoutError:
            raise NotSent("no free connection") from None
        return session


class _Body(aiohttp.Payload):
    """What a request sends, each part of which must leave in time."""

    _value: bytes

    def __init__(self, content: bytes, content_type: str, write_timeout: float | None) -> None:
        super().__init__(content, content_type=content_type)
        self._size = len(content)
        self._write_timeout = write_timeout

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Give it as text."""
        return self._value.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write it; aiohttp itself would wait for ever."""
        try:
            for start in range(0, len(self._value), WRITE_SIZE):
                async with asyncio.timeout(self._write_timeout):
                    await writer.write(self._value[start : start + WRITE_SIZE])
                    await writer.drain()
        except TimeoutError:
            if writer.transport:
                writer.transport.abort()  # closing it would wait for what nobody takes
            raise


async def _body(data: RequestData | None, write_timeout: float | None) -> _Body | None:
    """Encode the fields of a form, and, where there are any, its files."""
    if data is None or not (data.parameters or data.contains_files):
        return None
    if not data.contains_files:
        fields = data.url_encoded_parameters().encode()
        return _Body(fields, "application/x-www-form-urlencoded", write_timeout)
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in data.multipart_data.items():
        file = io.BytesIO(content) if isinstance(content, bytes) else content  # of long bytes aiohttp warns
        form.add_field(name, file, filename=filename, content_type=content_type)
    multipart = form()
    return _Body(await multipart.as_bytes(), multipart.headers["Content-Type"], write_timeout)


async def _exchange(
    session: aiohttp.ClientSession, method: str, url: str, body: _Body | None, timeouts: aiohttp.ClientTimeout
) -> tuple[int, bytes]:
    skipped = None if body else ("Content-Type",)
    async with session.request(
        method, url, data=body, timeout=timeouts, allow_redirects=False, skip_auto_headers=skipped
    ) as answer:
        return answer.status, await _read(answer)


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > MAX_ANSWER:
            raise aiohttp.ClientPayloadError("the answer is too large")
    return bytes(body)


def _or(timeout: Any, default: float) -> float | None:
    """Give a time-out in seconds, None for none, or the default where a call names nothing."""
    chosen: float | None = default if timeout is _DEFAULT else timeout
    return chosen


def _kind(error: Exception) -> str:
    return f"{type(error).__module__.partition('.')[0]}.{type(error).__name__}"


def _tls() -> ssl.SSLContext:
    """Trust whom the environment says, as httpx and curl do, or those who came with us."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file or folder:
        return ssl.create_default_context(cafile=file, capath=None if file else folder)
    return ssl.create_default_context(cafile=certifi.where())


def _proxy_for(address: str) -> str | None:
    """Find the proxy for an address, by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.

    aiohttp's ``trust_env`` would look for it, and for a password in .netrc, in a thread and at each call.

    Raises:
        StartupError: it is none for HTTP.
    """
    url, proxies = urlsplit(address), getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(url.netloc):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if urlsplit(proxy).scheme not in ("http", "https"):
        raise StartupError("HTTPS_PROXY, HTTP_PROXY, ALL_PROXY: Telegram can be reached through HTTP proxies only.")
    return proxy
