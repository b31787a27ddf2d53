-- The portal's database and its one role. Run once, as a superuser, on PostgreSQL 17 or newer:
--   psql --username postgres --set password=… --file deploy/portal.sql
--
-- The role owns its database but is neither superuser nor BYPASSRLS: row-level security, which keeps the
-- clinics apart, binds it. The portal refuses to be called ready under any other (tenancy.E004).
\set ON_ERROR_STOP on

CREATE ROLE portal LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';

-- The same order of letters on every machine, whatever its C library thinks of them.
CREATE DATABASE portal OWNER portal TEMPLATE template0 ENCODING 'UTF8'
    LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C';

REVOKE ALL ON DATABASE portal FROM PUBLIC;
