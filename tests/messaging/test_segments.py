"""How long a text is, as networks count and charge."""

import pytest

from messaging import segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("x", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("é" * 160, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("’" + "x" * 69, 1),
        ("’" + "x" * 70, 2),
        ("🐈" * 35, 1),
        ("🐈" * 36, 2),
    ],
)
def test_a_text_is_counted_as_it_is_charged(text, count):
    assert segments.count(text) == count


def test_typography_is_said_plainly():
    assert segments.plain("It’s “9–10” …\u00a0£5 é") == 'It\'s "9-10" ... £5 é'
