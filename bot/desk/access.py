"""Who may see the desk: its cookies, its forgery guards, and the headers of all its answers."""

import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.services.agents import SESSION_LENGTH

SESSION_COOKIE = "posventa_desk"
FORM_COOKIE = "posventa_desk_form"
# A form or an image of another site cannot send a header of its own choosing, and a script of
# another site may not: the browser asks us first, and we do not answer.
WRITE_HEADER = "X-Posventa-Desk"

# No 'unsafe-inline', nothing from elsewhere.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class DeskHeaders:
    """Middleware: the security headers on every answer of the desk, and no cache but for files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers to its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Cookies:
    """Sets and reads the desk's cookies; `secure` when the world reaches us by https."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure

    def session_of(self, request: Request) -> str:
        """The session's token, or nothing."""
        return request.cookies.get(SESSION_COOKIE, "")

    def open_session(self, response: Response, token: str) -> None:
        """Hand the agent's browser its token."""
        seconds = int(SESSION_LENGTH.total_seconds())
        self._set(response, SESSION_COOKIE, token, max_age=seconds)

    def close_session(self, response: Response) -> None:
        """Take the token back."""
        self._set(response, SESSION_COOKIE, "", max_age=0)

    def form_token(self, request: Request) -> str:
        """A token that the log-in form brings back beside its cookie; one for all tabs."""
        return request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)

    def open_form(self, response: Response, token: str) -> None:
        """Hand the browser the cookie that belongs to the form."""
        self._set(response, FORM_COOKIE, token)

    def close_form(self, response: Response) -> None:
        """The form did its work."""
        self._set(response, FORM_COOKIE, "", max_age=0)

    def is_form_of(self, request: Request, token: str) -> bool:
        """Whether a form's token is the one this browser was given."""
        expected = request.cookies.get(FORM_COOKIE, "")
        return bool(expected) and secrets.compare_digest(_bytes(expected), _bytes(token))

    def _set(self, response: Response, name: str, value: str, max_age: int | None = None) -> None:
        response.set_cookie(
            name,
            value,
            max_age=max_age,
            path="/desk",
            httponly=True,
            samesite="strict",
            secure=self._secure,
        )


def _bytes(token: str) -> bytes:
    return token.encode("utf-8", "replace")
