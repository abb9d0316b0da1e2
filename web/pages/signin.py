"""How one comes in: what to do for a link, and what a link does. Nothing is read that isn't handed in."""

from aiohttp import web

from models import User
from web.pages.rendering import render


def explain(request: web.Request, *, has_words: bool) -> web.Response:
    """Say how to get a link."""
    return render(request, "signin/explain.html", {"has_words": has_words})


def offer(request: web.Request, user: User) -> web.Response:
    """Show the button that uses a link up."""
    return render(request, "signin/offer.html", {"user": user})
