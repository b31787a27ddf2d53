"""The front door for people who work on the portal: `python3 tools/run.py demo|test|check|…`

Standard library only, and readable by any Python 3 (no annotations import, no walrus), so that even an
old one can find its successor or say what to install. All else lives in its own module, run by `.venv`.
"""

import glob
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OLDEST = (3, 12)
# command: (module that does it, does it need .venv, what it does)
COMMANDS = {
    "demo": ("tools.demo", True, "the portal with made-up clinics; RESET=1 begins anew"),
    "test": ("tools.suite", True, "all tests, the browser's too; words after it go to pytest"),
    "check": ("tools.checks", True, "linters, types, migrations, deployment checks"),
    "fmt": ("tools.checks --fix", True, "format the code, fix what can be fixed"),
    "bench": ("tools.serve bench", True, "what is measured"),
    "manage": ("tools.serve manage", True, "manage.py, on the database of the demo"),
    "messages": ("tools.messages", True, "collect words to translate, compile the translations"),
    "lock": ("tools.lock", False, "write requirements/*.txt anew from *.in"),
    "doctor": ("tools.doctor", False, "what this machine lacks, in lines to paste"),
}
NO_PYTHON = """\
The portal needs Python {oldest} or newer; this is {version}, and no newer one was found. To get one:
  macOS            brew install python@{wanted}
  Debian, Ubuntu   sudo apt-get install -y python3 python3-venv     (Debian 13, Ubuntu 24.04 or newer)
  anywhere         curl -LsSf https://astral.sh/uv/install.sh | sh    (uv then fetches a Python by itself)"""


def main(arguments: "list[str]") -> int:
    command = arguments[0] if arguments else "help"
    if command not in COMMANDS:
        print("python3 tools/run.py <command>\n")
        print("\n".join("  {:<9} {}".format(name, about) for name, (_, _, about) in COMMANDS.items()))
        return 0 if command in ("help", "-h", "--help") else 2
    if os.name != "posix":
        print("The portal's tools run on Linux and macOS. On Windows, use WSL (wsl --install).")
        return 1
    python = find_python(wanted_version())
    if python is None:
        print(
            NO_PYTHON.format(
                oldest="{}.{}".format(*OLDEST),
                version="{}.{}.{}".format(*sys.version_info[:3]),
                wanted=wanted_version(),
            )
        )
        return 1
    if not same_interpreter(python):
        sys.stdout.flush()
        os.execv(python, [python, os.path.abspath(__file__), *arguments])
    return start(command, arguments[1:])


def start(command: str, arguments: "list[str]") -> int:
    """Become the module that does it. The process stays the same one, so signals reach who they mean."""
    module, needs_venv, _ = COMMANDS[command]
    os.chdir(ROOT)
    sys.path.insert(0, ROOT)
    python = sys.executable
    if needs_venv:
        from tools import environment

        python = str(environment.prepare())
    sys.stdout.flush()
    os.execv(python, [python, "-m", *module.split(), *arguments])


def wanted_version() -> str:
    with open(os.path.join(ROOT, ".python-version")) as file:
        return file.read().strip()


def find_python(wanted: str) -> "str | None":
    """The path of the wanted Python, or else of another that is new enough, or None."""
    for candidate in candidates(wanted):
        if runs(candidate):
            return candidate
    return python_from_uv(wanted)


def candidates(wanted: str) -> "list[str]":
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    found = []  # type: list[str | None]
    for version in dict.fromkeys([wanted, "", "3.13", "3.12", "3.14"]):
        if not version:  # After the wanted one, the one that is running needs no search.
            found.append(sys.executable)
            continue
        # A pyenv shim answers only for versions that are switched on, so its folders are searched as well.
        found.append(shutil.which("python" + version))
        found.extend(sorted(glob.glob(os.path.join(pyenv, "versions", version + "*", "bin", "python3"))))
        found.extend(os.path.join(place, "python" + version) for place in ("/opt/homebrew/bin", "/usr/local/bin"))
    found.append(shutil.which("python3"))
    return [path for path in dict.fromkeys(found) if path and os.path.exists(path)]


def runs(python: str) -> bool:
    """Whether it starts at all (a shim may not) and is new enough."""
    question = "import sys; sys.exit(sys.version_info[:2] < {})".format(OLDEST)
    try:
        return subprocess.call([python, "-c", question], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def python_from_uv(wanted: str) -> "str | None":
    uv = shutil.which("uv")
    if uv is None or subprocess.call([uv, "python", "install", wanted]) != 0:
        return None
    return subprocess.check_output([uv, "python", "find", wanted], universal_newlines=True).strip()


def same_interpreter(python: str) -> bool:
    if sys.version_info[:2] < OLDEST:
        return False
    answer = subprocess.check_output(
        [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], universal_newlines=True
    )
    return answer.strip() == "{}.{}".format(*sys.version_info[:2])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
