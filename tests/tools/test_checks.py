"""One line for each tool, failures last; and a browser is tried before it is trusted."""

import os

from tools import browser, checks, messages
from tools.checks import Check, Verdict

FINE = Verdict(Check("ruff", ("ruff",)), passed=True, said="", seconds=0.31)
BROKEN = Verdict(Check("mypy", ("mypy",)), passed=False, said="error: no", seconds=12.0)


def test_every_tool_has_one_line():
    assert [str(FINE), str(BROKEN)] == [
        "ok    ruff                 0.3 s",
        "FAIL  mypy                12.0 s",
    ]


def test_what_a_failed_tool_said_comes_last(capsys):
    assert checks.report_failures([FINE, BROKEN]) == 1

    assert capsys.readouterr().out == "\n── mypy\nerror: no\n\n1 of 2 checks failed.\n"


def test_when_all_passed_it_says_so(capsys):
    assert checks.report_failures([FINE]) == 0

    assert capsys.readouterr().out == "\nAll 1 checks passed.\n"


def test_a_check_that_fails_is_told_by_its_exit_code():
    failing = Check("mypy", checks.python("-c", "print('no'); raise SystemExit(2)"))

    verdict = checks.ask(failing, dict(os.environ))

    assert (verdict.passed, verdict.said) == (False, "no")


def test_a_stub_is_no_browser(tmp_path):
    stub = tmp_path / "chromium-browser"
    stub.write_text("#!/bin/sh\necho 'requires the chromium snap' >&2\nexit 1\n")
    stub.chmod(0o755)

    assert not browser.starts(str(stub))
    assert not browser.starts(str(tmp_path / "none"))


def test_translations_are_compiled_beside_their_source(tmp_path, capsys):
    source = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Pets"\nmsgstr "Animaux"\n'
    )

    messages.compile_translations(tmp_path)

    assert source.with_suffix(".mo").exists()
    assert capsys.readouterr().out == "fr/LC_MESSAGES/django.po: 100 % translated\n"
