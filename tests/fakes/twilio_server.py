"""A stand-in for Twilio's Messages API on this machine, which can misbehave like the real one.

`create`, `list` and `fetch` answer with the fields that the portal reads. Faults come from a script
(`next_faults`), or by chance that a seed repeats: a hash of seed, body and attempt decides.
"""

from __future__ import annotations

import hashlib
import json
import socket
import struct
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

# Of 100 requests, so many each; the rest go well.
CHANCES = {
    "500_before": 4,
    "500_after": 4,
    "timeout_after": 4,
    "429": 4,
    "reset_before": 3,
    "reset_after": 3,
    "slow": 4,
}


@dataclass
class TwilioServer:
    """`with TwilioServer() as twilio:` serves at `twilio.url`; `twilio.accepted` is what it has taken."""

    seed: str = ""
    # How long a fault keeps a caller waiting. Longer than the caller's patience.
    hang: float = 1.0
    accepted: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    next_faults: list[str] = field(default_factory=list)
    is_deaf: bool = False
    tries: Counter[str] = field(default_factory=Counter)

    def __enter__(self) -> Self:
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.twilio = self
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def bodies(self) -> list[str]:
        return [message["body"] for message in self.accepted]

    def fault_for(self, body: str) -> str:
        with self._lock:
            self.tries[body] += 1
            if self.next_faults:
                return self.next_faults.pop(0)
            if not self.seed:
                return ""
            digest = hashlib.sha256(f"{self.seed}|{body}|{self.tries[body]}".encode()).digest()
        drawn = int.from_bytes(digest[:4]) % 100
        for fault, chance in CHANCES.items():
            if drawn < chance:
                return fault
            drawn -= chance
        return ""

    def accept(self, fields: dict[str, str]) -> dict[str, Any]:
        with self._lock:
            message = {
                "sid": f"SM{len(self.accepted):032x}",
                "to": fields["To"],
                "body": fields["Body"],
                "status": "queued",
                "direction": "outbound-api",
                "date_created": format_datetime(datetime.now(UTC)),
            }
            self.accepted.append(message)
            return message


class _Server(ThreadingHTTPServer):
    twilio: TwilioServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    @property
    def twilio(self) -> TwilioServer:
        return self.server.twilio

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        fields = {name: values[-1] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        self.twilio.requests.append(fields)
        self._misbehave(self.twilio.fault_for(fields["Body"]), fields)

    def _misbehave(self, fault: str, fields: dict[str, str]) -> None:
        if fault == "429":
            self._answer(429, {"code": 20429, "message": "Too Many Requests"}, {"Retry-After": "7"})
        elif fault.isdecimal() and not fault.startswith("5"):
            code = 21610 if fault == "400" else 20003
            self._answer(int(fault), {"code": code, "message": f"No to {fields['To']}"})
        elif fault == "500_before":
            self._answer(500, {"code": 20500, "message": "Internal Server Error"})
        elif fault == "reset_before":
            self._reset()
        else:
            self._misbehave_after(fault, self.twilio.accept(fields))

    def _misbehave_after(self, fault: str, message: dict[str, Any]) -> None:
        if fault == "500_after":
            self._answer(500, {"code": 20500, "message": "Internal Server Error"})
        elif fault == "timeout_after":
            time.sleep(self.twilio.hang)
            self.close_connection = True
        elif fault == "reset_after":
            self._reset()
        elif fault == "nonsense":
            self._send(201, b"<html>", {})
        else:
            if fault == "slow":
                time.sleep(self.twilio.hang / 4)
            self._answer(201, message)

    def do_GET(self) -> None:
        if self.twilio.is_deaf:
            self._answer(503, {})
            return
        address = urlsplit(self.path)
        name = address.path.rpartition("/")[2]
        if name != "Messages.json":
            one = [message for message in self.twilio.accepted if f"{message['sid']}.json" == name]
            self._answer(200 if one else 404, one[0] if one else {"code": 20404})
            return
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        self._answer(200, self._page(address.path, query))

    def _page(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        found = [message for message in reversed(self.twilio.accepted) if message["to"] == query["To"]]
        size, page = int(query.get("PageSize", 50)), int(query.get("Page", 0))
        rest = len(found) > (page + 1) * size
        after = f"{path}?To={query['To'].replace('+', '%2B')}&PageSize={size}&Page={page + 1}"
        shown = found[page * size : (page + 1) * size]
        return {"messages": shown, "next_page_uri": after if rest else None}

    def _answer(self, status: int, fields: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(fields).encode(), headers or {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            **headers,
            "Content-Length": str(len(body)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        # No linger: the connection ends with RST instead of a polite FIN.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def handle(self) -> None:
        with suppress(OSError, ValueError):  # The caller was killed, or we hung up on it.
            super().handle()

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()

    def log_message(self, *arguments: object) -> None:
        pass
