"""The databases that are measured: made beside the one of DATABASE_URL under names of their own, and kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
MANY, FEW = 1000, 10
# As in production: nothing of the demo, and a provider for texts. Nothing is sent: no worker runs beside a measurement.
LIKE_PRODUCTION = {
    "PORTAL_DEMO": "0",
    "DEBUG": "0",
    "PORTAL_URL": "http://testserver",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "opens-nothing",
    "TWILIO_FROM": "+441632960000",
}


@dataclass(frozen=True, slots=True)
class Database:
    """A seeded database: its address, and what the seed told about who may sign in."""

    url: str
    known: dict[str, Any]

    @property
    def env(self) -> dict[str, str]:
        return {**os.environ, **LIKE_PRODUCTION, "DATABASE_URL": self.url}


def ours(clinics: int = MANY) -> Database:
    """The portal's, with so many clinics."""
    return _seeded(f"bench_{clinics}", "bench.seed", "--clinics", str(clinics))


def visits(count: int) -> Database:
    """One clinic of the portal's with so many visits on file."""
    return _seeded(f"bench_visits_{count}", "bench.seed_visits", "--visits", str(count))


def floor() -> Database:
    return _seeded("bench_floor", "bench.floor.seed")


def collect_static_files() -> None:
    """The manifest that every page reads."""
    env = {**os.environ, **LIKE_PRODUCTION}
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"], cwd=ROOT, env=env, check=True)


def connect(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True)


def _seeded(suffix: str, module: str, *arguments: str) -> Database:
    """The database of this name; made and seeded unless it is there, whole."""
    url = _url(suffix)
    if (known := _told(suffix)) is not None:
        return Database(url, known)
    name = sql.Identifier(_name(suffix))
    with connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    env = Database(url, {}).env
    if module != "bench.floor.seed":
        subprocess.run([sys.executable, "manage.py", "migrate", "--no-input", "-v0"], cwd=ROOT, env=env, check=True)
    env["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    seeding = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True
    )
    # Written down last: a seed that was stopped half-way is made anew.
    with connect(url) as connection:
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(seeding.stdout.strip())))
    return Database(url, json.loads(seeding.stdout))


def _told(suffix: str) -> dict[str, Any] | None:
    with connect(os.environ["DATABASE_URL"]) as connection:
        query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        row = connection.execute(query, [_name(suffix)]).fetchone()
    return json.loads(row[0]) if row and row[0] else None


def _name(suffix: str) -> str:
    return f"{urlsplit(os.environ['DATABASE_URL']).path.lstrip('/')}_{suffix}"


def _url(suffix: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{_name(suffix)}"))
