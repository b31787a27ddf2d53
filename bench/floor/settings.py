"""The floor's settings: what `startproject` writes, on PostgreSQL, with the pool that ours is measured with as well."""

import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

_address = urlsplit(os.environ["DATABASE_URL"])
_place = {name: values[0] for name, values in parse_qs(_address.query).items()}

SECRET_KEY = "the-floor-keeps-no-secrets-0123456789"  # noqa: S105  It signs the sessions of made-up people.
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.floor.views"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "bench.floor",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
]
# Tables straight from the models: the floor has no history to migrate.
MIGRATION_MODULES = dict.fromkeys(("auth", "contenttypes", "sessions"))
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _address.path.lstrip("/"),
        "USER": _address.username or "",
        "PASSWORD": _address.password or "",
        "HOST": _place.get("host") or _address.hostname or "",
        "PORT": _place.get("port") or _address.port or "",
        "OPTIONS": {"pool": {"min_size": 1, "max_size": int(os.environ.get("DATABASE_POOL") or 1)}},
    }
}
