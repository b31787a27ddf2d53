"""`python -m bench.cards`: what a Pet ID card costs as a PDF, beside reportlab and WeasyPrint as it comes."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from bench import databases
from bench.report import Section, spread, verdict

ROUNDS, FRESH, MANY = 40, 5, 500
REPORTLAB_GOAL, PLAIN_GOAL, FIRST_GOAL, MEMORY_GOAL = 2.0, 0.4, 1.5, 200
HOW = f"""\
The same card (photo, logo, code, three services) printed {ROUNDS} times in a warm process, each way in turn; CPU of the
process. “As it comes” is WeasyPrint without what is kept: fonts and styles read anew, flex, the code as SVG.
reportlab draws the same at fixed places, lays out the sheet's table and text, and makes no tags. Pictures are ready in
all three. Then {FRESH} processes
that have just warmed up, and one that prints {MANY} cards, of both forms and many names."""


def measure() -> list[Section]:
    section = Section("Pet ID card as a PDF", HOW, ["", "figure", "goal"])
    costs = _told("costs")
    for form in ("wallet", "sheet"):
        ours = spread(costs[form])
        section.rows.append([f"{form}: ours, ms", ours.text(0), ""])
        for other, goal in (("reportlab", REPORTLAB_GOAL), ("plain", PLAIN_GOAL)):
            theirs = spread(costs[f"{form} {other}"])
            ratio = ours.median / theirs.median
            words = {"reportlab": "reportlab", "plain": "WeasyPrint as it comes"}[other]
            section.rows.append([f"{form}: {words}, ms", theirs.text(0), ""])
            section.rows.append([f"{form}: ours ÷ {words}", f"{ratio:.2f}", verdict(ratio, goal)])
    firsts = spread([_told("first")["ratio"] for _process in range(FRESH)])
    section.rows.append(["first after the start ÷ a warm one", firsts.text(), verdict(firsts.median, FIRST_GOAL)])
    peak = _told("memory")["peak"]
    section.rows.append([f"peak memory over {MANY} cards, MB", f"{peak:.0f}", verdict(peak, MEMORY_GOAL)])
    served = _told("unchanged", databases.ours(databases.FEW).env)
    ratio = served["made"] / served["served"]
    section.rows.append(["an unchanged card: made ÷ served, with the queries of both", f"{ratio:.0f}", ""])
    return [section]


def costs() -> dict[str, Any]:
    """CPU milliseconds for each way and form."""
    from bench import cards_drawn, cards_plain

    ways: dict[str, Callable[[], bytes]] = {}
    for form in ("wallet", "sheet"):
        printable = _card(form)
        ways[form] = printable.as_pdf
        ways[f"{form} reportlab"] = cards_drawn.way(form, printable.pictures)
        ways[f"{form} plain"] = cards_plain.way(form, printable.pictures)
    for way in ways.values():
        way()
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(ROUNDS):
        for name, way in ways.items():
            found[name].append(_cpu(way))
    return found


def first() -> dict[str, Any]:
    from pets.id_card import samples

    samples.warm_up()
    printable = _card("wallet")
    began = _cpu(printable.as_pdf)
    return {"ratio": began / spread([_cpu(printable.as_pdf) for _again in range(15)]).median}


def memory() -> dict[str, Any]:
    from pets.id_card import samples

    samples.warm_up()
    for number in range(MANY):
        _card(("wallet", "sheet")[number % 2], f"Miso {number} Żółć Мурчик").as_pdf()
    return {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def unchanged() -> dict[str, Any]:
    """A real card of the measured database: what a request costs that gets it, and what a worker's turn costs."""
    from django.utils import timezone

    from clinics.models import Clinic
    from clinics.tenancy import tenant
    from pets import actions
    from pets.id_card.content import CardContent, content_of
    from pets.id_card.documents import printable
    from pets.models import Pet

    clinic = Clinic.objects.order_by("pk")[0]
    with tenant(clinic):
        pet = Pet.objects.for_clinic(clinic).living().select_related("owner").order_by("pk")[0]
        pet.clinic = clinic

        def content() -> CardContent:
            return content_of(actions.open_card(pet=pet, now=timezone.now()), today=timezone.localdate())

        made = printable(content(), "sheet")
        document = actions.ask_for_document(content=content(), form="sheet", now=timezone.now())
        actions.keep_document(document=document, digest=made.digest, pdf=made.as_pdf(), now=timezone.now())

        def served() -> bytes:
            found = actions.ask_for_document(content=content(), form="sheet", now=timezone.now())
            with found.file.open("rb") as file:
                return bytes(file.read())

        def printed() -> bytes:
            return printable(content(), "sheet").as_pdf()

        ways = {"served": served, "made": printed}
        figures = {name: spread([_wall(way) for _again in range(20)]).median for name, way in ways.items()}
        actions.forget_documents(card=content().card)
    return figures


def _card(form: str, name: str = "Miso") -> Any:
    from bench.cards_plain import pictures
    from pets.id_card.documents import compose
    from pets.id_card.samples import words_for

    words = {**words_for(form), "name": name}
    return compose(words, pictures(), form, brand_colour="#1d6b4f", digest="")


def _cpu(way: Callable[[], Any]) -> float:
    began = time.process_time()
    way()
    return (time.process_time() - began) * 1000


def _wall(way: Callable[[], Any]) -> float:
    began = time.perf_counter()
    way()
    return (time.perf_counter() - began) * 1000


def _told(part: str, env: dict[str, str] | None = None) -> dict[str, Any]:
    """What a process of its own has measured."""
    env = {**(env or {**os.environ, **databases.LIKE_PRODUCTION}), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, "-m", "bench.cards", part]
    answer = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return figures


def main(part: str) -> None:
    import django

    django.setup()
    print(json.dumps({"costs": costs, "first": first, "memory": memory, "unchanged": unchanged}[part]()))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        for measured in measure():
            print(measured.text())
