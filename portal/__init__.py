"""The front door. Celery's app is imported here so that `shared_task` finds it in every process."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
