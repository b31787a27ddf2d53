"""From one row's page to another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html

if TYPE_CHECKING:
    from django.db.models import Model
    from django.utils.safestring import SafeString


def link_to(row: Model) -> SafeString:
    """A row by its name, leading to its page in the admin."""
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, row)
