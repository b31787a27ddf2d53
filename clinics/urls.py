"""Addresses below /<clinic>/."""

from django.urls import path

from clinics import views

app_name = "clinics"
urlpatterns = [
    path("info/", views.info, name="info"),
    path("theme.<str:colour>.css", views.theme, name="theme"),
    path("logo.<slug:version>.webp", views.logo, name="logo"),
    path("texts/<slug:kind>/", views.legal, name="legal"),
]
