"""The load generator waits for answers, looks at them, and counts what went wrong."""

import asyncio
import json
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress

import pytest

from bot.bench.connection import Connection, ConnectionLost
from bot.bench.customers import NotAnswered, RestCustomer, WebChatCustomer
from bot.bench.load import Load, Loop, Measured, Question

Answer = Callable[[str, str, dict], bytes]


def json_response(content: object, status: int = 200) -> bytes:
    body = json.dumps(content).encode()
    return f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def chunked_response(content: object) -> bytes:
    body = json.dumps(content).encode()
    half = len(body) // 2
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:]))
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"


@asynccontextmanager
async def server(answer: Answer):
    """A server that answers each request with what `answer` makes of method, path and body."""

    talks = set()

    async def serve(reader, writer):
        talks.add(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            response = b"anything"
            while response:
                head = await reader.readuntil(b"\r\n\r\n")
                lines = head.decode().lower().split("\r\n")
                length = next(
                    int(line[15:]) for line in lines if line.startswith("content-length:")
                )
                body = json.loads(await reader.readexactly(length) or b"{}")
                method, path, _ = head.decode().split("\r\n")[0].split()
                response = answer(method, path, body)
                writer.write(response)
        writer.close()
        await writer.wait_closed()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        await asyncio.gather(*talks)


def web_chat(batches: list[list[dict]]) -> Answer:
    """A gateway whose long polls return these batches of messages, one after the other."""

    def answer(method: str, path: str, body: dict) -> bytes:
        if path == "/webchat/sessions":
            return json_response({"token": "T"}, 201)
        if method == "POST":
            return json_response({"seq": 1}, 202)
        return json_response({"messages": batches.pop(0)})

    return answer


async def in_a_loop(answer: Answer, question: Question, seconds: float = 0.2) -> Measured:
    async with server(answer) as port:
        load = Load("rest", port, 2, 0.0, seconds, ((question,) * 3,))
        return await Loop(load).run()


def test_a_chunked_answer_is_read_whole():
    async def ask():
        async with server(lambda *_: chunked_response({"text": "año"})) as port:
            connection = Connection(port)
            answers = [await connection.request("GET", "/") for _ in range(2)]
            connection.close()
            return answers

    assert asyncio.run(ask()) == [(200, {"text": "año"})] * 2


def test_a_connection_cut_in_the_middle_is_an_error_and_the_next_request_opens_another():
    responses = [b"", json_response({"ok": True})]

    async def ask():
        async with server(lambda *_: responses.pop(0)) as port:
            connection = Connection(port)
            with pytest.raises(ConnectionLost):
                await connection.request("GET", "/")
            answer = await connection.request("GET", "/")
            connection.close()
            return answer

    assert asyncio.run(ask()) == (200, {"ok": True})


def test_a_web_chat_turn_ends_with_the_assistants_words_and_not_with_the_houses():
    batches = [
        [],
        [{"seq": 2, "author": "system", "text": "un momento"}],
        [{"seq": 3, "author": "bot", "text": "aquí está"}],
    ]

    async def ask():
        async with server(web_chat(batches)) as port:
            customer = WebChatCustomer(port)
            await customer.begin()
            answer = await customer.ask("hola")
            customer.leave()
            return answer

    assert asyncio.run(ask()) == "aquí está"


def test_silence_is_no_answer():
    async def ask():
        async with server(lambda *_: json_response([])) as port:
            customer = RestCustomer(port)
            await customer.begin()
            with pytest.raises(NotAnswered):
                await customer.ask("hola")
            customer.leave()

    asyncio.run(ask())


def test_answered_turns_are_timed():
    measured = asyncio.run(
        in_a_loop(lambda *_: json_response([{"text": "viaja con 123"}]), Question("y?", ("123",)))
    )
    assert measured.latencies_ms
    assert (measured.wrong_answers, measured.failures) == (0, 0)


def test_an_untrue_answer_is_counted_as_wrong():
    measured = asyncio.run(
        in_a_loop(lambda *_: json_response([{"text": "viaja con 999"}]), Question("y?", ("123",)))
    )
    assert measured.wrong_answers == len(measured.latencies_ms) > 0
    assert "999" in measured.example_of_trouble


def test_a_refusal_is_a_failure_and_no_fast_turn():
    measured = asyncio.run(
        in_a_loop(lambda *_: json_response({}, 503), Question("hola", ("hola",)))
    )
    assert measured.failures > 0
    assert measured.latencies_ms == []
