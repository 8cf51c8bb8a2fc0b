"""The gateway's web chat wire as a fake: real HTTP, a scripted other side, faults on demand.

It keeps to the protocol (numbered messages, resume by `after` and `Last-Event-ID`, long poll,
refusals as JSON with a sentence) and lets a test play the assistant, the agent and the bad day:

    with WebchatFake().running() as fake:
        page.goto(fake.url)
        fake.say("Hello")
        fake.drop_streams()

Its methods are called from the test's thread; everything it holds lives on the server's loop.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from tests.fakes.webchat_pages import Pages
from tests.fakes.webchat_wire import Fault, WebchatWire

WAIT_SECONDS = 15  # how long a test waits for the browser to do its part


class WebchatFake(WebchatWire):
    """A gateway that does as a test says."""

    port = 0  # any free one, and the same again after a restart

    # -- Running

    @property
    def url(self) -> str:
        """Where the shop's page is."""
        return f"http://127.0.0.1:{self.port}/"

    @contextmanager
    def running(self) -> Iterator["WebchatFake"]:
        """Serve until the block ends."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def start(self) -> None:
        """Serve on the port that is ours, from a thread of its own."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen()
        self.port = listener.getsockname()[1]
        self._server = uvicorn.Server(
            uvicorn.Config(self._app(), log_config=None, lifespan="off", ws="none")
        )
        has_loop = threading.Event()

        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            self._changed = asyncio.Event()
            self._may_take, self._may_answer = asyncio.Event(), asyncio.Event()
            self._may_take.set()
            self._may_answer.set()
            has_loop.set()
            await self._server.serve(sockets=[listener])

        self._thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        self._thread.start()
        if not has_loop.wait(WAIT_SECONDS):
            raise RuntimeError("the fake gateway did not start")

    def stop(self) -> None:
        """Be gone, as after a crash: open connections are cut. What is stored is kept."""
        self.drop_streams()
        self._on_loop(self._may_take.set)
        self._on_loop(self._may_answer.set)
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(WAIT_SECONDS)

    def _on_loop(self, job: Callable[[], Any]) -> Any:
        async def run() -> Any:
            return job()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(WAIT_SECONDS)

    # -- The other side of the conversation

    def say(
        self,
        text: str,
        *,
        author: str = "bot",
        name: str = "",
        choices: Sequence[str] = (),
        attachments: Sequence[dict[str, str]] = (),
        ago: timedelta = timedelta(),
        lost: bool = False,
    ) -> int:
        """Write to the newest session; `choices` are titles, their tokens are `choice:TITLE`.

        `lost` stores the message but keeps it from every stream: only asking for it helps.
        """
        return int(
            self._on_loop(
                lambda: self._append(
                    self._newest(),
                    author=author,
                    author_name=name,
                    text=text,
                    choices=[{"title": title, "choice": f"choice:{title}"} for title in choices],
                    attachments=list(attachments),
                    ago=ago,
                    lost=lost,
                )
            )
        )

    def type(self, author: str, on: bool = True) -> None:
        """Show the assistant or the agent writing, or no longer."""

        def change() -> None:
            self._newest().typing = author if on else None
            self._publish("typing", {"author": author, "on": on})

        self._on_loop(change)

    def become(self, assistant: str) -> None:
        """The assistant is `ready` or `waking_up`."""

        def change() -> None:
            self.assistant = assistant
            self._publish("assistant", {"status": assistant})

        self._on_loop(change)

    # -- The bad day

    def fail(
        self,
        path: str = "messages",
        *,
        status: int = 503,
        code: str = "unavailable",
        message: str = "Not now.",
        times: int = 1,
    ) -> None:
        """Refuse the next POSTs to a path."""
        self._faults.append(Fault(path, status, code, message, times))

    def lose_answer(self, path: str = "messages", times: int = 1) -> None:
        """Take the next POSTs, and cut the connection instead of answering."""
        self._faults.append(Fault(path, None, "", "", times))

    def drop_streams(self, torn: bool = False) -> None:
        """End every open stream; `torn`: in the middle of an event."""

        def drop() -> None:
            for stream in list(self._streams):
                if torn:
                    stream.put_nowait('id: 999\nevent: message\ndata: {"seq": 999, "text": "tor')
                stream.put_nowait(None)

        self._on_loop(drop)

    def forget_sessions(self) -> None:
        """Every token that was given out is worth nothing now."""

        def forget() -> None:
            self.conversations.clear()
            self._wake()

        self._on_loop(forget)
        self.drop_streams()

    @contextmanager
    def slow(self) -> Iterator[None]:
        """Take no POST until the block ends."""
        self._on_loop(self._may_take.clear)
        try:
            yield
        finally:
            self._on_loop(self._may_take.set)

    @contextmanager
    def late(self) -> Iterator[None]:
        """Take and show every message at once, but answer its POST when the block ends."""
        self._on_loop(self._may_answer.clear)
        try:
            yield
        finally:
            self._on_loop(self._may_answer.set)

    # -- What a test may ask

    def wait_until(self, promise: Callable[["WebchatFake"], bool]) -> None:
        """Wait until the fake has seen what the test waits for."""
        with self._known:
            if not self._known.wait_for(lambda: promise(self), WAIT_SECONDS):
                raise AssertionError(f"never came true; received: {self.received}")

    @property
    def open_streams(self) -> int:
        """How many streams are being served."""
        return len(self._streams)

    def texts_received(self) -> list[str]:
        """The texts that arrived, in order."""
        return [one.value for one in self.received if one.kind == "text"]

    def _app(self) -> Starlette:
        return Starlette(
            routes=[*self.webchat_routes(), *Pages("Casa Olmo", self.texts).routes()],
            middleware=[
                Middleware(
                    CORSMiddleware,
                    allow_origins=["*"],
                    allow_methods=["GET", "POST"],
                    allow_headers=["Authorization", "Content-Type"],
                )
            ],
        )
