"""Addresses below /<clinic>/."""

from django.urls import path

from messaging import inbound, views

app_name = "messaging"
urlpatterns = [
    path("requests/<slug:slug>/", views.request_type, name="request"),
    path("webhooks/twilio/status/<str:signed>/", inbound.twilio_status, name="twilio_status"),
]
