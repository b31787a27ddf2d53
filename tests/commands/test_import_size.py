"""A large file in little memory."""

from __future__ import annotations

import tracemalloc

from tests import factories
from tests.commands.files import CARE, MISO, NADIA, WEIGHT, counts, csv_text, run, write

HOUSEHOLDS = 750


def household(number: int) -> list[dict[str, str]]:
    own = {"client_id": f"C{number}", "pet_id": f"P{number}", "care_id": f"V{number}"}
    contact = {"phone": f"+447700{900000 + number % 1000}", "email": f"owner{number}@example.com"}
    return [row | {key: value for key, value in own.items() if key in row} | extra for row, extra in (
        (NADIA, contact), (MISO, {}), (WEIGHT, {}), (CARE, {}),
    )]  # fmt: skip


def test_a_file_is_streamed(willow, tmp_path):
    factories.create_plan(willow, species="cat", family="flu", name="Cat flu")
    path = write(tmp_path, csv_text(*(row for number in range(HOUSEHOLDS) for row in household(number))))

    tracemalloc.start()
    try:
        said = run(path)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert said[-1] == "Willow & Pine Veterinary: 3,000 line(s): 3,000 new, 0 updated, 0 unchanged, 0 refused."
    assert counts(willow) == (HOUSEHOLDS,) * 4
    # Kept in memory, its lines would be 6 MB at least; 10,000 lines were measured with a peak of 6.6 MB.
    assert peak < 5_000_000
