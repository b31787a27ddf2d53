"""Who visits the pages under measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clinics.models import Clinic

VISITORS = 8


def visitors_of(clinic: Clinic) -> dict[str, Any]:
    """Signed-in browsers of some of its clients, and contacts that may ask for a code."""
    from django.utils import timezone

    from bookings.models import Appointment, Service
    from clients.devices import cookie_name
    from clients.models import Client, Device
    from clinics.tenancy import tenant
    from pets.models import Pet
    from portal.kit import crypto

    now, visitors = timezone.now(), []
    with tenant(clinic):
        clients = list(Client.objects.for_clinic(clinic).order_by("pk"))
        for client in clients[:: len(clients) // VISITORS][:VISITORS]:
            token = crypto.new_token()
            Device.objects.create(
                clinic=clinic,
                client=client,
                token_digest=crypto.token_digest(token),
                contact=client.phone,
                signed_in_at=now,
                last_seen_at=now,
            )
            pets = list(Pet.objects.for_client(client).values_list("pk", flat=True))
            visit = Appointment.objects.for_client(client).order_by("-starts_at").values_list("pk", flat=True)[0]
            visitors.append({"cookie": f"{cookie_name(clinic)}={token}", "pets": pets, "visit": visit})
        service = Service.objects.for_clinic(clinic).in_order().values_list("pk", flat=True)[0]
    phones = [client.phone for client in clients]
    told = {"slug": clinic.slug, "clinic_id": clinic.pk, "service": service}
    return {**told, "visitors": visitors, "phones": phones}
