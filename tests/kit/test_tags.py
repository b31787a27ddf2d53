"""Icons and the parts of a form field, as templates get them."""

import re
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from portal.kit import tags


class VisitForm(forms.Form):
    name = forms.CharField(help_text="As the clinic knows it", error_messages={"required": "Enter a name"})
    weight = forms.DecimalField(label="Weight", required=False)
    colour = forms.ChoiceField(label="Colour", choices=[("b", "Black"), ("w", "Red")], widget=forms.RadioSelect)
    agrees = forms.BooleanField(label="I agree", error_messages={"required": "Tick the box"})


class OneField(forms.Form):
    name = forms.CharField(error_messages={"required": "Enter a name"})

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("name") == "taken":
            raise forms.ValidationError("Somebody was quicker")
        return self.cleaned_data


def squeezed(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", html)).strip()


def test_an_icon_points_into_a_sprite_and_is_hidden_from_screen_readers():
    html = Template('{% icon "check" "i-s" %}').render(Context())

    assert re.fullmatch(
        r'<svg class="i i-s" aria-hidden="true"><use href="/static/pages(\.\w+)?\.svg#check"/></svg>', html
    )


def test_an_icon_may_have_more_names_than_one():
    html = tags.icon("hamster-duotone")

    assert html.endswith('.svg#rodent-duotone"/></svg>')


def test_an_unknown_icon_is_an_error():
    with pytest.raises(LookupError, match="unicorn"):
        tags.icon("unicorn")


def test_a_field_says_label_hint_error_and_input_in_that_order():
    html = squeezed(VisitForm({})["name"].as_field_group())

    order = ['class="label" for="id_name"', 'id="id_name_helptext"', 'id="id_name_error"', "<input"]
    assert [html.index(part) for part in order] == sorted(html.index(part) for part in order)
    assert 'aria-describedby="id_name_error id_name_helptext"' in html
    assert 'aria-invalid="true"' in html
    assert html.count('class="in"') == 1


def test_a_sound_field_points_at_no_error():
    html = squeezed(VisitForm()["name"].as_field_group())

    assert 'aria-describedby="id_name_helptext"' in html
    assert "aria-invalid" not in html


def test_only_optional_fields_are_marked():
    form = VisitForm()

    assert "(optional)" in form["weight"].as_field_group()
    assert "(optional)" not in form["name"].as_field_group()


def test_a_unit_stands_inside_the_box():
    html = squeezed(render_to_string("components/field.html", {"field": VisitForm()["weight"], "unit": "kg"}))

    assert re.search(r'<div class="affix"><input[^>]*><span>kg</span></div>', html)


def test_choices_are_cards_in_a_fieldset():
    html = squeezed(VisitForm({})["colour"].as_field_group())

    assert html.startswith('<fieldset class="field" aria-describedby="id_colour_error"><legend>Colour ')
    assert html.count('class="opt"') == 2


def test_a_checkbox_has_its_error_above_it():
    html = squeezed(VisitForm({})["agrees"].as_field_group())

    assert html.index("Tick the box") < html.index('<label class="check">')
    assert 'class="in"' not in html


def test_several_errors_are_summed_up_with_a_link_to_each():
    html = squeezed(render_to_string("components/error_summary.html", {"form": VisitForm({})}))

    assert "Please check 3 things" in html
    assert re.findall(r'<a href="#(\w+)">([^<]+)</a>', html) == [
        ("id_name", "Name: Enter a name"),
        ("id_colour_0", "Colour: This field is required."),
        ("id_agrees", "Tick the box"),
    ]


@pytest.mark.parametrize(
    ("data", "summary"),
    [({"name": "Miso"}, ""), ({}, ""), ({"name": "taken"}, "<h2>Somebody was quicker</h2>")],
    ids=["no error", "one field, where the error is said", "no field's error"],
)
def test_the_summary_speaks_only_when_no_single_field_does(data, summary):
    html = squeezed(render_to_string("components/error_summary.html", {"form": OneField(data)}))

    assert summary in html
    assert bool(html) == bool(summary)


def test_a_whole_form_renders_its_fields_as_components():
    html = str(OneField({}))

    assert html.count('class="label"') == 1


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"icon": "cat-duotone", "tint": 3, "size": "l"}, 'class="ava ava-l tint-3"'),
        ({"icon": "cat-duotone", "tint": 3, "gone": True}, 'class="ava ava-gone"'),
        ({"photo": "/photo.webp"}, 'src="/photo.webp"'),
        ({}, "#paw-print-duotone"),
    ],
)
def test_an_avatar_shows_the_photo_or_the_icon(arguments, expected):
    assert expected in render_to_string("components/pet_avatar.html", arguments)


def test_a_kept_piece_is_the_piece_of_its_words_alone():
    template = Template('{% kept "components/logo.html" clinic=clinic size=size %}')
    pieces = [template.render(Context({"clinic": "", "size": size, "request": "unseen"})) for size in ("l", "", "l")]

    assert pieces[0] == pieces[2] == render_to_string("components/logo.html", {"clinic": "", "size": "l"})
    assert pieces[1] == render_to_string("components/logo.html", {"clinic": "", "size": ""})


@pytest.mark.parametrize("is_edited", [True, False])
def test_a_kept_piece_is_escaped_like_any_other(settings, is_edited):
    settings.DEBUG = is_edited
    template = Template('{% kept "components/head.html" brand_url=url %}')

    # The same text once as safe and once as not: a cache that took them for one would let the second out unescaped.
    pieces = [template.render(Context({"url": url})) for url in (mark_safe("/a&b"), "/a&b")]

    assert [re.findall(r'href="(/a[^"]+)"', piece) for piece in pieces] == [["/a&b"], ["/a&amp;b"]]


def test_another_language_is_another_piece():
    template = Template('{% kept "components/trouble.html" %}')
    with translation.override("en"):
        template.render(Context())
        before = tags._kept.cache_info().currsize
    with translation.override("fr"):
        template.render(Context())

    assert tags._kept.cache_info().currsize == before + 1
