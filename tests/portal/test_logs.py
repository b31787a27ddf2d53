"""What must never be in a log."""

from portal import logs


def test_the_rows_that_postgresql_quotes_are_left_out():
    text = (
        "Traceback (most recent call last):\n  File x\npsycopg.errors.NotNullViolation: null value in column\n"
        "DETAIL:  Failing row contains (1, Nadia Brennan,\n+447700900123).\n\nDuring handling of the above exception:"
    )

    said = logs.without_rows(None, "", {"exception": text})["exception"]

    assert "Nadia" not in said
    assert "+447700900123" not in said
    assert said.startswith("Traceback")
    assert said.endswith("During handling of the above exception:")


def test_other_events_are_left_alone():
    assert logs.without_rows(None, "", {"event": "x"}) == {"event": "x"}
