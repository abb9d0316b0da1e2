"""Coupons from a file, and links to them."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from rich.console import Console
from rich.progress import Progress

from cli.bots import deep_link
from cli.databases import with_database
from cli.terminal import say, tell
from services.coupons import importing, start_links
from services.coupons.records import BadRow
from services.errors import Refusal


def link(
    coupon_id: str,
    qr: Annotated[Path | None, typer.Option(help="Also draw it into this .png or .svg file.")] = None,
) -> None:
    """Print the deep link behind Contact Influencer."""
    if qr and qr.suffix.lower() not in (".png", ".svg"):
        raise Refusal(f"{qr}: a QR code can be drawn as .png or .svg.")
    url = with_database(lambda settings: deep_link(settings, start_links.start_parameter(coupon_id)))
    if qr:
        _draw(url, qr)
    say(url)


def import_(
    file: Annotated[str, typer.Argument(help="CSV with a header, or JSON; - for standard input.")],
    skip_bad: Annotated[bool, typer.Option(help="Write the good rows although there are bad ones.")] = False,
    complete: Annotated[bool, typer.Option(help="The file is everything: withdraw what it lacks.")] = False,
    yes: Annotated[bool, typer.Option(help="Withdraw without asking.")] = False,
) -> None:
    """Create and update coupons and their influencers; a file that is imported twice changes nothing."""
    take_in = partial(_imported, file, skip_bad=skip_bad, is_complete=complete)
    try:
        report = take_in(may_withdraw=None if yes else 0)
    except importing.WouldWithdraw as error:
        _ask_to_withdraw(file, error)
        report = take_in(may_withdraw=error.missing_count)
    _tell_bad_rows(report.bad, report.bad_count)
    withdrawn = f", {report.withdrawn_count} withdrawn" if complete else ""
    say(
        f"{report.coupon_count} coupons of {report.influencer_count} influencers: "
        f"{report.created_count} new, {report.updated_count} changed{withdrawn}."
    )
    if not complete and (count := report.missing.missing_of_these_count):
        say(f"{count} active coupons of these influencers are not in the file, and stay as they are.")


def _imported(file: str, **options: Any) -> importing.Report:
    try:
        with _opened(file) as (source, size), _progress_bar(size) as advance:
            return with_database(lambda _: importing.run(source, progress=advance, **options))
    except importing.BadFile as error:
        _tell_bad_rows(error.bad, error.bad_count)
        raise Refusal("Nothing was imported.") from error


def _ask_to_withdraw(file: str, error: importing.WouldWithdraw) -> None:
    """Ask on a terminal, if the file can be read once more; without one nothing is withdrawn unasked."""
    is_terminal = sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()
    if not (is_terminal and Path(file).is_file()):
        raise Refusal(f"Nothing was imported. {error} With --yes they are.")
    if not typer.confirm(f"{error} Go on?", err=True):
        raise Refusal("Nothing was imported.")


def _tell_bad_rows(bad: list[BadRow], bad_count: int) -> None:
    for row in bad:
        tell(f"line {row.line}: {row.reason}")
    if bad_count > len(bad):
        tell(f"... and {bad_count - len(bad)} more bad rows")


def _draw(url: str, file: Path) -> None:
    import segno

    try:
        segno.make(url).save(str(file), scale=8)
    except OSError as error:
        raise Refusal(f"{file} can't be written: {error.strerror}") from error


@contextlib.contextmanager
def _opened(name: str) -> Iterator[tuple[BinaryIO, int | None]]:
    """Open a file, or standard input, whose size nobody knows."""
    if name == "-":
        yield sys.stdin.buffer, None
        return
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(Path(name).open("rb"))
        except OSError as error:
            raise Refusal(f"{name} can't be read: {error.strerror}") from error
        yield file, os.fstat(file.fileno()).st_size


@contextlib.contextmanager
def _progress_bar(size: int | None) -> Iterator[Callable[[int], None]]:
    """Show how much has been read, on a terminal."""
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("Importing", total=size)
        yield lambda done: progress.update(task, completed=done)
