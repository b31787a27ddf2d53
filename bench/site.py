"""One web process under measurement: `python -m bench.site` answers orders on its standard input, `Site` gives them.

Requests are called through WSGI in the process itself, so that what is counted is the application's own CPU and not a
server's or a client's. The process has one connection, whose PostgreSQL backend is counted apart.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self
from wsgiref.util import setup_testing_defaults

import psutil

HOST = "testserver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """GET, or POST when it has a body."""

    path: str
    cookie: str = ""
    body: str = ""
    address: str = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What some requests cost together. `postgres` is 0 where the server's processes can't be seen from here."""

    requests: int
    web: float  # seconds of CPU
    postgres: float  # seconds of CPU
    status: int
    statements: int  # the most of any of them
    gz: int  # bytes of the largest answer's body

    @property
    def both_ms(self) -> float:
        return self.web_ms + self.postgres_ms

    @property
    def web_ms(self) -> float:
        return self.web / self.requests * 1000

    @property
    def postgres_ms(self) -> float:
        return self.postgres / self.requests * 1000


class Site:
    """A web process of its own, ours or the floor's, on one database."""

    def __init__(self, settings: str, env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.site"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**env, "DJANGO_SETTINGS_MODULE": settings, "DATABASE_POOL": "1"},
        )

    def visit(self, requests: Iterable[Request], *, counting: bool = False) -> Batch:
        """Send these requests one after another. Counting statements and bytes costs time: a run of its own."""
        order = {"counting": counting, "requests": [asdict(request) for request in requests]}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise SystemExit("A site under measurement has ended; what it said is above.")
        return Batch(**json.loads(answer))

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def main() -> None:
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    for line in sys.stdin:
        order = json.loads(line)
        requests = [Request(**fields) for fields in order["requests"]]
        batch = _counted(application, requests) if order["counting"] else _timed(application, requests)
        print(json.dumps(asdict(batch)), flush=True)


def _timed(application: Any, requests: list[Request]) -> Batch:
    environs, backend = [_environ(request) for request in requests], _backend()
    postgres, web = cpu_of(backend), time.process_time()
    statuses = {_answer(application, environ)[0] for environ in environs}
    web = time.process_time() - web
    postgres = cpu_of(backend) - postgres
    return Batch(
        requests=len(requests), web=web, postgres=postgres, status=_only(statuses, requests), statements=0, gz=0
    )


def _counted(application: Any, requests: list[Request]) -> Batch:
    from django.db import connection

    counts, sizes, statuses = [], [], set()
    for request in requests:
        statements: list[str] = []

        def note(execute: Any, sql: Any, params: Any, many: Any, context: Any, seen: list[str] = statements) -> Any:
            seen.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            status, body = _answer(application, _environ(request))
        statuses.add(status)
        counts.append(len(statements))
        sizes.append(len(gzip.compress(body, 6)))
    status = _only(statuses, requests)
    return Batch(requests=len(requests), web=0, postgres=0, status=status, statements=max(counts), gz=max(sizes))


def _only(statuses: set[int], requests: list[Request]) -> int:
    """What isn't answered alike isn't compared."""
    if len(statuses) != 1:
        raise SystemExit(f"{requests[0].path} was answered with {sorted(statuses)}")
    return statuses.pop()


def _answer(application: Any, environ: dict[str, Any]) -> tuple[int, bytes]:
    statuses: list[str] = []
    response = application(environ, lambda status, headers, exc_info=None: statuses.append(status))
    try:
        body = b"".join(response)
    finally:
        response.close()
    return int(statuses[0].split()[0]), body


def _environ(request: Request) -> dict[str, Any]:
    path, _mark, query = request.path.partition("?")
    body = request.body.encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": HOST,
        "HTTP_COOKIE": request.cookie,
        "HTTP_USER_AGENT": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
        "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.9",
        "REMOTE_ADDR": request.address,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    setup_testing_defaults(environ)
    return environ


def _backend() -> int:
    """The process id of the one connection's backend; 0 when it runs on another machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = int(cursor.fetchone()[0])
    connection.close()  # Back to the pool of one.
    try:
        return pid if "postgres" in psutil.Process(pid).name() else 0
    except psutil.Error:
        return 0


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used: exact where the kernel tells (Linux), else in its ticks."""
    if not pid:
        return 0.0
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        times = psutil.Process(pid).cpu_times()
        return float(times.user + times.system)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    main()
