"""Rasa's private channel over a real socket: what each way of failing means to the gateway."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

import orjson
import pytest

from bot.adapters import rasa
from bot.adapters.rasa import AssistantLost, AssistantUnavailable, RasaClient, TurnFailed
from bot.domain.messages import Document, DocumentKind
from bot.domain.turns import Answer, Turn
from tests.fakes.rasa import reply

TURN = Turn("turn", "conversation", "webchat", 0, (1,), 0, "hola", None, None)
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def http(status: str, body: bytes, *, length: int | None = None) -> bytes:
    """An answer as it stands on the wire."""
    size = len(body) if length is None else length
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), size, body)


def ask(serve: Serve) -> Answer:
    """What one turn gets from a server that behaves so."""
    done = asyncio.Event()

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            await serve(reader, writer)
            writer.close()
            await writer.wait_closed()
        done.set()

    async def play() -> Answer:
        server = await asyncio.start_server(once, "127.0.0.1", 0)
        client = RasaClient(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "secret")
        try:
            return await client.answer(TURN)
        finally:
            await client.close()
            server.close()
            await done.wait()

    return asyncio.run(play())


def says(answer: bytes) -> Serve:
    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()

    return serve


def test_an_answer_arrives_with_its_texts_and_state() -> None:
    answer = ask(says(http("200 OK", orjson.dumps(reply("¡Hola!")))))
    assert [message.text for message in answer.messages] == ["¡Hola!"]


def test_an_answer_arrives_with_its_documents() -> None:
    body = reply("¡Hola!", documents=(("receipt", "DEV-2026-000001"),))
    answer = ask(says(http("200 OK", orjson.dumps(body))))
    assert answer.documents == (Document(DocumentKind.RECEIPT, "DEV-2026-000001"),)


def test_a_document_of_an_unknown_kind_fails_the_turn() -> None:
    body = reply("¡Hola!", documents=(("secret", "A-1001"),))
    with pytest.raises(TurnFailed):
        ask(says(http("200 OK", orjson.dumps(body))))


def test_nobody_listening_means_ask_again() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"

        async def play() -> None:
            client = RasaClient(address, "secret")
            try:
                assert not await client.is_ready()
                await client.answer(TURN)
            finally:
                await client.close()

        with pytest.raises(AssistantUnavailable) as raised:
            asyncio.run(play())
    assert not isinstance(raised.value, AssistantLost)


@pytest.mark.parametrize(
    "last_words", [b"", b"HTTP/1.1 200 OK\r\n", http("200 OK", b'{"mess', length=900)]
)
def test_a_death_in_the_middle_may_be_the_turns_own_fault(last_words: bytes) -> None:
    with pytest.raises(AssistantLost):
        ask(says(last_words))


def test_a_turn_that_hangs_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa, "TURN_TIMEOUT_SECONDS", 0.1)

    async def hang(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until the client goes

    with pytest.raises(TurnFailed):
        ask(hang)


@pytest.mark.parametrize("status", ["500 Internal Server Error", "401 Unauthorized", "302 Found"])
def test_another_status_is_a_failed_turn(status: str) -> None:
    with pytest.raises(TurnFailed):
        ask(says(http(status, b"{}")))


def test_no_model_yet_means_ask_again() -> None:
    with pytest.raises(AssistantUnavailable):
        ask(says(http("409 Conflict", b"{}")))


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b'{"messages": 1}', b"NaN"])
def test_what_is_no_answer_is_a_failed_turn(content: bytes) -> None:
    with pytest.raises(TurnFailed):
        ask(says(http("200 OK", content)))
