"""The service that is changed: what a minimal Python can, and graceful, so that no way of changing it has a handicap.

`/slow` takes two seconds, a POST gives its body back, an upgraded connection gives back what it gets. On SIGTERM it
goes on for `DRAIN` seconds, takes no more, ends what it has begun, and says `Connection: close` in every answer.
"""

import os
import signal
import socket
import threading
import time

RELEASE = open("/behaviour").read().strip().replace(" ", "-")  # noqa: PTH123, SIM115
server = socket.create_server(("", 8080), backlog=512)
leaving = threading.Event()
lock, busy = threading.Lock(), 0


def begin(change):
    """Count what is being answered."""
    global busy
    with lock:
        busy += change


def receive(client, data, wanted):
    """Read until `wanted` says that it is enough; None when the caller has gone."""
    while not wanted(data):
        part = client.recv(65536)
        if not part:
            return None
        data += part
    return data


def echo(client):
    """Give back what comes until the caller goes."""
    client.sendall(
        b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: echo\r\nRelease: %s\r\n\r\n" % RELEASE.encode()
    )
    while True:
        part = client.recv(65536)
        if not part:
            return
        client.sendall(part)


def answers(client):
    """Answer one request after the other."""
    data = b""
    while True:
        data = receive(client, data, lambda found: b"\r\n\r\n" in found)
        if data is None:
            return None
        begin(1)
        try:
            head, _, data = data.partition(b"\r\n\r\n")
            first, *lines = head.decode().split("\r\n")
            headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in lines)}
            if "upgrade" in headers:
                return echo(client)
            length = int(headers.get("content-length", 0))
            data = receive(client, data, lambda found, length=length: len(found) >= length)
            if data is None:
                return None
            body, data = data[:length], data[length:]
            if "/slow" in first:
                time.sleep(2)
            body = body or b'{"status": "ok"}'
            close = leaving.is_set() or headers.get("connection") == "close"
            client.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nRelease: %s\r\nConnection: %s\r\n\r\n%s"
                % (len(body), RELEASE.encode(), b"close" if close else b"keep-alive", body)
            )
        finally:
            begin(-1)
        if close:
            return None


def serve(client):
    """Answer a caller; one that goes away is nobody's failure here."""
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with client:
        try:
            answers(client)
        except OSError:
            return


def leave(*_):
    """Go on for a while, then end what has begun; whoever is still connected after that is cut by the engine."""
    leaving.set()
    threading.Thread(target=drain).start()


def drain():
    """Take no more connections after a while, and end with the last answer."""
    time.sleep(float(os.environ.get("DRAIN", "0")))
    server.close()
    while busy:
        time.sleep(0.01)
    os._exit(0)


signal.signal(signal.SIGTERM, leave)
server.settimeout(0.5)
while server.fileno() >= 0:
    try:
        connection, _ = server.accept()
    except OSError:
        continue
    connection.settimeout(None)
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
signal.pause()
