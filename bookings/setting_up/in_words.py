"""A clinic's booking rules as sentences: what clients read of them, and what else follows."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import LateRule, Policy, Service
from bookings.offers import terms_text
from bookings.policy import Rules, rules_for

HOURS_A_DAY = 24


def sentences(rules: Rules) -> list[str]:
    """What the rules mean, a plain sentence each. The second is the one that clients read before they book."""
    return [_booking(rules), terms_text(rules), _late(rules), _moves(rules)]


def of_policy(policy: Policy) -> list[str]:
    """What a version says where a service has no rules of its own."""
    return sentences(rules_for(Service(), policy))


def _booking(rules: Rules) -> str:
    days = ngettext("%(count)d day", "%(count)d days", rules.horizon_days) % {"count": rules.horizon_days}
    said = {"days": days, "grid": rules.grid_minutes, "notice": _notice(rules.minimum_notice_hours)}
    if not rules.minimum_notice_hours:
        return _("Times start every %(grid)d minutes and can be booked until they begin, up to %(days)s ahead.") % said
    return _("Times start every %(grid)d minutes and can be booked from %(notice)s to %(days)s ahead.") % said


def _notice(hours: int) -> str:
    if hours > HOURS_A_DAY and hours % HOURS_A_DAY == 0:
        return ngettext("%(count)d day", "%(count)d days", hours // HOURS_A_DAY) % {"count": hours // HOURS_A_DAY}
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}


def _late(rules: Rules) -> str:
    if rules.late_rule == LateRule.CALL:
        return _("Later than that, they are asked to call.")
    return _("Later than that, they may still cancel, and it is marked as late.")


def _moves(rules: Rules) -> str:
    if not rules.most_moves:
        return _("Clients don’t move visits themselves; they cancel and book again, or call.")
    words = ngettext(
        "Clients move a visit at most %(count)d time.",
        "Clients move a visit at most %(count)d times.",
        rules.most_moves,
    )
    return words % {"count": rules.most_moves}
