#!/bin/sh
# Writes what a real PostgreSQL says: postgres.sh FOLDER tune|held-out. Needs Debian's postgresql-15, and root.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) && chmod 755 "$work" && chown postgres "$work"
bin=/usr/lib/postgresql/15/bin
as() { setpriv --reuid postgres --regid postgres --clear-groups "$@"; }
as $bin/initdb -D "$work/data" -U postgres --auth=trust >/dev/null
if [ "$2" = tune ]; then prefix='%m [%p] '; port=25431; else prefix='%t [%p]: user=%u,db=%d,app=%a '; port=25432; fi
cat >>"$work/data/postgresql.conf" <<CONF
port = $port
unix_socket_directories = '$work'
log_line_prefix = '$prefix'
log_min_duration_statement = 200
log_lock_waits = on
deadlock_timeout = 300ms
log_checkpoints = on
log_connections = on
log_temp_files = 0
work_mem = 64kB
max_connections = 8
superuser_reserved_connections = 1
log_statement = ddl
CONF
printf 'host all locked 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\nlocal all all trust\n' >"$work/data/pg_hba.conf"
chown postgres "$work/data/pg_hba.conf"
(exec setpriv --reuid postgres --regid postgres --clear-groups $bin/postgres -D "$work/data") >"$1/postgres.log" 2>&1 &
server=$!
sql() { PGCONNECT_TIMEOUT=3 $bin/psql -h 127.0.0.1 -p $port -U postgres -q "$@" >/dev/null 2>&1; }
$bin/pg_isready -q -h 127.0.0.1 -p $port || true # asks while it starts
until $bin/pg_isready -q -h 127.0.0.1 -p $port; do sleep 0.1; done
sql -f "$here/$2.sql" || true
sql -U locked -c 'select 1' || true
sql -d nowhere -c 'select 1' || true
PGOPTIONS='-c no_such_setting=1' sql -c 'select 1' || true
# two transactions that wait for each other
sql -c "begin; update a set n = n + 1 where id = 1; select pg_sleep(0.4); update a set n = n + 1 where id = 2; commit" &
sql -c "begin; update a set n = n + 1 where id = 2; select pg_sleep(0.4); update a set n = n + 1 where id = 1; commit" &
sql -c "set statement_timeout = 150; select pg_sleep(2)" || true
for n in 1 2 3 4 5 6 7 8 9; do sql -c "select pg_sleep(1.2)" & done
sleep 1.6
python3 -c "import socket; s = socket.create_connection(('127.0.0.1', $port)); s.sendall(b'GET / HTTP/1.1\r\n\r\n')"
if [ "$2" = held-out ]; then
    sql -c "alter system set work_mem = '128kB'" && sql -c "select pg_reload_conf()"
    echo 'shared_buffers = lots' >>"$work/data/postgresql.conf" && kill -HUP $server
    sql -c "select pg_sleep(3)" & sleep 0.3
    victim=$($bin/psql -h 127.0.0.1 -p $port -U postgres -Atc "select pid from pg_stat_activity where query like 'select pg_sleep(3)%'")
    kill -9 "$victim" # what the kernel's OOM killer does: the server recovers
    sleep 0.05; sql -c "select 1" || true
    until $bin/pg_isready -q -h 127.0.0.1 -p $port; do sleep 0.1; done
    sed -i '/lots/d' "$work/data/postgresql.conf"
    sql -c "select count(*) from errors"
    sql -c "select pg_terminate_backend(pg_backend_pid())" || true
fi
sql -c "select pg_sleep(20)" & sleep 0.3
kill -INT $server; wait $server || true
as $bin/postgres -D "$work/nowhere" >>"$1/postgres.log" 2>&1 || true
rm -rf "$work"
