"""News for the apps above: bookings cancels the visits of a pet that is gone."""

from django.dispatch import Signal

# sender: Pet; pet, reason (a Removal), now. Sent inside the transaction, after the row is written.
pet_removed = Signal()
# sender: Pet; pet, now. It is another client's from now on, as its row says.
pet_handed_over = Signal()
# sender: Pet; pet, now. The owner took it back: what was cancelled stays cancelled.
pet_restored = Signal()
