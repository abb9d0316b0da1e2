"""What a page says when it can't be shown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Why there is no such page, or why something was not done."""

    status: int
    title: str
    sentence: str


_NOT_FOUND = Problem(404, "Nothing here", "This page doesn’t exist, or isn’t yours to see.")
_BROKEN = Problem(500, "Something broke", "It is our fault, and we know about it. Please try again in a moment.")

_PROBLEMS = {
    problem.status: problem
    for problem in (
        _NOT_FOUND,
        _BROKEN,
        Problem(400, "We can’t read this", "The address or the form is damaged. Go back and try once more."),
        Problem(401, "You are signed out", "Sign in again to go on."),
        Problem(403, "Not from there", "This came from another site, so we did nothing."),
        Problem(405, "Not this way", "This address doesn’t answer to that."),
        Problem(408, "That took too long", "Too little of it has arrived. Please try again."),
        Problem(409, "Already done", "There is nothing left to do."),
        Problem(410, "This link has been used or has run out", "Each sign-in link works once, for ten minutes."),
        Problem(413, "Too much at once", "This is more than one message can hold. Please shorten it."),
        Problem(422, "That didn’t work", "Please look at it once more."),
        Problem(503, "Back in a moment", "We can’t reach our database. Nothing is lost; please try again shortly."),
    )
}


def named(status: int, sentence: str | None = None) -> Problem:
    """Name a problem by its status; a sentence says more than we know in general."""
    problem = _PROBLEMS.get(status) or (_BROKEN if status >= 500 else _PROBLEMS[400])
    if status in (404, 410) or sentence is None:  # not theirs and not there must look alike
        return Problem(status, problem.title, problem.sentence)
    return Problem(status, problem.title, sentence)
