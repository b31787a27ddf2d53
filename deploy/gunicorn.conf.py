"""How gunicorn serves the portal in a container. WEB_CONCURRENCY sets the number of processes (default 2)."""

import os

wsgi_app = "portal.wsgi"
bind = "0.0.0.0:8000"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 8
# A request that takes longer is a fault of ours; the longest wait inside one is the database pool's 5 s.
timeout = 30
graceful_timeout = 20
# Heartbeats belong in memory: a slow disk must not look like a dead worker.
worker_tmp_dir = "/dev/shm"  # noqa: S108  a file without a name, of gunicorn's own making
control_socket_disable = True
# The portal logs what matters, without addresses' query strings; a proxy in front has its own access log.
accesslog = None
loglevel = "warning"
