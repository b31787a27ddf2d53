"""What gunicorn serves to the browser: the application of DJANGO_SETTINGS_MODULE behind what a front proxy does, gzip.

Static files are compressed already when they are collected; pages are left to the proxy.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

_application: Any = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    answers: list[tuple[str, list[tuple[str, str]]]] = []
    response: Any = _application(environ, lambda status, headers, exc_info=None: answers.append((status, headers)))
    try:
        body = b"".join(response)
    finally:
        response.close()
    status, headers = answers[0]
    names = {name.lower(): value for name, value in headers}
    if "content-encoding" not in names and names.get("content-type", "").startswith("text/"):
        body = gzip.compress(body, 6)
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        headers += [("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
    start_response(status, headers)
    return [body]
