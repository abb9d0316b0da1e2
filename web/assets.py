"""Styles, scripts and pictures: kept by browsers for ever, under an address that changes with what is in them."""

import hashlib
from pathlib import Path

from aiohttp import web

ROOT = Path(__file__).parent / "static"

FOR_EVER = "public, max-age=31536000, immutable"


class Assets:
    """The files under ``static`` at the moment the application was made."""

    def __init__(self, root: Path) -> None:
        self._files = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
        # One version for all of them: modules name each other by relative addresses, which then hold.
        self.version = _digest(self._files)

    def address(self, path: str) -> str:
        """Give the address of a file.

        Raises:
            KeyError: there is none.
        """
        return f"/static/{self.version}/{self._files[path].relative_to(ROOT).as_posix()}"

    def find(self, path: str) -> Path | None:
        return self._files.get(path)


ASSETS = web.AppKey("assets", Assets)


def setup(app: web.Application) -> None:
    """Look at the files once."""
    app[ASSETS] = Assets(ROOT)


async def serve(request: web.Request) -> web.FileResponse:
    """Give a file; a page of another version gets today's, but doesn't keep it."""
    assets = request.app[ASSETS]
    path = assets.find(request.match_info["path"])
    if path is None:
        raise web.HTTPNotFound
    is_current = request.match_info["version"] == assets.version
    return web.FileResponse(path, headers={"Cache-Control": FOR_EVER if is_current else "no-cache"})


def _digest(files: dict[str, Path]) -> str:
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
