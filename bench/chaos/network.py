"""A client's way to the server, that may be cut before, within and after a request."""

import contextlib
import http.client
import json
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

TIMEOUT = 20


class Unreachable(Exception):
    """No answer came: the request may or may not have been carried out."""


class Network:
    """All connections of all clients. While it is down nobody is reached."""

    def __init__(self, ports: Sequence[int]) -> None:
        self.ports = ports
        self.is_down = threading.Event()
        self.counts: Counter[str] = Counter()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1

    def opened(self, one: socket.socket) -> None:
        with self._lock:
            self._open.add(one)

    def closed(self, one: socket.socket | None) -> None:
        with self._lock:
            self._open.discard(one)  # type: ignore[arg-type]

    def go_down(self) -> None:
        """Cut every connection at this moment, in the middle of whatever is under way."""
        self.is_down.set()
        with self._lock:
            found = list(self._open)
        for one in found:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def come_back(self) -> None:
        self.is_down.clear()


class Line:
    """One kept-alive connection of one client, made anew after a cut to either web process."""

    def __init__(self, network: Network, secret: str, dice: random.Random) -> None:
        self.network, self.dice = network, dice
        self.headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        self.connection: http.client.HTTPConnection | None = None

    def post(self, path: str, body: dict[str, Any], *, cut: bool = False) -> tuple[int, Any]:
        """Status and answer. cut: lose the answer, or the half of the request, on purpose. Raises Unreachable."""
        self.send(path, body, cut=cut)
        return self.read()

    def send(self, path: str, body: dict[str, Any], *, cut: bool = False) -> None:
        if self.network.is_down.is_set():
            self.close()
            raise Unreachable
        text = json.dumps(body).encode()
        try:
            connection = self._connected()
            if cut and self.dice.random() < 0.3:
                self._send_half(connection, path, text)
            connection.request("POST", f"/api/v1/{path}", text, self.headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unreachable from error
        if cut:
            time.sleep(0.05 * self.dice.random())  # the server may be before, within or after its transaction
            self._reset(connection)
            self.network.count("answers lost on the way")
            raise Unreachable

    def read(self) -> tuple[int, Any]:
        if self.connection is None:
            raise Unreachable
        try:
            response = self.connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unreachable from error
        if response.status >= 500:
            self.network.count("answers 5xx")
            raise Unreachable
        return response.status, json.loads(text or b"null")

    def close(self) -> None:
        if self.connection is not None:
            self.network.closed(self.connection.sock)
            self.connection.close()
            self.connection = None

    def _connected(self) -> http.client.HTTPConnection:
        if self.connection is None or self.connection.sock is None:
            self.connection = http.client.HTTPConnection(
                "127.0.0.1", self.dice.choice(self.network.ports), timeout=TIMEOUT
            )
            self.connection.connect()
            self.network.opened(self.connection.sock)
        return self.connection

    def _send_half(self, connection: http.client.HTTPConnection, path: str, text: bytes) -> None:
        head = f"POST /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(text)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in self.headers.items()) + "\r\n"
        connection.sock.sendall(head.encode() + text[: len(text) // 2])
        self._reset(connection)
        self.network.count("requests cut in half")
        raise Unreachable

    def _reset(self, connection: http.client.HTTPConnection) -> None:
        """Close without the usual good-bye, as when a cable is pulled."""
        with contextlib.suppress(OSError):
            connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()
