"""The demo's one page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clinics.gates import public
from messaging.gateways import demo
from portal.kit.htmx import render_page


@require_safe
@public
def messages(request: HttpRequest) -> HttpResponse:
    """Every text and e-mail that a real portal would have sent, sign-in codes too. Newest first."""
    return render_page(request, "demo/messages.html", {"sent": demo.read_all()})
