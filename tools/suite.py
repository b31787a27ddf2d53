"""`make test`: every test, in one pytest run, so that its closing line counts them all.

The servers are started by `tools/pytest_servers.py`, as they are for anybody who calls pytest directly. The
browser tests (`journey`) run in one of the parallel processes, one after another: two browsers at once on a
small machine would only make each other late.
"""

import os
import sys

from tools import browser, pango
from tools.children import end_with_make

PARALLEL = ("-n", "logical", "--maxprocesses", "8", "--dist", "loadgroup")


def main(arguments: list[str]) -> None:
    end_with_make()
    pango.bring()
    if chromium := browser.find_or_install():
        os.environ["PORTAL_CHROMIUM"] = chromium
    else:
        print(f"No browser for the browser tests. Paste:  {browser.what_to_paste()}")
        if os.environ.get("CI") == "true":
            sys.exit(1)  # Skipping them would look like success.
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *PARALLEL, *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
