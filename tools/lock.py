"""`make lock`: write requirements/*.txt anew from *.in, hashed, for every platform and Python from 3.12 on.

Versions stay as they are unless `--upgrade` (or `--upgrade-package NAME`) says otherwise.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
# No header, no annotations, no index: the lock names no place of anybody's.
OPTIONS = "--quiet --universal --python-version 3.12 --generate-hashes --no-header --no-annotate"


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="portal-lock-") as folder:
        uv = shutil.which("uv") or install_uv(Path(folder))
        compile_with = [uv, "pip", "compile", *OPTIONS.split(), *arguments]
        # The tests run on what production runs on: base.txt binds the others.
        for name in ("base", "dev", "heic", "s3"):
            bound_by = [] if name == "base" else ["--constraint", "base.txt"]
            command = [*compile_with, *bound_by, f"{name}.in", "--output-file", f"{name}.txt"]
            if code := subprocess.run(command, cwd=REQUIREMENTS, stdout=subprocess.DEVNULL).returncode:
                return code
    print("Written: requirements/base.txt, dev.txt, heic.txt and s3.txt. The next command installs what has changed.")
    return 0


def install_uv(folder: Path) -> str:
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = os.fspath(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"], check=True)
    return os.fspath(folder / "bin" / "uv")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
