# The type checker reads the portal's settings, where these models are not installed.
# mypy: disable-error-code="attr-defined"
"""The floor's one page, as the tutorials write it: seven statements with session and user."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from bench.floor.models import Appointment, Client


@login_required
def home(request: HttpRequest) -> HttpResponse:
    client = get_object_or_404(Client, user=request.user)
    visits = Appointment.objects.filter(pet__owner=client).select_related("pet", "vet")
    now = timezone.now()
    context = {
        "client": client,
        "pets": client.pets.order_by("name"),
        "upcoming": visits.filter(starts_at__gte=now).order_by("starts_at")[:5],
        "past": visits.filter(starts_at__lt=now).order_by("-starts_at")[:3],
        "unread": client.messages.filter(is_read=False).count(),
    }
    return render(request, "home.html", context)


urlpatterns = [path("", home, name="home"), path("pets/<int:pet_id>/", home, name="pet")]
