"""Whoever keeps us running watches how we do, over time."""

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from services import metrics


async def show(_request: web.Request) -> web.Response:
    """Answer in the words of Prometheus; nobody is named in them."""
    return web.Response(body=await metrics.exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST})
