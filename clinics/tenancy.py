"""Walls three to five: scope, links and rows. One transaction sees one clinic, and PostgreSQL itself holds it to that.

`tenant()` is the only door to rows that belong to a clinic. Outside of it every query for such a row is an error, not
an empty answer. There is no way round it: schedulers and commands loop over clinics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Func, QuerySet, Value
from django.db.models.constraints import BaseConstraint
from django.db.models.functions import Cast

if TYPE_CHECKING:
    from clinics.models import Clinic

_open: ContextVar[int | None] = ContextVar("open_clinic", default=None)


class WrongTenant(RuntimeError):
    """Code asked for a clinic while no clinic, or another one, was open. Always a fault of ours."""


def open_clinic_id() -> int:
    """The clinic whose rows this transaction may see. Raises WrongTenant when none is open."""
    clinic_id = _open.get()
    if clinic_id is None:
        raise WrongTenant("no clinic is open")
    return clinic_id


@contextmanager
def tenant(clinic: Clinic | int) -> Iterator[None]:
    """Open one clinic for one transaction. Raises WrongTenant inside another clinic's."""
    clinic_id = clinic if isinstance(clinic, int) else clinic.pk
    with transaction.atomic(), _inside(clinic_id):
        _show(clinic_id)
        yield


@contextmanager
def tenant_opened(find: Callable[[], Clinic | None]) -> Iterator[Clinic | None]:
    """Find a clinic by a statement that opens it too (`ClinicDirectory.open_at`); None, and nothing open, without."""
    with transaction.atomic():
        clinic = find()
        if clinic is None:
            yield None
            return
        with _inside(clinic.pk):
            yield clinic


def tenant_found(clinics: QuerySet[Clinic]) -> AbstractContextManager[Clinic | None]:
    """Find the one clinic of a queryset and open it in the same statement; None, and nothing open, without one."""
    as_text = Cast("pk", output_field=models.TextField())
    shown = Func(Value("app.clinic_id"), as_text, Value(True), function="set_config", output_field=models.TextField())
    return tenant_opened(clinics.annotate(shown=shown).first)


def _show(clinic_id: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.clinic_id', %s, true)", [str(clinic_id or "")])


@contextmanager
def _inside(clinic_id: int) -> Iterator[None]:
    before = _open.get()
    if before not in {None, clinic_id}:
        raise WrongTenant(f"clinic {before} is open, so clinic {clinic_id} can't be")
    token = _open.set(clinic_id)
    try:
        yield
    finally:
        _open.reset(token)
    # A savepoint that is released keeps SET LOCAL (one rolled back does not): give the outer block its own back.
    if connection.savepoint_ids and not connection.needs_rollback:
        _show(before)


class ClinicQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows of a clinic. In screens `.objects` is followed by `.for_clinic()` or `.for_client()`."""

    def for_clinic(self, clinic: Clinic) -> Self:
        return self.filter(clinic=clinic)


class OneClinicPolicy(BaseConstraint):
    """Forced row-level security: `clinic_id` equals the clinic that the transaction opened. No setting is an error.

    Nothing is added to the comparison on purpose: a bypass in the policy (`OR …`) costs every query its index.
    """

    def __init__(self, *, name: str = "%(app_label)s_%(class)s_one_clinic") -> None:
        super().__init__(name=name)

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        """A clinic that does not exist is opened for the rest of the migration: PostgreSQL checks new foreign keys with
        queries of its own, which need one. The tables are new and empty, so there is nothing that it could overlook."""
        table, name = schema_editor.quote_name(model._meta.db_table), schema_editor.quote_name(self.name)
        return (
            "SELECT set_config('app.clinic_id', '0', true); "
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY; "
            f"CREATE POLICY {name} ON {table} USING (clinic_id = current_setting('app.clinic_id')::bigint)"
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return ""

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table, name = schema_editor.quote_name(model._meta.db_table), schema_editor.quote_name(self.name)
        return (
            f"DROP POLICY {name} ON {table}; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; "
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
        )

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """The database answers for this one: a row of another clinic can be neither read nor written."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OneClinicPolicy) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


class SameClinic(BaseConstraint):
    """FOREIGN KEY (clinic_id, <field>_id) REFERENCES <parent> (clinic_id, id): a row links only inside its own clinic.

    PostgreSQL's own foreign-key checks look past row-level security, so without it a row could point to a neighbour's,
    and the error text would tell that the neighbour's row exists.
    """

    def __init__(self, field: str, *, name: str = "") -> None:
        super().__init__(name=name or f"%(app_label)s_%(class)s_{field}_same_clinic")
        self.field = field

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        """PostgreSQL checks the rows that are there with a query of its own, which the policies would stop: the owner
        looks past them for the length of the migration's transaction."""
        quote = schema_editor.quote_name
        link = model._meta.get_field(self.field)
        child, parent = quote(model._meta.db_table), quote(link.remote_field.model._meta.db_table)
        return (
            f"ALTER TABLE {child} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {parent} NO FORCE ROW LEVEL SECURITY; "
            f"ALTER TABLE {child} ADD CONSTRAINT {quote(self.name)} FOREIGN KEY (clinic_id, {quote(link.column)}) "
            f"REFERENCES {parent} (clinic_id, id) DEFERRABLE INITIALLY DEFERRED; "
            f"ALTER TABLE {parent} FORCE ROW LEVEL SECURITY; ALTER TABLE {child} FORCE ROW LEVEL SECURITY"
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return ""

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """A form's answer to a forged id: the same words whether the row is another clinic's or nobody's."""
        if exclude and self.field in exclude:
            return
        parent = getattr(instance, self.field, None)
        if parent is not None and instance.clinic_id is not None and parent.clinic_id != instance.clinic_id:
            raise ValidationError({self.field: "Not found."})

    def deconstruct(self) -> Any:
        path, _args, kwargs = super().deconstruct()
        return path, (self.field,), kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameClinic) and (self.name, self.field) == (other.name, other.field)

    def __hash__(self) -> int:
        return hash((self.name, self.field))


class ClinicOwned(models.Model):
    """A row of one clinic. Its Meta lists `*ClinicOwned.Meta.constraints` and a SameClinic for each link."""

    clinic = models.ForeignKey("clinics.Clinic", on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar[list[BaseConstraint]] = [
            models.UniqueConstraint(fields=["clinic", "id"], name="%(app_label)s_%(class)s_clinic_and_id"),
            OneClinicPolicy(),
        ]
