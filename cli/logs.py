"""The log: to be read on a terminal, JSON elsewhere; what people write, names, tokens and links never get into it.

An exception is told by its type and by where it has been: its words may quote anything. So may those of a library,
of which only the form is kept, without what it is filled with. What is left can't act on a terminal.
"""

import asyncio
import logging
import os
import sys
import sysconfig
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

import structlog
from structlog.processors import JSONRenderer, TimeStamper, add_log_level
from structlog.stdlib import ProcessorFormatter, add_logger_name
from structlog.typing import EventDict, Processor, WrappedLogger

from services.text.characters import escaped

FRAMES = 50  # the innermost of them: endless recursion is told by its end

Report = Callable[[BaseException, EventDict], None]

log = structlog.get_logger()


def set_up(level: int = logging.INFO, report: Report | None = None) -> None:
    """Log to standard error, libraries in the same form as ourselves; ``report`` is told of failures."""
    steps: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        add_log_level,
        TimeStamper(fmt="iso", utc=True),
        _Places(report),
        _harmless,
    ]
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    last: Processor = renderer if sys.stderr.isatty() else JSONRenderer()
    structlog.configure(
        processors=[*steps, last],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[add_logger_name, *steps],
            processors=[ProcessorFormatter.remove_processors_meta, last],
            use_get_message=False,  # its form alone
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[libraries], force=True)


def catch_all() -> None:
    """Let what nobody catches, and what Python warns of, come into the log as well."""
    sys.excepthook = lambda _type, error, _traceback: log.critical("python.broke", exc_info=error)
    threading.excepthook = lambda broken: log.error("thread.broke", exc_info=broken.exc_value)
    sys.unraisablehook = lambda broken: log.error("python.unraisable", exc_info=broken.exc_value)
    warnings.showwarning = _warned


def unawaited(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what a task or a callback has raised for which nobody waits: an exception handler for a loop."""
    if error := context.get("exception"):
        log.error("loop.broke", exc_info=error)
    else:
        log.warning("loop.warned", said=context["message"])


class _Places:
    """Puts the places where an exception has been in the place of the exception."""

    def __init__(self, report: Report | None) -> None:
        self._report = report

    def __call__(self, _logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
        event.pop("stack_info", None)
        if error := _error(event.pop("exc_info", None)):
            event["exception"] = "\n".join(escaped(place) for place in _places(error))
            if self._report and event["level"] in ("error", "critical"):
                self._report(error, event)
        return event


def _harmless(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Write down what a terminal would obey, in every name and every value of a line."""
    return {
        escaped(name): value if name == "exception" or name.startswith("_") else _escaped(value)
        for name, value in event.items()
    }


def _escaped(value: object) -> object:
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return escaped(value)
        case dict():
            return {escaped(str(name)): _escaped(part) for name, part in value.items()}
        case list() | tuple() | set():
            return [_escaped(part) for part in value]
    return escaped(repr(value))


def _error(exc_info: object) -> BaseException | None:
    """Find what is meant: it itself, what the standard library makes of it, or what is being handled."""
    if isinstance(exc_info, tuple):
        exc_info = exc_info[1]
    if isinstance(exc_info, BaseException):
        return exc_info
    return sys.exception() if exc_info else None


def _places(error: BaseException) -> Iterator[str]:
    """Tell an exception, and what led to it, in Python's order: what came first stands first."""
    for each in reversed(list(_chain(error))):
        frames = list(traceback.walk_tb(each.__traceback__))
        for frame, line in frames[-FRAMES:]:
            yield f"  {_short(frame.f_code.co_filename)}:{line} in {frame.f_code.co_qualname}"
        yield f"{type(each).__module__}.{type(each).__qualname__}".removeprefix("builtins.")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    known: set[int] = set()
    while error and id(error) not in known:
        known.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    log.warning("python.warned", category=category.__name__, where=f"{_short(filename)}:{lineno}")


def _short(path: str) -> str:
    """Leave out where Python and we are installed."""
    folders = {str(Path(__file__).parent.parent), sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")}
    for folder in sorted(folders, key=len, reverse=True):
        if path.startswith(folder + os.sep):
            return path.removeprefix(folder + os.sep)
    return path
