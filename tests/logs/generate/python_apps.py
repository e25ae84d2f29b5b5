"""Writes what real Python programs say: `python_apps.py FOLDER tune|held-out`.

Needs flask, gunicorn, uvicorn, fastapi, structlog, loguru, python-json-logger and celery beside it. Every program runs by itself and its
two streams go to one file, as a container's do.
"""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
PYTHON = sys.executable


def main(folder: Path, which: str) -> None:
    """Run each program of the set and put what it said into `python-<name>.log`."""
    for program in sorted((HERE / which).glob("plain_*.py")):
        said = subprocess.run(
            [PYTHON, program], capture_output=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30
        )
        (folder / f"python-{program.stem[6:]}.log").write_bytes(said.stdout)
    port = 29391 if which == "tune" else 29401
    servers = {
        "flask": [PYTHON, "-m", "flask", "--app", "web_flask", "run", "--port", str(port)],
        "gunicorn": [
            PYTHON,
            "-m",
            "gunicorn",
            "--bind",
            f"127.0.0.1:{port}",
            "--access-logfile",
            "-",
            "--timeout",
            "2",
            "web_flask:app",
        ],
        "uvicorn": [PYTHON, "-m", "uvicorn", "web_fastapi:app", "--port", str(port)],
    }
    for name, command in servers.items():
        with (folder / f"python-{name}.log").open("wb") as log:
            server = subprocess.Popen(command, cwd=HERE / which, stdout=log, stderr=subprocess.STDOUT)
            wait(port)
            if name == "gunicorn" and which == "held-out":  # the port is taken
                subprocess.run(command, cwd=HERE / which, stdout=log, stderr=subprocess.STDOUT, timeout=20)
            for path in (HERE / which / "paths.txt").read_text().split():
                ask(port, path)
            server.terminate()
            server.wait(10)


def wait(port: int) -> None:
    end = time.monotonic() + 15
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"nobody answers at {port}")


def ask(port: int, path: str) -> None:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=4).close()
    except OSError:
        pass  # what it says about that is in its log


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
