"""The folder of a demo: one owner, nothing of anybody else's, secrets that last."""

import os
import stat
import subprocess
import sys
import time

import pytest
from cryptography.fernet import Fernet

from tools import servers, state


@pytest.fixture
def folder(tmp_path_factory, monkeypatch):
    short, held = state.temporary_folder()
    held.close()
    monkeypatch.setenv("PORTAL_STATE_DIR", str(short))
    yield short
    state.remove(short)


def test_the_lock_says_who_holds_it(folder):
    with (
        state.hold(folder),
        pytest.raises(SystemExit, match=f"Process {os.getpid()} is using {folder} already"),
    ):
        state.hold(folder)


def test_the_lock_is_free_again_when_its_owner_was_killed(folder):
    holder = (
        "import os, pathlib, sys; from tools import state;held = state.hold(pathlib.Path(sys.argv[1])); os._exit(1)"
    )
    killed = subprocess.run([sys.executable, "-c", holder, str(folder)], cwd=state.ROOT)
    assert killed.returncode == 1

    assert not state.is_held(folder)


def test_the_folder_that_the_user_names_is_taken(folder):
    assert state.demo_folder() == folder.resolve()


def test_a_name_too_long_for_a_socket_is_refused_with_the_way_out(folder, monkeypatch):
    monkeypatch.setenv("PORTAL_STATE_DIR", f"{folder}/{'long' * 30}")

    with pytest.raises(SystemExit, match="Set PORTAL_STATE_DIR to a short one"):
        state.demo_folder()


def test_without_a_name_every_checkout_has_a_folder_of_its_own_outside_the_repository(monkeypatch, tmp_path):
    monkeypatch.delenv("PORTAL_STATE_DIR", raising=False)
    monkeypatch.setattr(state, "_places", lambda: [tmp_path / ("deep" * 30), tmp_path])
    monkeypatch.setattr(state, "LONGEST_SOCKET_PATH", len(str(tmp_path)) + 60)

    here = state.demo_folder()
    monkeypatch.setattr(state, "ROOT", state.ROOT / "another")

    assert here.parent == tmp_path
    assert state.demo_folder() != here


def test_secrets_are_drawn_once_and_for_our_eyes_only(folder):
    drawn = state.secrets_of(folder)

    assert state.secrets_of(folder) == drawn
    assert stat.S_IMODE((folder / "secrets.json").stat().st_mode) == 0o600
    assert len(drawn["SECRET_KEY"]) >= 43
    Fernet(drawn["PORTAL_KEYS"])  # Refuses what is no key.


def test_the_keys_of_the_tests_are_ones_that_the_settings_take():
    Fernet(servers.FOR_TESTS["PORTAL_KEYS"])  # Refuses what is no key.


def test_a_reset_removes_what_a_demo_writes_and_nothing_else(folder):
    (folder / "postgres" / "cluster").mkdir(parents=True)
    (folder / "secrets.json").write_text("{}")
    (folder / "diary.txt").write_text("dear")

    state.reset(folder)

    assert {path.name for path in folder.iterdir()} == {"diary.txt", "lock"}


def test_what_a_killed_run_left_behind_is_removed_and_what_is_in_use_is_not(folder):
    abandoned, held = state.temporary_folder()
    held.close()
    in_use, held = state.temporary_folder()
    for path in (abandoned, in_use):
        long_ago = time.time() - 2 * state.JUST_MADE
        os.utime(path, (long_ago, long_ago))

    with held:
        state.remove_unless_in_use(abandoned)
        state.remove_unless_in_use(in_use)
        assert (abandoned.exists(), in_use.exists()) == (False, True)

    state.remove(in_use)


def test_a_folder_closed_to_others_is_no_place_for_root(tmp_path):
    closed = tmp_path / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)

    assert not state.open_to_others(closed / "inside")
