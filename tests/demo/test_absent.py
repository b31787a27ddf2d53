"""Without PORTAL_DEMO there is no demo: neither its page nor its accounts can come to a real portal."""

from __future__ import annotations

import os
import subprocess
import sys

ASK = """
import django
django.setup()
from django.apps import apps
from django.core.management import get_commands
from django.test import Client
print(apps.is_installed("demo"), "seed_demo" in get_commands(), Client().get("/demo/messages/").status_code)
"""


def ask(demo: str) -> str:
    environment = os.environ | {
        "PORTAL_DEMO": demo,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "ALLOWED_HOSTS": "testserver",
    }
    asked = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True)
    return asked.stdout.splitlines()[-1]


def test_the_app_its_command_and_its_page_come_and_go_together():
    assert ask("1") == "True True 200"
    assert ask("0") == "False False 404"
