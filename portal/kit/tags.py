"""What every template can use without loading it: icons, and the parts of a form field."""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

SPRITES = ("icons.svg", "species.svg", "pages.svg")


@cache
def icon_index() -> dict[str, str]:
    """Each icon's name, and its other names, with its place: "check" → "pages.svg#check"."""
    index: dict[str, str] = {}
    for sprite in SPRITES:
        path = finders.find(sprite)
        if path is None:
            raise LookupError(f"No static file {sprite}")
        symbols = re.findall(r'<symbol id="([^"]+)"(?: data-also="([^"]+)")?', Path(path).read_text())
        for name, also in symbols:
            index |= dict.fromkeys([name, *also.split()], f"{sprite}#{name}")
    return index


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, css: str = "") -> SafeString:
    """An icon beside words, so hidden from screen readers. Raises LookupError for a name no sprite has."""
    address = icon_index().get(name)
    if address is None:
        raise LookupError(f"No icon is called {name!r}; tools/vendor.py lists them.")
    sprite, symbol = address.split("#")
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"i {css}".strip(),
        static(sprite),
        symbol,
    )


@register.simple_tag
def kept(template_name: str, **words: str | bool) -> SafeString:
    """A piece of a page that is rendered once and kept: the sidebar's links, which look alike on a clinic's every page.

    It sees the words that it is given and the language, and neither the request nor anything else of the page, so what
    is kept for the same words is right for everybody. Give it nothing of a person's: it would stay in memory.
    """
    if settings.DEBUG:  # Or an edited template would not show.
        return render_to_string(template_name, words)
    return _kept(template_name, get_language(), **words)


@lru_cache(maxsize=4096, typed=True)  # Typed, because a SafeString equals the same str, and is escaped differently.
def _kept(template_name: str, language: str | None, /, **words: str | bool) -> SafeString:
    return render_to_string(template_name, words)


@register.filter
def field_kind(field: BoundField) -> str:
    """Which markup a field needs: "check", "choices" (cards to choose from) or "input"."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    return "check" if isinstance(widget, CheckboxInput) else "input"


@register.filter
def described_by(field: BoundField) -> str:
    """The ids that explain a field, what is wrong first: a screen reader reads them in this order."""
    given = [field.errors and f"{field.auto_id}_error", field.help_text and f"{field.auto_id}_helptext"]
    return " ".join(part for part in given if part)


@register.simple_tag
def control(field: BoundField, css: str = "in") -> SafeString:
    """The field's widget in the design's class, with what explains it."""
    attrs: dict[str, Any] = {"class": f"{field.field.widget.attrs.get('class', '')} {css}".strip()}
    if ids := described_by(field):
        attrs["aria-describedby"] = ids
    if isinstance(field.field.widget, CheckboxInput | FileInput) and css == "in":
        del attrs["class"]
    return field.as_widget(attrs=attrs)


@register.filter
def wrong_fields(form: BaseForm) -> list[tuple[str, str]]:
    """For a summary of errors: where each is ("" when it is the whole form's) and what is wrong."""
    lines = [("", str(message)) for message in form.non_field_errors()]
    for field in form:
        if field.errors:
            label = "" if field_kind(field) == "check" else f"{field.label}: "
            lines.append((field.id_for_label or f"{field.auto_id}_0", f"{label}{field.errors[0]}"))
    return lines
