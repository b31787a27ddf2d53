"""The staff's admin site: who may enter, for which clinic, and what the header always says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol, runtime_checkable
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics import staff_sign_in, staff_views
from clinics.admin_scope import StaffModelAdmin
from clinics.gates import View, gate

# The index says first what staff open most.
ORDER = ("bookings", "clients", "pets", "loyalty", "messaging", "clinics")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that somebody at the desk should look at: how many in words, and where they are listed."""

    text: str
    address: str


@runtime_checkable
class CountsWaiting(Protocol):
    """A page of the admin whose rows may wait for staff: the index says so to those who may act."""

    def waiting(self, request: Any) -> Waiting | None: ...


class StaffSite(admin.AdminSite):
    """Roles at the acting clinic decide, not Django's permissions. Signing in and out is allauth's."""

    site_header = gettext_lazy("Staff")
    site_title = gettext_lazy("Staff")
    index_title = gettext_lazy("What would you like to do?")
    login_url = "account_login"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only pages that keep to our rules. What other packages bring along would list everybody's staff."""
        if admin_class is not None and issubclass(admin_class, StaffModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: Any) -> bool:
        return bool(request.user.is_active and (request.staff is not None or request.user.is_superuser))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        @wraps(view)
        def entered(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            detour = self._detour(request)
            return inner(request, *args, **kwargs) if detour is None else detour

        return gate("staff_required", entered)

    def _detour(self, request: Any) -> HttpResponseBase | None:
        """What must come first: signing in, choosing a clinic, setting up the second factor it requires."""
        if not request.user.is_authenticated or not request.user.is_active:
            return redirect_to_login(request.get_full_path())
        if not self.has_permission(request):
            return redirect("admin:choose")
        return self._second_factor(request) if staff_sign_in.needs_second_factor(request) else None

    def _second_factor(self, request: Any) -> HttpResponseBase | None:
        page = staff_sign_in.second_factor_missing(request)
        if not page:
            return None
        if page == "mfa_activate_totp":
            messages.info(request, gettext_lazy("You need a second factor here. Set it up to go on."))
            return redirect(page)
        back = request.get_full_path() if request.method == "GET" else reverse("admin:index")
        return redirect(f"{reverse(page)}?{urlencode({'next': back})}")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without Django's own sign-in, password and “view on site” pages; the last would look up any row."""
        replaced: dict[str, View] = {
            "login": lambda request: redirect_to_login(request.GET.get("next") or "/staff/"),
            "logout": lambda request: redirect("account_logout"),
            "password_change": lambda request: redirect("account_change_password"),
            "password_change_done": lambda request: redirect("account_change_password"),
            "view_on_site": _not_found,
        }
        urls: list[URLPattern | URLResolver] = [path("choose/", staff_views.choose, name="choose")]
        for url in super().get_urls():
            if isinstance(url, URLPattern) and url.name in replaced:
                url.callback = gate("public", replaced[url.name])
            urls.append(url)
        return urls

    def each_context(self, request: Any) -> dict[str, Any]:
        address = request.clinic.get_absolute_url() if request.clinic else None
        return super().each_context(request) | {"site_url": address}

    def index(self, request: Any, extra_context: dict[str, Any] | None = None) -> Any:
        """Begins with what waits for somebody of this role."""
        pages = [page for page in self._registry.values() if isinstance(page, CountsWaiting)] if request.clinic else []
        found = [page.waiting(request) for page in pages if page.has_change_permission(request)]
        waiting = {"waiting": [one for one in found if one], "may_decide": bool(found)}
        return super().index(request, waiting | (extra_context or {}))

    def get_app_list(self, request: Any, app_label: str | None = None) -> list[Any]:
        listed = super().get_app_list(request, app_label)
        for app in listed if request.clinic else ():
            for model in app["models"]:
                if model["object_name"] == "Clinic":
                    app["name"], model["name"] = _("My clinic"), _("Settings")
        return sorted(
            listed, key=lambda app: ORDER.index(app["app_label"]) if app["app_label"] in ORDER else len(ORDER)
        )


def _not_found(request: Any, **kwargs: Any) -> HttpResponseBase:
    raise Http404
