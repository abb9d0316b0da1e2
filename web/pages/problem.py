"""Why there is no such page, or why something was not done. Nothing is read: the database may be what is away."""

from aiohttp import web

from web.pages.rendering import render
from web.problems import Problem


def show(request: web.Request, problem: Problem, headers: dict[str, str] | None = None) -> web.Response:
    """Show what went wrong."""
    return render(request, "problem/show.html", {"problem": problem}, status=problem.status, headers=headers)
