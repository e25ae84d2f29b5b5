#!/bin/sh
# Writes what real Redis servers say: redis.sh FOLDER tune|held-out. Needs Debian's redis-server and redis-tools.
set -eu
work=$(mktemp -d)
port=$([ "$2" = tune ] && echo 26391 || echo 26401)
log=$1/redis.log
: >"$log"
cli() { redis-cli -p "$port" "$@" >/dev/null 2>&1 || true; }
start() { redis-server --port "$port" --dir "$work" "$@" >>"$log" 2>&1 & server=$!; }
ready() { timeout 5 sh -c "until redis-cli -p $port ping 2>/dev/null | grep -q -e PONG -e MISCONF -e NOAUTH -e LOADING; do sleep 0.1; done"; }
stop() { kill -TERM $server; wait $server || true; }
start --save 1 1
ready
cli set error 0
sleep 1.2
cli bgsave
cli config set maxmemory 2mb
cli config set maxmemory-policy noeviction
cli debug set-active-expire 0
start2=$server
redis-server --port "$port" --dir "$work" >>"$log" 2>&1 || true # the address is in use
server=$start2
stop
head -c 40 "$work/dump.rdb" >"$work/cut" && mv "$work/cut" "$work/dump.rdb"
redis-server --port "$port" --dir "$work" >>"$log" 2>&1 || true # the dump is cut off
rm -f "$work/dump.rdb"
redis-server --port "$port" --maxmemory lots >>"$log" 2>&1 || true
if [ "$2" = held-out ]; then
    start --appendonly yes --save 1 1 --enable-debug-command local
    ready
    cli set errors 12
    cli bgrewriteaof
    sleep 1.3
    rm -rf "$work/dump.rdb" && mkdir "$work/dump.rdb" "$work/dump.rdb/x" # the dump cannot be put in its place
    cli set a b
    sleep 2.5
    cli save
    rm -rf "$work/dump.rdb"
    printf 'POST / HTTP/1.1\r\nHost: x\r\n\r\n' | timeout 2 python3 -c "
import socket, sys
s = socket.create_connection(('127.0.0.1', $port)); s.sendall(sys.stdin.buffer.read()); s.recv(100)"
    cli replicaof 127.0.0.1 1 # a master that is not there
    sleep 2.2
    cli replicaof no one
    stop
    truncate -s -3 "$work"/appendonlydir/*.incr.aof # a torn tail is repaired, a broken middle is not
    start --appendonly yes
    ready
    stop
    printf 'garbage' | dd of="$(ls "$work"/appendonlydir/*.incr.aof)" bs=1 seek=0 conv=notrunc 2>/dev/null
    timeout 3 redis-server --port "$port" --dir "$work" --appendonly yes >>"$log" 2>&1 || true
    rm -rf "$work/appendonlydir"
    start --save '' --enable-debug-command yes
    ready
    cli debug segfault # a crash with its report
    wait $server || true
    start --save '' --enable-debug-command yes
    ready
    cli debug sleep 0.2
    redis-cli -p "$port" eval 'redis.log(redis.LOG_WARNING, "cache warmed, errors: 0") redis.log(redis.LOG_NOTICE, "no error")' 0 >/dev/null || true
    redis-cli -p "$port" eval 'redis.log(redis.LOG_WARNING, "Lua job failed: queue is gone")' 0 >/dev/null || true
    cli shutdown nosave
    wait $server || true
fi
rm -rf "$work"
