"""The agents' pages: log-in, the one page of the desk, its files, and the JSON interface."""

import re
from pathlib import Path
from urllib.parse import parse_qsl

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.desk.access import WRITE_HEADER, Cookies, DeskHeaders
from bot.desk.api import DeskApi
from bot.desk.requests import RequestNotValid, document_place
from bot.desk.services import DeskServices
from bot.desk.shapes import agent_json
from bot.desk.texts import DeskTexts
from bot.domain.agents import Agent
from bot.domain.errors import (
    AgentRefused,
    ConversationNotFound,
    StorageUnavailable,
    TooManyLoginAttempts,
)

__all__ = ["DeskServices", "desk_routes"]

_HERE = Path(__file__).parent
# An e-mail, a password and a token, all escaped, stay far below.
MAX_FORM_BYTES = 8 * 1024
# What the picture store accepts and calls them; anything else is never shown as a page of ours.
_ATTACHMENT_ID = re.compile(r"[A-Za-z0-9]{1,64}\.[a-z]{1,8}")
_PICTURES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


def desk_routes(services: DeskServices) -> list[BaseRoute]:
    """The routes of `/desk`, to be mounted at the root of an app."""
    texts = DeskTexts()
    cookies = Cookies(secure=services.secure)
    api = DeskApi(services, texts, cookies)
    pages = DeskPages(services, texts, cookies, api)
    # "Not found" is answered inside, so that it carries the headers too.
    headers = [Middleware(DeskHeaders), Middleware(ExceptionMiddleware)]
    return [
        Route("/desk", pages.desk, middleware=headers),
        Mount(
            "/desk",
            routes=[
                Route("/", pages.to_desk),
                Route("/login", pages.login, methods=["GET"]),
                Route("/login", pages.log_in, methods=["POST"]),
                Route("/logout", pages.log_out, methods=["POST"]),
                Route("/photos/{attachment_id}", pages.photo),
                Route("/documents/{conversation_id}/{seq}/{place}", pages.document),
                Mount("/api", routes=api.routes()),
                Mount("/static", _Files(directory=_HERE / "static")),
            ],
            middleware=headers,
        ),
    ]


class DeskPages:
    """Everything of the desk that is not JSON."""

    def __init__(
        self, services: DeskServices, texts: DeskTexts, cookies: Cookies, api: DeskApi
    ) -> None:
        self._services = services
        self._texts = texts
        self._cookies = cookies
        self._api = api
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
        )

    async def desk(self, request: Request) -> Response:
        """The page, or the way to the log-in."""
        try:
            agent = await self._agent_of(request)
        except AgentRefused:
            return RedirectResponse("/desk/login", 303)
        except StorageUnavailable:
            return self._login_page(request, 503, "storage_unavailable")
        start = {
            "agent": agent_json(agent),
            "shop_name": self._services.shop_name,
            "texts": self._texts.all(),
        }
        return self._page("desk.html", start=start, agent=agent)

    async def to_desk(self, _request: Request) -> Response:
        """`/desk/` is `/desk`."""
        return RedirectResponse("/desk", 308)

    async def login(self, request: Request) -> Response:
        """The log-in form; whoever is logged in goes on to the desk."""
        try:
            await self._agent_of(request)
        except AgentRefused:
            return self._login_page(request)
        except StorageUnavailable:
            return self._login_page(request, 503, "storage_unavailable")
        return RedirectResponse("/desk", 303)

    async def log_in(self, request: Request) -> Response:
        """Check the form and begin a new session, whatever session there was before."""
        form = await _form(request)
        email, password = form.get("email", ""), form.get("password", "")
        if not self._cookies.is_form_of(request, form.get("form_token", "")):
            return self._login_page(request, 403, "form_expired", email)
        address = request.client.host if request.client else ""
        accounts = self._services.accounts
        try:
            token = await run_in_threadpool(accounts.log_in, email, password, address)
            await run_in_threadpool(accounts.log_out, self._cookies.session_of(request))
        except TooManyLoginAttempts as refusal:
            return self._login_page(request, 429, refusal.code, email)
        except AgentRefused as refusal:
            return self._login_page(request, 401, refusal.code, email)
        except StorageUnavailable:
            return self._login_page(request, 503, "storage_unavailable", email)
        response = RedirectResponse("/desk", 303)
        self._cookies.open_session(response, token)
        self._cookies.close_form(response)
        return response

    async def log_out(self, request: Request) -> Response:
        """End the session."""
        if request.headers.get(WRITE_HEADER) != "1":
            return self._api.error(403, "header_missing")
        try:
            token = self._cookies.session_of(request)
            await run_in_threadpool(self._services.accounts.log_out, token)
        except StorageUnavailable:
            return self._api.error(503, "storage_unavailable")
        response = Response(status_code=204)
        self._cookies.close_session(response)
        return response

    async def photo(self, request: Request) -> Response:
        """A customer's picture, for agents only."""
        try:
            await self._agent_of(request)
        except AgentRefused:
            return self._api.error(401, "not_logged_in")
        except StorageUnavailable:
            return self._api.error(503, "storage_unavailable")
        identity = request.path_params["attachment_id"]
        if not _ATTACHMENT_ID.fullmatch(identity):
            return self._api.error(404, "photo_not_found")
        file = await run_in_threadpool(self._services.photos.path, identity)
        content_type = _PICTURES.get(file.suffix) if file else None
        if file is None or content_type is None:
            return self._api.error(404, "photo_not_found")
        # Pictures never change; the agent's own browser may keep them for the day.
        headers = {
            "Cache-Control": "private, max-age=86400",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return FileResponse(file, media_type=content_type, headers=headers)

    async def document(self, request: Request) -> Response:
        """A document that a message handed over, for agents only."""
        try:
            await self._agent_of(request)
            place = document_place(request)
            file = await run_in_threadpool(self._services.documents.open, *place)
        except AgentRefused:
            return self._api.error(401, "not_logged_in")
        except (ConversationNotFound, RequestNotValid):
            return self._api.error(404, "document_not_found")
        except StorageUnavailable:
            return self._api.error(503, "storage_unavailable")
        if file is None:
            return self._api.error(404, "document_not_found")
        shown = "inline" if file.content_type == "application/pdf" else "attachment"
        headers = {
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'{shown}; filename="{file.name}"',
            # The pages' own would keep some browsers from showing a PDF.
            "Content-Security-Policy": "frame-ancestors 'none'",
        }
        return Response(file.content, media_type=file.content_type, headers=headers)

    async def _agent_of(self, request: Request) -> Agent:
        token = self._cookies.session_of(request)
        return await run_in_threadpool(self._services.accounts.agent_of, token)

    def _login_page(
        self, request: Request, status: int = 200, error: str = "", email: str = ""
    ) -> Response:
        token = self._cookies.form_token(request)
        message = self._texts.error(error) if error else ""
        response = self._page("login.html", status, form_token=token, error=message, email=email)
        self._cookies.open_form(response, token)
        return response

    def _page(self, template: str, status: int = 200, **facts: object) -> Response:
        html = self._templates.get_template(template).render(
            texts=self._texts.all(), shop_name=self._services.shop_name, **facts
        )
        return HTMLResponse(html, status)


class _Files(StaticFiles):
    """The page's files: kept by the browser, asked for anew so that an update is seen at once."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "no-cache"
        return response


async def _form(request: Request) -> dict[str, str]:
    """The fields of a small form; too large or no form: none."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            return {}
    text = bytes(body).decode("ascii", "replace")
    return dict(parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=None))
