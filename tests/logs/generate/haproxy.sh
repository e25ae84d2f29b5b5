#!/bin/sh
# Writes what a real HAProxy says: haproxy.sh FOLDER tune|held-out. Needs Debian's haproxy and python3.
set -eu
work=$(mktemp -d)
log=$1/haproxy.log; : >"$log"
port=$([ "$2" = tune ] && echo 27391 || echo 27401)
cat >"$work/app.py" <<'PY'
import http.server, sys, time
class App(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if "slow" in self.path: time.sleep(2)
        if "cut" in self.path: return self.wfile.write(b"garbage\r\n")
        self.send_response(500 if "fail" in self.path else 404 if "none" in self.path else 200)
        self.end_headers(); self.wfile.write(b"ok")
    do_POST = do_GET
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), App).serve_forever()
PY
cat >"$work/haproxy.cfg" <<CONF
global
    log stdout format raw local0
    stats socket $work/admin level admin
defaults
    mode http
    log global
    option $([ "$2" = tune ] && echo httplog || echo 'httplog clf')
    timeout connect 300ms
    timeout client 1s
    timeout server 800ms
    timeout http-request 500ms
    option log-health-checks
frontend web
    bind 127.0.0.1:$port
    http-request deny if { path_beg /admin }
    use_backend empty if { path_beg /empty }
    default_backend app
backend app
    option httpchk GET /health
    server one 127.0.0.1:$((port + 1)) check inter 200ms fall 2 rise 1
    server two 127.0.0.1:$((port + 2)) check inter 200ms fall 2 rise 1 backup
backend empty
    server none 127.0.0.1:$((port + 3))
CONF
python3 "$work/app.py" $((port + 1)) 2>/dev/null & one=$!
python3 "$work/app.py" $((port + 2)) 2>/dev/null & two=$!
sleep 0.4
haproxy -W -f "$work/haproxy.cfg" >>"$log" 2>&1 & proxy=$!
sleep 0.6
get() { curl -s -m 3 -o "$work/out" "$@" || true; }
site=http://127.0.0.1:$port
for path in / /error/page /errors?error=0 /none /fail /slow /cut /empty /admin; do get "$site$path"; done
get "$site/" -A 'ErrorBot/1.0 (fatal)'
if [ "$2" = held-out ]; then
    for path in /api/v1/errors /static/error.css /critical/alert.png /failed_jobs; do get "$site$path"; done
    get -X POST -d error=0 "$site/report"
    get -m 0.2 "$site/slow?give=up"
    python3 -c "
import socket
s = socket.create_connection(('127.0.0.1', $port)); s.sendall(b'GARBAGE\r\n\r\n'); s.recv(99)
s = socket.create_connection(('127.0.0.1', $port)); s.sendall(b'GET / HT'); s.recv(999)
s = socket.create_connection(('127.0.0.1', $port)); s.sendall(b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc'); s.recv(999)"
fi
kill $one; sleep 1
get "$site/after"
if [ "$2" = held-out ]; then
    kill $two; sleep 1
    get "$site/gone"; get "$site/error?gone"
    python3 "$work/app.py" $((port + 1)) 2>/dev/null & one=$!
    sleep 0.8
    get "$site/back"
    sed -i 's/frontend web/frontend web\n    bind 127.0.0.1:'$port' ssl crt \/nowhere.pem/' "$work/haproxy.cfg"
    kill -USR2 $proxy; sleep 0.7
    haproxy -f "$work/haproxy.cfg" >>"$log" 2>&1 || true
    printf 'frontend x\n    bind :0x\n    nonsense yes\n' >"$work/bad.cfg"
    haproxy -c -f "$work/bad.cfg" >>"$log" 2>&1 || true
    printf 'defaults\n mode http\nfrontend x\n    bind 127.0.0.1:%s\n' "$port" >"$work/taken.cfg"
    haproxy -f "$work/taken.cfg" >>"$log" 2>&1 || true
fi
sleep 0.3; kill -TERM $proxy; wait $proxy || true
kill $one $two 2>/dev/null || true
rm -rf "$work"
