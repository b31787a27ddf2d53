"""The Celery app. Its broker may vanish at any moment: the outbox table is the queue, tasks only say "look"."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect  # type: ignore[untyped-decorator]  # Celery has no types.
def warm_up(**_about_the_worker: Any) -> None:
    """Before a worker forks, so that its processes share what was loaded and no owner waits for it."""
    from pets import card_samples  # Here, because a web process never prints.

    card_samples.warm_up()
