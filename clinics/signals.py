"""What a lower app has to say to the ones above it. Each is sent with the clinic open."""

from django.dispatch import Signal

# sender: Clinic; clinic, now. It is new: add what it starts with.
clinic_opened = Signal()
# sender: Clinic; clinic, now. Forget what must not be kept; answer how many rows that was.
purge_due = Signal()
# sender: Clinic; clinic, dry_run. Seal secrets with the newest key; answer how many. Raises crypto.Unreadable.
reseal_due = Signal()
