"""What can be held without a container engine: the image, the compose file, the environment and the lock."""

import ast
import re
import shlex
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from celery.bin.celery import celery
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "docker-compose.yml").read_text()
LOCKS = [ROOT / "requirements/base.txt", ROOT / "requirements/dev.txt"]
OURS = ("web", "worker", "beat", "migrate")


def services() -> dict[str, str]:
    """The compose file's services with their text. Its lists stand on one line: this is all the YAML we need."""
    body = re.search(r"^services:\n(.*?)(?=^\S)", COMPOSE, re.MULTILINE | re.DOTALL)
    assert body
    parts = re.split(r"^  ([a-z]+):\n", body[1], flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def command_of(service: str) -> list[str]:
    """What a service runs; the image's own command where it names none."""
    found = re.search(r"^    command: \[(.+)\]$", services()[service], re.MULTILINE)
    words = found[1] if found else re.findall(r"^CMD \[(.+)\]$", DOCKERFILE, re.MULTILINE)[-1]
    return shlex.split(words.replace(",", " "))


def read_by_settings() -> set[str]:
    tree = ast.parse((ROOT / "portal/settings.py").read_text())
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
    named = (
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    )
    return {name for name in named if isinstance(name, str)}


def test_every_variable_is_in_the_example_and_in_the_manual():
    example = set(re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    manual = set(re.findall(r"`([A-Z0-9_]+)`", (ROOT / "docs/operations.md").read_text()))

    assert example == read_by_settings()
    assert read_by_settings() - manual == set()


def test_three_processes_and_a_migration_run_the_same_image():
    assert set(services()) == {*OURS, "postgres", "valkey"}
    assert [name for name in OURS if "<<: *portal" not in services()[name]] == []


@pytest.mark.parametrize("service", ["worker", "beat"])
def test_what_celery_is_asked_to_run_it_knows(service):
    program, *words = command_of(service)
    assert (program, words[:2]) == ("celery", ["--app", "portal"])

    known = {name for option in celery.commands[words[2]].params for name in option.opts}
    given = {word.partition("=")[0] for word in words[3:] if word.startswith("--")}

    assert given - known == set()


def test_the_web_server_is_gunicorn_with_a_configuration_that_it_reads():
    assert command_of("web") == ["gunicorn", "--config", "deploy/gunicorn.conf.py"]
    check = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--print-config"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    settings = dict(re.findall(r"^(\w+)\s+= (.+)$", check.stdout, re.MULTILINE))

    assert check.returncode == 0, check.stderr
    assert settings["worker_class"] == "gthread"
    assert settings["control_socket_disable"] == "True"
    assert settings["bind"] == "['0.0.0.0:8000']"


def test_the_migration_is_a_command():
    program, script, command, *_options = command_of("migrate")

    assert (program, script) == ("python", "manage.py")
    assert command in get_commands()


def test_the_image_runs_as_an_ordinary_user():
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    users = re.findall(r"^USER (\S+)$", final, re.MULTILINE)

    assert users == ["portal"]
    assert "useradd --system --uid 10001" in final
    assert final.index("\nUSER ") > final.rindex("\nRUN ")


def test_the_image_takes_only_what_the_lock_names():
    assert "pip install --require-hashes --no-deps --requirement /requirements.txt" in DOCKERFILE
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["python:3.13-slim"] * 2
    assert (ROOT / ".python-version").read_text().strip() == "3.13"


def test_nothing_secret_gets_into_the_image():
    allowed = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)

    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"
    assert set(allowed) & {".env", ".git", "var", "tests", "demo", ".venv"} == set()
    ours = ("portal", "clinics", "messaging", "clients", "pets", "loyalty", "bookings")
    assert [folder for folder in ours if folder not in allowed] == []


def test_files_that_are_mounted_or_copied_exist():
    mounted = re.findall(r"- \./(deploy/\S+?):", COMPOSE)
    started = re.findall(r"deploy/[\w.-]+", DOCKERFILE)

    assert [name for name in mounted + started if not (ROOT / name).exists()] == []
    assert (ROOT / "deploy/init-postgres.sh").stat().st_mode & 0o111


def test_the_database_role_is_an_ordinary_one():
    sql = (ROOT / "deploy/portal.sql").read_text()

    assert "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE" in sql
    assert "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'" in sql
    assert "postgresql://portal:" in COMPOSE


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_has_hashes_and_no_addresses(lock):
    pinned = re.findall(r"^([a-z0-9][\w.\[\]-]*==.+(?:\n    .+)*)", lock.read_text(), re.MULTILINE)

    assert len(pinned) > 30
    assert [package for package in pinned if "--hash=sha256:" not in package] == []
    assert re.findall(r"\w+://|^-|--index|--find-links", lock.read_text(), re.MULTILINE) == []


class Answering(BaseHTTPRequestHandler):
    status = 200
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(f"{self.headers['Host']}{self.path}")
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Quiet."""


@pytest.mark.parametrize(("status", "code"), [(200, 0), (400, 1), (None, 1)])
def test_the_health_check_asks_by_the_portals_name(status, code):
    asked: list[str] = []
    handler = type("Handler", (Answering,), {"status": status, "asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if status is None:
        server.shutdown()
        server.server_close()
    command = [sys.executable, "deploy/healthcheck.py", str(server.server_address[1])]

    ended = subprocess.run(command, cwd=ROOT, env={"PORTAL_URL": "https://portal.example"})
    server.shutdown()
    server.server_close()

    assert ended.returncode == code
    assert asked == (["portal.example/healthz"] if status else [])
