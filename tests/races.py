"""Several who act at the same moment, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from clinics.models import Clinic
from clinics.tenancy import tenant
from portal.kit.refusals import Refusal


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What came of each, in threads that start together: what it returned, or the Refusal that it raised."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def at_once_inside(clinic: Clinic, *acts: Callable[[], Any]) -> list[Any]:
    """The same, each in a transaction in which the clinic is open."""

    def inside(act: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            with tenant(clinic.pk):
                return act()

        return run

    return at_once(*(inside(act) for act in acts))
