"""A real browser on a real server. Any console error, failed request or refused policy fails the journey."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, cast

import pytest
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, Playwright, Request, ViewportSize, sync_playwright

AXE = Path(__file__).parent / "axe" / "axe.min.js"
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


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The portal on loopback. WhiteNoise serves the static files, as in production, instead of a test's own handler."""
    server = LiveServerThread("localhost", cast(Any, lambda handler: handler), port=0)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    yield f"http://localhost:{server.port}"
    server.terminate()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = os.environ.get("PORTAL_CHROMIUM") or None
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


class Visitor:
    """A person with a browser: walks, and notices whatever goes wrong on the way."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.troubles: list[str] = []
        page.on("console", lambda message: self.troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("requestfailed", self._note_failure)

    def _note_failure(self, request: Request) -> None:
        # Leaving a page ends what it was still loading; everything else is a fault.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"failed: {request.url}")

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    def violations(self, **options: Any) -> list[str]:
        """What axe finds on the page as it is now, by all its rules unless `options` (axe's own) say otherwise."""
        # A dialog becomes a modal after the page has come, and the tree that axe reads a frame later.
        if self.page.locator("dialog[open]").count():
            self.page.locator("dialog:modal").wait_for()
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        self.page.evaluate(AXE.read_text())
        found: dict[str, Any] = self.page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{one['id']}: {json.dumps([node['html'][:120] for node in one['nodes']])}" for one in found["violations"]
        ]


SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 900},
}


@pytest.fixture
def visitor_of(chromium: Browser, address: str) -> Iterator[Any]:
    """A function that opens a browser of a size and theme; at the end nothing may have gone wrong in any."""
    visitors: list[Visitor] = []

    def visit(size: str = "phone", theme: Literal["light", "dark"] = "light", **more: Any) -> Visitor:
        context = chromium.new_context(viewport=SIZES[size], color_scheme=theme, reduced_motion="reduce", **more)
        context.set_default_timeout(10_000)
        visitors.append(Visitor(context.new_page(), address))
        return visitors[-1]

    yield visit
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    for visitor in visitors:
        visitor.page.context.close()
    # A refused form answers 422, which Chromium reports as an error of the console; nothing else may be there.
    assert [trouble for trouble in troubles if "status of 422" not in trouble] == []
