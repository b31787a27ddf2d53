"""`python -m bench.first_view`: the first visit with an empty cache, in Chromium as a slow phone on a slow network."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.request import ProxyHandler, build_opener

from bench import databases
from bench.pages import FLOOR, PORTAL
from bench.report import Section, spread, verdict
from tools import browser
from tools.children import Child

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
ROUNDS, PHONE, SLOWER = 7, {"width": 390, "height": 844}, 4
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
BYTES_GOAL, REQUESTS_GOAL, PAINT_GOAL, BLOCKING_GOAL, LATER_GOAL = 50.0, 5, 1.25, 50, 8.0
# Long tasks delay a tap by what they take beyond 50 ms.
WATCH = """
window.__blocking = 0;
new PerformanceObserver(list => list.getEntries().forEach(e => window.__blocking += Math.max(0, e.duration - 50)))
  .observe({type: 'longtask', buffered: true});
"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
HOW = f"""\
Chromium, {PHONE["width"]} pixels wide, CPU × {SLOWER}, 1.6 Mbit/s, 150 ms, an empty cache each time; gunicorn (one
worker, four threads) behind gzip. kB are those on the wire, headers and all, the icon of the tab too. {ROUNDS} rounds
in turn; a ratio is formed within each round. No photo, no logo. “Then pets” is the tap on Pets that follows, with what
Home has left in the cache."""


@dataclass(slots=True)
class Visit:
    """One page, opened once."""

    paint: float = 0.0  # milliseconds
    blocking: float = 0.0  # milliseconds
    sizes: list[float] = field(default_factory=list)  # bytes on the wire
    later: float = 0.0  # bytes of the next page

    @property
    def kilobytes(self) -> float:
        return sum(self.sizes) / 1000


def measure() -> list[Section]:
    path = browser.find()
    columns = ["page", "requests", "kB gz", "first paint, ms", "÷ floor", "blocking, ms", "goals"]
    section = Section("First visit", HOW, columns)
    if path is None:
        section.how += "\n\nNot measured: there is no Chromium here."
        return [section]
    databases.collect_static_files()
    ours, floor = databases.ours(), databases.floor()
    visitor, slug = ours.known["visitors"][0]["cookie"], ours.known["slug"]
    with served(PORTAL, ours.env) as portal, served(FLOOR, floor.env) as beside, chromium(path) as phone:
        pages = {
            "floor": (f"{beside}/", floor.known["cookies"][0]),
            "sign-in": (f"{portal}/{slug}/sign-in/", ""),
            "Home": (f"{portal}/{slug}/", visitor),
        }
        visits: dict[str, list[Visit]] = {name: [] for name in pages}
        for number in range(ROUNDS + 1):
            for name, (address, cookie) in pages.items():
                visit = _open(phone, address, cookie)
                if number:  # The first round starts the workers up.
                    visits[name].append(visit)
    section.rows = [_row(name, seen, visits["floor"]) for name, seen in visits.items()]
    section.rows += _later(visits["Home"])
    return [section]


def _row(name: str, visits: list[Visit], floor: list[Visit]) -> list[str]:
    ratio = spread([one.paint / other.paint for one, other in zip(visits, floor, strict=True)])
    kilobytes, requests = spread([one.kilobytes for one in visits]), len(visits[0].sizes)
    blocking = spread([one.blocking for one in visits])
    goals = [
        f"kB {verdict(kilobytes.median, BYTES_GOAL)}",
        f"requests {verdict(requests, REQUESTS_GOAL)}",
        f"paint {verdict(ratio.median, PAINT_GOAL)}",
        f"blocking {verdict(blocking.median, BLOCKING_GOAL)}",
    ]
    paint = spread([one.paint for one in visits])
    cells = [name, str(requests), kilobytes.text(1), paint.text(0), ratio.text(), blocking.text(0)]
    return [*cells, "" if name == "floor" else "; ".join(goals)]


def _later(visits: list[Visit]) -> list[list[str]]:
    kilobytes = spread([one.later / 1000 for one in visits])
    return [["then pets", "", kilobytes.text(1), "", "", "", f"kB {verdict(kilobytes.median, LATER_GOAL)}"]]


def _open(phone: Any, address: str, cookie: str) -> Visit:
    """Open an address in a browser that knows nothing but a cookie."""
    visit, context = Visit(), phone.new_context(viewport=PHONE)
    if cookie:
        name, _sign, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": address}])
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", NETWORK)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    wire.on("Network.loadingFinished", lambda event: visit.sizes.append(event["encodedDataLength"]))
    page.add_init_script(WATCH)
    page.goto(address, wait_until="networkidle")
    visit.paint = page.evaluate(PAINT)
    visit.blocking = page.evaluate("window.__blocking")
    first = len(visit.sizes)
    if (pets := page.locator("a[href$='/pets/']:visible").first).count() and cookie:
        pets.click()
        page.wait_for_url("**/pets/")
        page.wait_for_load_state("networkidle")
        visit.sizes, visit.later = visit.sizes[:first], sum(visit.sizes[first:])
    context.close()
    return visit


@contextmanager
def chromium(path: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@contextmanager
def served(settings: str, env: dict[str, str]) -> Iterator[str]:
    """A site on a free port of loopback, for as long as the block lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    env = {**env, "DJANGO_SETTINGS_MODULE": settings, "DATABASE_POOL": "4", "PORTAL_URL": address}
    options = f"--bind 127.0.0.1:{port} --worker-class gthread --threads 4 --no-control-socket --log-level warning"
    command = [sys.executable, "-m", "gunicorn", "bench.served", *options.split()]
    server = Child(command, env=env, cwd=databases.ROOT)
    try:
        wait_for(address)
        yield address
    finally:
        server.stop()


def wait_for(address: str) -> None:
    direct = build_opener(ProxyHandler({}))
    for _try in range(300):
        try:
            direct.open(f"{address}/healthz", timeout=5).close()
        except OSError as error:  # A URLError is one; so is a start that takes its time.
            if hasattr(error, "code"):  # The floor has no such page, and says so: it answers.
                return
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{address} did not answer.")


if __name__ == "__main__":
    for measured in measure():
        print(measured.text())
