"""The other side of the shop: the influencers' panels, and a way into each that never runs out.

The simulator knows nothing of panels: whoever starts it says how to make a way in, and only then are there any.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

PATH = "/panels/"


@dataclass(frozen=True)
class Panel:
    """An influencer's panel; ``way_in`` makes an address that opens it, another one each time."""

    influencer_id: str
    influencer_name: str
    way_in: Callable[[], Awaitable[str]]

    @property
    def path(self) -> str:
        """Where the simulator leads there."""
        return PATH + quote(self.influencer_id, safe="")


PANELS = web.AppKey("panels", Sequence[Panel])


def routes() -> list[web.RouteDef]:
    """Everything under ``PATH``."""
    return [web.get(PATH + "{influencer}", _open, allow_head=False)]


async def _open(request: web.Request) -> web.Response:
    """Lead into a panel by a way that is made for this once."""
    found = [panel for panel in request.app[PANELS] if panel.influencer_id == request.match_info["influencer"]]
    if not found:
        raise web.HTTPNotFound(text="Nobody here has a panel by that name.")
    raise web.HTTPSeeOther(await found[0].way_in(), headers={"Cache-Control": "no-store"})
