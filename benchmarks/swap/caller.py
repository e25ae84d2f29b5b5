"""The users in the Docker network, who call the service by its name; needs no more than a minimal Python.

`caller.py NAME`: half of the callers keep their connection, half open one for each request. Prints
`good bad last-error` every tenth of a second.
"""

import socket
import sys
import threading
import time

counts = {"good": 0, "bad": 0}
last = ["-"]
lock = threading.Lock()


def answer(line, body, keep):
    """Send one request, return whether its answer is right and whether the connection may be used again."""
    verb, mode = (b"POST", b"keep-alive") if body else (b"GET", b"close" if not keep else b"keep-alive")
    line.sendall(
        b"%s / HTTP/1.1\r\nHost: web\r\nConnection: %s\r\nContent-Length: %d\r\n\r\n%s" % (verb, mode, len(body), body)
    )
    data = b""
    while b"\r\n\r\n" not in data:
        part = line.recv(65536)
        if not part:
            raise OSError("closed without an answer")
        data += part
    head, _, data = data.partition(b"\r\n\r\n")
    lowered = head.lower()
    length = int(lowered.partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(data) < length:
        part = line.recv(65536)
        if not part:
            raise OSError("closed in mid-answer")
        data += part
    right = b" 200 " in head.split(b"\r\n")[0] and data == (body or b'{"status": "ok"}')
    return right, b"connection: close" not in lowered


def caller(number):
    """Ask about thirty times a second."""
    line, keep = None, number % 2 == 0
    turn = 0
    while True:
        turn += 1
        body = b"%d-%d-" % (number, turn) + b"x" * 1000 if turn % 2 else b""
        try:
            if line is None:
                line = socket.create_connection((sys.argv[1], 8080), 5)
            right, again = answer(line, body, keep)
            problem = "another answer"
        except (OSError, ValueError, IndexError) as error:
            right, again, problem = False, False, repr(error)
        with lock:
            counts["good" if right else "bad"] += 1
            if not right:
                last[0] = problem
        if line is not None and not (again and keep):
            line.close()
            line = None
        time.sleep(0.033)


for one in range(4):
    threading.Thread(target=caller, args=(one,), daemon=True).start()
while True:
    time.sleep(0.1)
    with lock:
        print(counts["good"], counts["bad"], last[0], flush=True)
