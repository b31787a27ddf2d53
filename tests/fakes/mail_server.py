"""An SMTP server of a few lines on this machine, which can hang up at the worst moment."""

from __future__ import annotations

import socketserver
import threading
from typing import ClassVar, Self


class MailServer:
    """`with MailServer() as server:` listens on `server.port` and keeps what it has `taken`."""

    def __init__(self, *, hangs_up_after_data: bool = False, answer_to_rcpt: str = "250 OK") -> None:
        self.taken: list[bytes] = []
        self.hangs_up_after_data = hangs_up_after_data
        self.answer_to_rcpt = answer_to_rcpt

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _Session)
        self._server.mail = self
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    mail: MailServer


class _Session(socketserver.StreamRequestHandler):
    server: _Server
    ANSWERS: ClassVar = {"EHLO": "250 here", "MAIL": "250 OK", "RSET": "250 OK", "QUIT": "221 Bye"}

    def handle(self) -> None:
        mail = self.server.mail
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "DATA":
                self._say("354 Go on")
                mail.taken.append(self._letter())
                if mail.hangs_up_after_data:
                    return
                self._say("250 Taken")
            else:
                self._say(mail.answer_to_rcpt if word == "RCPT" else self.ANSWERS[word])
            if word == "QUIT":
                return

    def _letter(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
