"""Addresses of Pet ID cards that strangers open: outside a clinic's path, and its keys below it."""

from django.urls import path

from pets.views import verify

urlpatterns = [
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:code>/", verify.verify_card, name="verify_card"),
    path("<slug:clinic_slug>/.well-known/jwks.json", verify.card_keys, name="card_keys"),
]
