#!/bin/bash
# Writes the password into a file that only this user can read (an argument would show it in the
# process list) and becomes the server, so that the server itself gets SIGTERM.
set -euo pipefail

: "${REDIS_PASSWORD:?REDIS_PASSWORD is missing: set it in the environment file}"
case "$REDIS_PASSWORD" in
    *[\"\\]* | *$'\n'*) echo 'REDIS_PASSWORD must not contain quotes, backslashes or line breaks' >&2; exit 1 ;;
esac

umask 077
printf 'include /etc/redis/tta.conf\nrequirepass "%s"\n' "$REDIS_PASSWORD" > /run/redis/redis.conf
exec redis-server /run/redis/redis.conf
