"""The front door: who may knock, and what it says to those who can't come in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.programs import ROOT
from tools import run


def test_without_a_command_it_lists_them(capsys):
    assert run.main([]) == 0

    assert capsys.readouterr().out.splitlines()[2].split()[0] == "demo"


def test_an_unknown_command_is_an_error(capsys):
    assert run.main(["dmeo"]) == 2


def test_it_finds_a_python_that_is_new_enough():
    python = run.find_python(run.wanted_version())

    assert python
    assert run.runs(python)


def test_a_shim_that_does_not_start_is_passed_over(tmp_path):
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)

    assert not run.runs(str(shim))


def test_pyenvs_versions_are_found_although_they_are_switched_off(tmp_path, monkeypatch):
    python = tmp_path / "versions" / "3.13.9" / "bin" / "python3"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("PATH", "")

    assert str(python) in run.candidates("3.13")


def test_where_there_is_no_python_it_says_how_to_get_one(capsys, monkeypatch):
    monkeypatch.setattr(run, "find_python", lambda wanted: None)

    assert run.main(["demo"]) == 1
    assert "brew install python@3.13" in capsys.readouterr().out


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="reads Debian's path")
def test_an_older_python_can_read_it():
    old = Path("/usr/bin/python3")
    if not old.exists():
        pytest.skip("no system Python")
    told = subprocess.run([old, ROOT / "tools" / "run.py", "help"], capture_output=True, text=True, check=True)

    assert "demo" in told.stdout
