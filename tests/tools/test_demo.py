"""What `make demo` decides before and while it runs."""

import os
import socket
import subprocess
import sys

import pytest

from tests.tools.programs import is_running
from tools import demo


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def running_demo():
    running_demo = demo.Demo()
    yield running_demo
    running_demo.stop()


def test_a_port_that_was_asked_for_is_taken_or_refused(taken_port):
    with pytest.raises(SystemExit, match=f"make demo PORT={taken_port + 1}"):
        demo.free_port(str(taken_port))


def test_without_a_wish_it_is_the_first_free_one_from_8000(monkeypatch):
    monkeypatch.setattr(demo, "is_free", lambda port: port >= 8002)

    assert demo.free_port(None) == 8002
    assert demo.free_port("8005") == 8005


def test_a_port_is_free_again_when_nobody_listens(taken_port):
    assert not demo.is_free(taken_port)


def test_the_demo_is_told_its_address_whatever_the_terminal_says(tmp_path, monkeypatch):
    monkeypatch.setenv("PORTAL_URL", "https://portal.example")
    monkeypatch.setenv("DEBUG", "1")
    monkeypatch.setenv("SECRET_KEY", "")

    told = demo.environment(tmp_path, 8003)

    assert told["PORTAL_URL"] == "http://127.0.0.1:8003"
    assert (told["PORTAL_DEMO"], told["DEBUG"]) == ("1", "0")
    assert told["SECRET_KEY"]


def test_static_files_are_collected_again_when_one_has_changed(tmp_path, monkeypatch, running_demo):
    checkout, folder = tmp_path / "checkout", tmp_path / "state"
    for name in ("static/css/app.css", "pets/static/pets.css", "requirements/dev.txt", "portal/settings.py"):
        (checkout / name).parent.mkdir(parents=True)
        (checkout / name).write_text("a")
    monkeypatch.setattr(demo, "ROOT", checkout)
    (folder / "static").mkdir(parents=True)
    (folder / "static" / demo.STATIC_STAMP).write_text(demo.state_of_static_files())

    demo.collect_static_files(running_demo, folder, dict(os.environ))
    unchanged = list(running_demo.running)
    (checkout / "pets/static/pets.css").write_text("changed")
    demo.collect_static_files(running_demo, folder, dict(os.environ))

    assert (unchanged, list(running_demo.running)) == ([], ["static"])


def test_a_step_that_fails_stops_the_demo_and_says_which(running_demo, capfd):
    running_demo.start("migrate", "-c", "raise SystemExit('no such table')", env=dict(os.environ))

    with pytest.raises(demo.Stopped, match="migrate failed with exit code 1"):
        running_demo.finish("migrate")

    running_demo.stop()
    assert capfd.readouterr().out == "migrate | no such table\n"


def test_what_a_quiet_step_said_is_kept_for_later(running_demo, capfd):
    running_demo.start("seed", "-c", "print('Sign in as\\nstaff')", env=dict(os.environ), quietly=True)

    assert running_demo.finish("seed") == "Sign in as\nstaff"
    assert capfd.readouterr().out == ""


def test_a_quiet_step_that_fails_is_heard(running_demo):
    running_demo.start("seed", "-c", "raise SystemExit('no clinic')", env=dict(os.environ), quietly=True)

    with pytest.raises(demo.Stopped, match=r"no clinic\nseed failed with exit code 1"):
        running_demo.finish("seed")


def test_a_program_that_ends_by_itself_stops_the_demo(running_demo):
    running_demo.start("web", "-c", "", env=dict(os.environ))

    with pytest.raises(demo.Stopped, match="web has stopped with exit code 0"):
        running_demo.watch()


def test_when_asked_to_stop_it_stops_everything(running_demo):
    child = running_demo.start("web", "-c", "import time; time.sleep(60)", env=dict(os.environ))
    running_demo.stopping.set()

    with pytest.raises(demo.Stopped):
        running_demo.watch()
    running_demo.stop()

    assert not is_running(child.pid)


def test_a_page_that_nobody_serves_does_not_answer(taken_port):
    closed = subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True, text=True, check=True)

    assert closed.stdout == "1\n"
    assert not demo.answers(1, "/readyz")
