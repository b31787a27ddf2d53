"""`python -m bench.floor.seed`: 40,000 clients with 400,000 visits; prints who may sign in, as JSON."""

from __future__ import annotations

import json
import os

import django
from django.core.management import call_command
from django.db import connection

CLIENTS, PETS_EACH, VISITS_EACH_PET, VETS = 40_000, 2, 5, 50
VISITORS = 8

# Ten visits for each client, five past and five to come, spread over the pets.
STATEMENTS = """
INSERT INTO auth_user
    (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
    SELECT n, '!', false, 'client' || n, 'Nadia', 'Brennan ' || n, 'client' || n || '@example.com', false, true, now()
    FROM generate_series(1, %(clients)s) n;
INSERT INTO floor_vet (id, name) SELECT n, 'Dr. Vet ' || n FROM generate_series(1, %(vets)s) n;
INSERT INTO floor_client (id, user_id, name)
    SELECT n, n, 'Nadia Brennan ' || n FROM generate_series(1, %(clients)s) n;
INSERT INTO floor_pet (id, owner_id, name, species)
    SELECT n, (n - 1) / %(pets)s + 1, 'Miso ' || n, 'cat' FROM generate_series(1, %(clients)s * %(pets)s) n;
INSERT INTO floor_appointment (pet_id, vet_id, starts_at, reason)
    SELECT pet, (pet + visit) %% %(vets)s + 1,
        now() + make_interval(days => (visit * 2 - %(visits)s) * 20 + pet %% 20, hours => pet %% 9),
        'Vaccination and check'
    FROM generate_series(1, %(clients)s * %(pets)s) pet, generate_series(0, %(visits)s - 1) visit;
INSERT INTO floor_message (client_id, text, is_read)
    SELECT (n - 1) / 2 + 1, 'Please call us back.', n %% 2 = 0 FROM generate_series(1, %(clients)s * 2) n
"""


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.floor.settings"
    django.setup()
    call_command("migrate", verbosity=0, run_syncdb=True)
    numbers = {"clients": CLIENTS, "pets": PETS_EACH, "visits": VISITS_EACH_PET, "vets": VETS}
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS, numbers)
        cursor.execute("VACUUM ANALYZE")
    cookies = [f"sessionid={sign_in(number)}" for number in range(CLIENTS // 2, CLIENTS // 2 + VISITORS)]
    print(json.dumps({"cookies": cookies}))


def sign_in(user_id: int) -> str:
    """A session as Django's own sign-in makes it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user_id)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = User.objects.get(pk=user_id).get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    main()
