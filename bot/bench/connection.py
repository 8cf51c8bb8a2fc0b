"""A keep-alive HTTP/1.1 connection for JSON, as light as the load generator needs it.

It shares the cores with what it measures: a general client costs several times as much CPU a
request. It speaks to the two servers measured here and understands no more than they say.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any


class ConnectionLost(Exception):
    """The server closed the connection, refused it, or answered something that is not HTTP."""


class Connection:
    """One connection to a server on this machine, opened when needed.

    Args:
        port: the server's.
        address: where the client is, within 127.0.0.0/8.
    """

    def __init__(self, port: int, address: str = "127.0.0.1") -> None:
        self._port = port
        self._address = address
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def request(
        self, method: str, path: str, body: object = None, token: str | None = None
    ) -> tuple[int, Any]:
        """Send a request and return the status with the decoded JSON answer.

        Args:
            method: the HTTP method.
            path: path and query.
            body: what to send as JSON; None sends no body.
            token: bearer token.

        Raises:
            ConnectionLost: there is no whole answer; the next request opens a new connection.
        """
        payload = b"" if body is None else json.dumps(body).encode()
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self._port}",
            "Content-Type: application/json",
            f"Content-Length: {len(payload)}",
        ]
        if token is not None:
            lines.append(f"Authorization: Bearer {token}")
        head = "\r\n".join([*lines, "", ""]).encode()
        whole = False
        try:
            reader, writer = await self._opened()
            writer.write(head + payload)
            status, headers = await _head(reader)
            content = await _body(reader, headers)
            whole = headers.get("connection", "").lower() != "close"
            return status, json.loads(content) if content else None
        except (OSError, EOFError, ValueError) as error:
            whole = False
            raise ConnectionLost(f"{type(error).__name__}: {error}") from error
        finally:
            # Also when the wait for the answer was given up: a late answer must not be taken for
            # the next request's.
            if not whole:
                self.close()

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._reader is None or self._writer is None or self._reader.at_eof():
            self.close()
            self._reader, self._writer = await asyncio.open_connection(
                "127.0.0.1", self._port, local_addr=(self._address, 0)
            )
        return self._reader, self._writer


async def _head(reader: asyncio.StreamReader) -> tuple[int, Mapping[str, str]]:
    first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in rest if line)
    return int(first.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return await _chunks(reader)
    return await reader.readexactly(int(headers.get("content-length", "0")))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    content = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        content += (await reader.readexactly(size + 2))[:-2]
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass  # trailers
    return content
