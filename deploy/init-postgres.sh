#!/bin/sh
# Run by the postgres image when its volume is new: the portal's role and database, as in portal.sql.
set -eu
psql --no-psqlrc --username "$POSTGRES_USER" --dbname postgres \
    --set password="${PORTAL_DB_PASSWORD:?set it in .env}" --file /etc/portal/portal.sql
