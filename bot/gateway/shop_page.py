"""The demonstration shop at `/`, and the widget that any shop embeds."""

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from bot.adapters.voice import Voice
from bot.settings import PROJECT_ROOT

_FOLDER = PROJECT_ROOT / "connectors" / "webchat"
# Long enough to spare a request a page, short enough that an update arrives within the hour.
_FRESH = {"Cache-Control": "public, max-age=3600"}


def shop_routes(voice: Voice, shop_name: str) -> list[Route]:
    """Routes of the page, its style and the widget."""
    pages = Environment(loader=FileSystemLoader(_FOLDER), autoescape=select_autoescape())
    texts = voice.texts("utter_widget_")

    async def shop(_request: Request) -> Response:
        page = pages.get_template("shop.html").render(shop_name=shop_name, texts=texts)
        return HTMLResponse(page)

    def file(name: str, content_type: str) -> Route:
        async def serve(_request: Request) -> Response:
            return FileResponse(_FOLDER / name, media_type=content_type, headers=_FRESH)

        return Route(f"/{name}", serve)

    return [
        Route("/", shop),
        file("widget.js", "text/javascript; charset=utf-8"),
        file("shop.css", "text/css; charset=utf-8"),
    ]
