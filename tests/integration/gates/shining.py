"""Files for a lamp whose service runs the component's own file, in an image that only has a minimal Python."""

from __future__ import annotations

LAMP = "src/components/lamp.py"
CODE = '''"""A lamp that serves."""

import os
import signal
import socket
import sys

METRICS = b"# TYPE lamp_watts gauge\\nlamp_watts 60\\n"


def shine(path: bytes) -> bytes:
    """Answer a path."""
    if path == b"/health":
        return b'{"status": "ok"}'
    if path == b"/metrics":
        return METRICS
    if path == b"/dim":
        return dimmed()
    return b"light"


def dimmed() -> bytes:
    """Answer with less."""
    less = b"lig"
    return less


def stop(number: int, frame: object) -> None:
    """End."""
    sys.exit(0)


def serve() -> None:
    """Serve until told to stop."""
    if "stubborn" in os.environ.get("MOOD", ""):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, stop)
    server = socket.create_server(("", int(os.environ.get("PORT", "8080"))))
    while True:
        client, _ = server.accept()
        path = client.recv(65536).split(b" ")[1]
        client.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\n" + shine(path))
        client.close()


if __name__ == "__main__":
    serve()
'''
COMPOSE = """\
name: lamps
services:
  lamp:
    image: tta-base:bookworm
    command: [python3, /app/lamp.py]
    read_only: true
    user: "65534:65534"
    volumes: ['./src/components/lamp.py:/app/lamp.py:ro']
    ports: ['127.0.0.1:${LAMP_PORT:?set it}:8080']
    stop_grace_period: 1s
    healthcheck:
      test: [CMD, python3, -c, "import socket; socket.create_connection(('127.0.0.1', 8080), 2).send(b'GET / H')"]
      interval: 200ms
      retries: 30
"""
INTEGRATION = """\
import os
import urllib.request

import pytest


@pytest.mark.parametrize("path", PATHS)
def test_lamp_answers(path):
    with urllib.request.urlopen(os.environ["LAMP_URL"] + path, timeout=5) as answer:
        assert answer.status == 200
"""
E2E = INTEGRATION.replace("PATHS", "['/dim']")
FILES = {
    LAMP: CODE,
    "compose.staging.yml": COMPOSE,
    "tests/integration/test_lamp_integration.py": INTEGRATION.replace("PATHS", "['/', '/health', '/metrics', '/dim']"),
    "tests/e2e/test_lamp_e2e.py": E2E,
}
EVERYWHERE = {"LAMP_URL": "{url:lamp:8080}"}
ENTRY = {
    "paths": [LAMP],
    "health": {"service": "lamp", "port": 8080, "http": "/health", "expect": "status == 'ok'"},
    "monitoring": {"metrics": "/metrics", "alerts": []},
}
GATES = ("integration-tests", "integration-coverage", "e2e-tests", "health-answers", "metrics-parse")
