"""`.venv` is made anew when, and only when, the lock or the Python is another."""

import pytest

from tools import environment


@pytest.fixture
def lock(tmp_path):
    lock = tmp_path / "dev.txt"
    lock.write_text("django==6.1.3\n")
    return lock


@pytest.fixture
def venv(tmp_path, lock):
    """A folder that looks like one; making a real one takes a minute and a network."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").touch()
    (venv / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.13.0\n")
    (venv / "portal-stamp").write_text(environment.stamp(venv, lock))
    return venv


def test_a_venv_that_was_made_from_this_lock_is_left_alone(venv, lock):
    assert environment.is_current(venv, lock)
    assert environment.prepare(venv, lock) == venv / "bin" / "python"


def test_a_changed_lock_makes_it_stale(venv, lock):
    lock.write_text("django==6.1.4\n")

    assert not environment.is_current(venv, lock)


def test_another_python_makes_it_stale(venv, lock):
    (venv / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.14.0\n")

    assert not environment.is_current(venv, lock)


@pytest.mark.parametrize("missing", ["bin/python", "pyvenv.cfg", "portal-stamp"])
def test_half_a_venv_is_stale(venv, lock, missing):
    (venv / missing).unlink()

    assert not environment.is_current(venv, lock)


def test_a_python_that_was_removed_does_not_work(tmp_path):
    (tmp_path / "python").symlink_to("/nowhere/python3.13")

    assert not environment._works(tmp_path / "python")
