"""Pages of the staff beside the admin: choosing the clinic to act for."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from clinics import staff_desk
from clinics.gates import gate

# A platform administrator finds further clinics by searching.
MOST_LISTED = 30
# Digits of the largest id.
LONGEST_ID = 19


@require_http_methods(["GET", "HEAD", "POST"])
def _choose(request: Any) -> HttpResponseBase:
    clinics = staff_desk.choices_of(request.user)
    if request.method == "POST":
        if "leave" in request.POST and request.user.is_superuser:
            staff_desk.leave(request)
        else:
            typed = request.POST.get("clinic", "")
            chosen = typed if typed.isdecimal() and len(typed) <= LONGEST_ID else None
            staff_desk.act_for(request, get_object_or_404(clinics, pk=chosen))
        return redirect("admin:index")
    words = request.GET.get("q", "").strip().replace("\0", "")
    found = list(clinics.filter(name__icontains=words)[: MOST_LISTED + 1])
    context = {
        "clinics": found[:MOST_LISTED],
        "has_more": len(found) > MOST_LISTED,
        "has_search": request.user.is_superuser and (bool(words) or len(found) > MOST_LISTED),
        "words": words,
    }
    return render(request, "staff/choose.html", context, status=200 if found or words else 403)


@require_safe
def _account(request: HttpRequest) -> HttpResponseBase:
    return render(request, "staff/account.html")


# Signed in is all that these ask for: who acts for no clinic yet has to come here.
choose = gate("staff_required", login_required(_choose))
account = gate("staff_required", login_required(_account))
