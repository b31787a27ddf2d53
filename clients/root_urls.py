"""Addresses of the door of all clinics."""

from django.conf import settings
from django.urls import path
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from clients.views import root
from clinics.gates import View, public


def _page(template: str) -> View:
    words = {"operator": settings.PORTAL_OPERATOR}
    return public(require_safe(TemplateView.as_view(template_name=template, extra_context=words)))


urlpatterns = [
    path("", root.choose, name="choose_clinic"),
    path("sign-in/", root.ask, name="root_sign_in"),
    path("sign-in/code/", root.code, name="root_code"),
    path("sign-in/again/", root.ask_again, name="root_ask_again"),
    path("sign-out/", root.sign_out, name="root_sign_out"),
    path("legal/privacy-policy/", _page("legal/privacy_policy.html"), name="operator_privacy_policy"),
    path("legal/user-agreement/", _page("legal/user_agreement.html"), name="operator_user_agreement"),
]
