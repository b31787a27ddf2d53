"""`make messages`: collect the words to translate into locale/, and compile the translations.

Compiled by polib, so that a user of the portal needs no gettext; only who collects words does.
"""

import shutil
import sys
from pathlib import Path

import polib

from tools import apt, serve

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    if shutil.which("xgettext") is None:
        remedy = "brew install gettext" if sys.platform == "darwin" else apt.line_to_paste("gettext")
        print(f"Collecting words needs gettext. Paste:  {remedy}")
        return 1
    code = serve.manage(["makemessages", *(arguments or ["--all"]), "--no-obsolete", "--add-location", "file"])
    compile_translations(ROOT / "locale")
    return code


def compile_translations(folder: Path) -> None:
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        words = polib.pofile(str(source))
        words.save_as_mofile(str(source.with_suffix(".mo")))
        print(f"{source.relative_to(folder)}: {words.percent_translated()} % translated")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
