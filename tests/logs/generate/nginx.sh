#!/bin/sh
# Writes what a real nginx says: nginx.sh FOLDER tune|held-out. Needs Debian's nginx.
set -eu
work=$(mktemp -d) && chmod 755 "$work"
log=$1/nginx.log
port=$([ "$2" = tune ] && echo 28391 || echo 28401)
: >"$log"
mkdir -p "$work/html" && echo ok >"$work/html/index.html" && echo no >"$work/html/secret" && chmod 000 "$work/html/secret"
cat >"$work/nginx.conf" <<CONF
user nobody nogroup;
pid $work/pid;
error_log $log notice;
events {}
http {
    access_log $log combined;
    client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
    client_max_body_size 1k;
    limit_req_zone \$binary_remote_addr zone=slow:1m rate=1r/s;
    server {
        listen 127.0.0.1:$port;
        root $work/html;
        location /up { proxy_pass http://127.0.0.1:1; }
        location /slow { proxy_pass http://127.0.0.1:$((port + 1)); proxy_read_timeout 1s; }
        location /limited { limit_req zone=slow; }
        location /loop { try_files /nothing /loop; }
        location /error { return 200 "error=0"; }
        location /fail { return 500; }
    }
}
CONF
nginx -c "$work/nginx.conf" -p "$work" -g 'daemon off;' 2>>"$log" & server=$!
python3 -c "
import socket, time
s = socket.socket(); s.bind(('127.0.0.1', $port + 1)); s.listen(5); time.sleep(8)" & silent=$!
sleep 0.5
get() { curl -s -m 4 -o "$work/out" "$@" || true; }
site=http://127.0.0.1:$port
for path in / /error /up /favicon.ico /secret /error/none.html; do get "$site$path"; done
if [ "$2" = held-out ]; then
    for path in /errors.js /fail /slow /index.html?fatal=1 /up/again /../etc/passwd '/?q=[error]' /loop; do get --path-as-is "$site$path"; done
    for n in 1 2 3; do get "$site/limited"; done
    get -d "$(head -c 2000 /dev/zero | tr '\0' x)" "$site/"
    get -A 'Mozilla/5.0 (error; critical)' "$site/"
    get -m 0.3 "$site/slow/2"
    printf 'BROKEN\r\n\r\n' | python3 -c "import socket, sys; s = socket.create_connection(('127.0.0.1', $port)); s.sendall(sys.stdin.buffer.read()); s.recv(99)"
    kill -HUP $server; sleep 0.4
    worker=$(pgrep -P $server | head -1); kill -SEGV "$worker"; sleep 0.4
    get "$site/"
    nginx -c "$work/nginx.conf" -p "$work" -g 'daemon off;' 2>>"$log" || true
    echo 'nonsense on;' >>"$work/nginx.conf"; kill -HUP $server; sleep 0.3
fi
kill -QUIT $server; wait $server || true; kill $silent || true
rm -rf "$work"
