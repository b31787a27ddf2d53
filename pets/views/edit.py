"""**Add New Pet** and **Edit Pet Information**: dialogs over the list of pets, each at an address of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients.gates import ClientRequest
from clinics.gates import client_required
from clinics.models import Editing
from pets import actions, editing, history
from pets import breeds as breed_lists
from pets.forms.profile import AddForm, EditForm, ProfileForm, words_for
from pets.gates import pet_management_required
from pets.models import ChangeRequest, Pet, Species, Weight
from pets.views.onward import to_pets
from pets.views.pets import list_of
from portal.kit.htmx import render_page
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from pets.history import Details


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
@pet_management_required
def add(request: ClientRequest) -> HttpResponse:
    """**Add New Pet** → **Save Pet** (R10–R12)."""
    now = timezone.now()
    form = AddForm(request.POST if request.method == "POST" else None, clinic=request.clinic, now=now)
    if form.is_valid():
        owner = request.client
        owner.clinic, opened_at = request.clinic, form.cleaned_data["opened"]
        pet = actions.file_pet(owner=owner, by=owner, now=now, kg=form.new_kg, opened_at=opened_at, **form.details())
        lines = [_("%(pet)s is in your list") % {"pet": pet.name}, _("The clinic sees the new pet too.")]
        messages.success(request, "\n".join([*lines, *_notice_of_chip(form)]))
        return to_pets(request)
    context = {**list_of(request, now=now), "form": form}
    return render_page(request, "pets/add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
@pet_management_required
def edit(request: ClientRequest, pet_id: int) -> HttpResponse:
    """**Edit Pet Information** → **Save Changes** (R13–R15). What the clinic vouches for is asked for instead."""
    now = timezone.now()
    pet = get_object_or_404(Pet.objects.for_client(request.client).living(), pk=pet_id)
    pet.clinic, pet.owner = request.clinic, request.client
    waiting = ChangeRequest.objects.for_clinic(request.clinic).filter(pet=pet).waiting().first()
    proposed: Details = waiting.details if waiting else {}
    posted = request.POST if request.method == "POST" else None
    form = EditForm(posted, pet=pet, proposed=proposed, kg=_newest_kg(pet))
    edition, on_file_now = pet.edition, []
    if form.is_valid():
        breed = pet.breed
        try:
            changed = actions.change_pet(
                pet=form.pet,
                client=request.client,
                edition=_number(request.POST.get("edition")),
                details=form.details(),
                now=now,
                kg=form.new_kg,
            )
        except actions.WeighedAtClinic as refusal:
            form.add_error("weight", str(refusal))
        except actions.ChangedMeanwhile as refusal:
            form.add_error(None, str(refusal))
            edition, on_file_now = refusal.pet.edition, _differences(form, refusal.pet)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _said(form, changed, proposed, had_breed=breed))
            return to_pets(request)
    context = {**list_of(request, now=now), "form": form, "pet": form.pet, "edition": edition, "on_file": on_file_now}
    return render_page(request, "pets/edit.html", context, status=422 if form.errors else 200)


@require_safe
@client_required
@pet_management_required
def breeds(request: ClientRequest) -> HttpResponse:
    """What the breed's box suggests for a species: a piece of both forms, asked for when another species is chosen."""
    wanted = request.GET.get("species", "")
    names = breed_lists.names_for(wanted if wanted in Species.values else Species.OTHER, clinic=request.clinic)
    return render(request, "pets/breeds.html", {"breed_names": names})


def _differences(form: EditForm, on_file: Pet) -> list[history.Difference]:
    """What would be overwritten: each field that the owner may write, and that is not as it was typed."""
    rules = editing.rules_for(form.pet)
    typed = {field: value for field, value in form.details().items() if rules[field] == Editing.EDIT}
    return list(history.readable(history.differences(on_file, typed)))


def _said(form: EditForm, changed: actions.Changed, proposed: Details, *, had_breed: str) -> str:
    """The confirmation: what is saved, what is only asked for, and what to look at again."""
    pet, details = form.pet, form.details()
    asked = [field for field in changed.asked if field in details]
    new = [field for field in asked if proposed.get(field, ["", ""])[1] != history.as_text(details[field])]
    lines = []
    if changed.edited or form.new_kg or not new:
        lines.append(_("%(pet)s’s details are saved") % {"pet": pet.name})
    if changed.edited or form.new_kg:
        lines.append(_("The clinic sees the change too."))
    if new:
        words = {"clinic": form.clinic.name, "fields": ", ".join(words_for(sorted(new)))}
        lines.append(_("We’ve asked %(clinic)s to change: %(fields)s.") % words)
    elif proposed and not changed.asked:
        lines.append(_("What you had asked for is taken back."))
    if had_breed and details.get("breed") == had_breed and not pet.breed:
        lines.append(_("The breed is empty now: it belonged to another species."))
    return "\n".join([*lines, *_notice_of_chip(form)])


def _notice_of_chip(form: ProfileForm) -> list[str]:
    if not form.has_older_chip or "microchip" not in form.changed_data:
        return []
    return [_("The microchip number is one of the older, shorter ones: please check it once more.")]


def _newest_kg(pet: Pet) -> Decimal | None:
    today = timezone.localdate()
    weights = Weight.objects.for_clinic(pet.clinic).filter(pet=pet).until(today)
    return weights.values_list("kg", flat=True).first()


def _number(text: str | None) -> int:
    """The edition that a form carries; one that no pet has, if it was tampered with."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1
