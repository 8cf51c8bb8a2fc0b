"""The pages around the widget: the shop's own, a bare one, a strict one, and somebody else's."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

WEBCHAT = Path(__file__).resolve().parents[2] / "connectors" / "webchat"

# The labels the widget asks for. In English: they are the fake's, and prove that none is built in.
TEXTS = {
    "language": "en",
    "title": "Elm House",
    "subtitle": "Orders, returns and warranties",
    "with_agent": "You are talking to {name}",
    "open": "Open the chat",
    "unread_one": "Open the chat: 1 unread message",
    "unread_many": "Open the chat: {count} unread messages",
    "close": "Close the chat",
    "log": "Conversation",
    "intro": "Ask about an order, a return or a warranty.",
    "author_bot": "Automatic assistant",
    "author_agent": "{name}, from the team",
    "author_team": "Somebody from the team",
    "author_customer": "You",
    "input": "Write your message",
    "send": "Send",
    "attach": "Attach a photo",
    "choices": "Possible answers",
    "photo": "Photo {name}",
    "document": "Document {name}",
    "sending": "Sending",
    "sent": "Sent",
    "failed": "Not sent",
    "retry": "Try again",
    "discard": "Discard",
    "edit": "Edit",
    "refused": "This message cannot be sent.",
    "typing_bot": "The assistant is writing",
    "typing_agent": "{name} is writing",
    "waking_up": "The assistant is waking up. You can write already.",
    "unreachable": "No connection to the shop. What you write is kept.",
    "offline": "You are offline. What you write is kept.",
    "new_messages": "New messages",
}


class Pages:
    """Serves whatever carries the widget."""

    def __init__(self, shop_name: str, texts: dict[str, str]) -> None:
        self._shop_name = shop_name
        self._texts = texts

    def routes(self) -> list[Route]:
        """`/`, `/bare`, `/strict`, `/elsewhere/HOST` and the files they need."""
        return [
            Route("/", self._shop),
            Route("/bare", self._bare),
            Route("/elsewhere/{host}", self._bare),
            Route("/strict", self._strict),
            Route("/favicon.ico", self._nothing),
            Route("/widget.js", self._file),
            Route("/shop.css", self._file),
        ]

    async def _shop(self, request: Request) -> Response:
        pages = Environment(loader=FileSystemLoader(WEBCHAT), autoescape=True)
        page = pages.get_template("shop.html").render(shop_name=self._shop_name, texts=self._texts)
        return HTMLResponse(page)

    async def _bare(self, request: Request) -> Response:
        """A page with the tag and nothing else; the query string becomes the tag's attributes."""
        attributes = "".join(
            f' data-{name}="{value}"'
            for name, value in request.query_params.items()
            if re.fullmatch(r"[a-z]+", name) and re.fullmatch(r"[#\w]*", value)
        )
        host = request.path_params.get("host") or request.url.hostname
        tag = (
            f'<script src="http://{host}:{request.url.port}/widget.js" async{attributes}></script>'
        )
        return HTMLResponse(
            "<!doctype html><html lang=en><meta charset=utf-8><title>Bare</title>"
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"{tag}<main><h1>A page</h1><button>Something</button></main>"
        )

    async def _strict(self, request: Request) -> Response:
        response = await self._bare(request)
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' blob:;"
            " require-trusted-types-for 'script'"
        )
        return response

    async def _file(self, request: Request) -> Response:
        types = {"widget.js": "text/javascript", "shop.css": "text/css"}
        name = request.url.path.lstrip("/")
        return Response((WEBCHAT / name).read_bytes(), media_type=types[name])

    async def _nothing(self, request: Request) -> Response:
        return Response(status_code=204)
