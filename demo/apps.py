"""What exists only where PORTAL_DEMO is set: made-up clinics, and a page of messages that were not sent."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
