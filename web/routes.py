"""All addresses of the panel on one page."""

from aiohttp import web
from aiohttp.typedefs import Handler

from web import assets, live
from web.views import (
    chats,
    deletion,
    delivery,
    edits,
    health,
    messages,
    metrics,
    moves,
    reaction,
    reading,
    seen,
    signin,
    typing,
)


def setup(app: web.Application) -> None:
    """Give every address its view and its name."""
    app.add_routes(
        [
            web.get("/", chats.home, name="home"),
            web.get("/signin", signin.explain, name="signin"),
            web.get("/signin/{token}", signin.offer, name="signin_link"),
            web.post("/signin/{token}", signin.create),
            web.post("/signout", signin.end, name="signout"),
            web.get("/chats", chats.index, name="chats"),
            web.get("/chats/{id}", chats.show, name="chat"),
            web.post("/chats/{id}/messages", messages.create, name="messages"),
            web.post("/chats/{id}/reading", reading.create, name="reading"),
            web.post("/chats/{id}/messages/{message_id}/delivery", delivery.create, name="delivery"),
            web.post("/chats/{id}/messages/{message_id}/edits", edits.create, name="edits"),
            web.post("/chats/{id}/messages/{message_id}/deletion", deletion.create, name="deletion"),
            web.post("/chats/{id}/messages/{message_id}/reaction", reaction.create, name="reaction"),
            web.post("/chats/{id}/typing", typing.create, name="typing"),
            web.post("/seen", seen.create, name="seen"),
            web.post("/chats/{id}/moves", moves.create, name="moves"),
            web.post("/chats/{id}/moves/{move_id}/undoing", moves.undo, name="move_undoing"),
            web.get("/live", live.stream, name="live"),
            web.get("/static/{version}/{path:.+}", assets.serve, name="static"),
        ]
    )
    setup_watch(app, metrics.show_to_us)


def setup_watch(app: web.Application, show_metrics: Handler = metrics.show) -> None:
    """Give its addresses to whoever keeps us running."""
    app.add_routes(
        [
            web.get("/healthz", health.alive, name="healthz"),
            web.get("/readyz", health.ready, name="readyz"),
            web.get("/metrics", show_metrics, name="metrics"),
        ]
    )
