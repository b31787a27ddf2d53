"""Rows of hand-written statements as models: the few that every request begins with (docs/adr/0009)."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model


@cache
def columns(model: type[Model]) -> str:
    """All columns of a model in the order that `instance` takes them, each with its table's name."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    return ", ".join(f"{table}.{quote(field.column)}" for field in model._meta.concrete_fields if field.column)


@cache
def fields(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


def instance[M: Model](model: type[M], values: Sequence[Any]) -> M:
    """What the ORM would have made of these columns. Only for fields that PostgreSQL's driver converts by itself."""
    return model.from_db(DEFAULT_DB_ALIAS, fields(model), values)
