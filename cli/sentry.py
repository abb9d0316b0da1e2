"""What breaks, told to Sentry: what kind of failure, where in the code, with which ids; not a word of anybody's."""

import contextlib
import importlib.metadata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from aiohttp.http_exceptions import HttpProcessingError
from structlog.typing import EventDict

from cli import logs
from database.errors import StartupError

if TYPE_CHECKING:
    from sentry_sdk.types import Event

SHUTDOWN_TIMEOUT = 2.0  # seconds in which what broke last may still be told

# What leaves the house, and nothing else does: neither an exception's words, nor its variables, nor a request.
_TOLD = ("event_id", "timestamp", "platform", "level", "release", "environment", "server_name", "sdk", "tags")
_TOLD_OF_EXCEPTIONS = ("type", "module")
_TOLD_OF_FRAMES = ("filename", "function", "module", "lineno", "in_app")
_TAGS = ("event", "logger", "update_id", "chat", "delivery", "route")


@contextlib.contextmanager
def reporting(dsn: str | None) -> Iterator[None]:
    """Report the failures that are logged while the block runs, and what ends it; without a ``dsn``, nothing."""
    if dsn is None:
        yield
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        release=f"couponchat@{importlib.metadata.version('couponchat')}",
        default_integrations=False,  # each of them collects something: requests, arguments, log lines
        auto_enabling_integrations=False,
        auto_session_tracking=False,
        send_client_reports=False,
        in_app_include=["bot", "cli", "models", "services", "web", "wiring"],
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        ignore_errors=[HttpProcessingError],  # strangers send anything; aiohttp logs it as an error
        before_send=lambda event, _hint: _discreet(event),
    )
    logs.set_up(report=_report)
    try:
        yield
    except Exception as error:
        if not isinstance(error, StartupError):
            sentry_sdk.capture_exception(error)
        raise
    finally:
        sentry_sdk.get_client().close(timeout=SHUTDOWN_TIMEOUT)


def _report(error: BaseException, event: EventDict) -> None:
    import sentry_sdk

    tags = {name: str(event[name]) for name in _TAGS if event.get(name) is not None}
    sentry_sdk.capture_exception(error, tags=tags)


def _discreet(event: "Event") -> "Event":
    exceptions = [_without_words(exception) for exception in event["exception"]["values"]]
    return {**_only(_TOLD, event), "exception": {"values": exceptions}}  # type: ignore[typeddict-item]


def _without_words(exception: dict[str, Any]) -> dict[str, Any]:
    frames = exception.get("stacktrace", {}).get("frames", [])
    return {
        **_only(_TOLD_OF_EXCEPTIONS, exception),
        "stacktrace": {"frames": [_only(_TOLD_OF_FRAMES, frame) for frame in frames]},
    }


def _only(names: tuple[str, ...], whole: Any) -> dict[str, Any]:
    return {name: whole[name] for name in names if name in whole}
