"""Ends with 0 if this container's web server answers /healthz. Standard library only, so that it starts quickly."""

import os
import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit

# Django answers only to the hosts that it knows.
host = urlsplit(os.environ.get("PORTAL_URL", "")).hostname or "localhost"
connection = HTTPConnection("127.0.0.1", int(sys.argv[1]) if sys.argv[1:] else 8000, timeout=4)
try:
    connection.request("GET", "/healthz", headers={"Host": host})
    is_healthy = connection.getresponse().status == 200
except OSError:
    is_healthy = False
sys.exit(not is_healthy)
