#!/bin/bash
# Creates the cluster once, sets the application's password at each start, and becomes the server.
# Every secret goes through standard input: an argument would show it in the process list.
set -euo pipefail

: "${POSTGRES_DB:?POSTGRES_DB is missing: set it in the environment file}"
: "${POSTGRES_USER:?POSTGRES_USER is missing: set it in the environment file}"
: "${POSTGRES_PASSWORD:?POSTGRES_PASSWORD is missing: set it in the environment file}"
for name in "$POSTGRES_DB" "$POSTGRES_USER"; do
    [[ "$name" =~ ^[a-z][a-z0-9_]{0,62}$ ]] || { echo "'$name' is no name for a role or a database: use a-z, 0-9 and _" >&2; exit 1; }
done
case "$POSTGRES_PASSWORD" in
    *$'\n'*) echo 'POSTGRES_PASSWORD must not contain line breaks' >&2; exit 1 ;;
esac

# One statement a line, in the server's single-user mode: no network, no other client.
run_sql() { postgres --single -c exit_on_error=true -c config_file=/etc/postgresql/postgresql.conf -D "$1" "$2" > /dev/null; }

if [[ ! -d "$PGDATA" ]]; then
    # Under another name until it is complete: a start that was interrupted begins anew.
    rm -rf "$PGDATA.new"
    initdb --pgdata "$PGDATA.new" --username postgres --encoding UTF8 --locale C.UTF-8 \
        --auth-local peer --auth-host scram-sha-256 > /dev/null
    run_sql "$PGDATA.new" postgres <<SQL
CREATE ROLE "$POSTGRES_USER" LOGIN
CREATE DATABASE "$POSTGRES_DB" OWNER "$POSTGRES_USER"
SQL
    mv "$PGDATA.new" "$PGDATA"
fi

# The environment file is the truth: a changed password holds from the next start on.
run_sql "$PGDATA" postgres <<SQL
ALTER ROLE "$POSTGRES_USER" WITH LOGIN PASSWORD '${POSTGRES_PASSWORD//\'/\'\'}'
SQL

exec postgres -c config_file=/etc/postgresql/postgresql.conf -D "$PGDATA"
