"""The users from outside: keep-alive clients at a fixed rate, and upgraded connections. One process of its own.

`load.py ADDRESS PORT RATE` runs until its standard input ends, then prints one JSON line (`Report`). Latency counts
from the moment at which a request was due, so that one that waits for a free client waits visibly. Nothing is retried.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

CLIENTS, SOCKETS, SOCKET_SECONDS, LIMIT = 64, 8, 3.0, 15.0
BODY = "x" * 4096


@dataclass
class Report:
    """What happened; seconds and milliseconds as named. `lag_ms`: how late this program itself was, 99th percentile."""

    requests: int = 0
    failed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    sockets: int = 0
    sockets_cut: int = 0
    releases: Counter[str] = field(default_factory=Counter)
    longest_gap: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    lag_ms: float = 0.0
    cpu: float = 0.0

    @property
    def saturated(self) -> bool:
        """Say whether this program was the bottleneck, so that its latencies are its own."""
        return self.cpu > 0.85 or self.lag_ms > 50


class Load:
    """A queue of due requests, filled by the clock and emptied by the clients."""

    def __init__(self, address: str, port: int, rate: float) -> None:
        """Take whom to ask, and how many times a second."""
        self.where, self.rate = (address, port), rate
        self.report = Report()
        self.due: asyncio.Queue[tuple[float, int]] = asyncio.Queue()
        self.quick: list[float] = []
        self.lags: list[float] = []
        self.answered = time.monotonic()
        self.stop = asyncio.Event()

    async def clock(self) -> None:
        """Have a request fall due `rate` times a second."""
        begun, number = time.monotonic(), 0
        while not self.stop.is_set():
            moment = begun + number / self.rate
            await asyncio.sleep(max(0.0, moment - time.monotonic()))
            self.lags.append(time.monotonic() - moment)
            self.due.put_nowait((moment, number))
            number += 1

    async def client(self) -> None:
        """Send what falls due over one connection that is kept."""
        line = None
        while True:
            moment, number = await self.due.get()
            slow, post = number % 50 == 0, number % 2 == 1
            self.report.requests += 1
            try:
                async with asyncio.timeout(LIMIT):
                    line = line or await asyncio.open_connection(*self.where)
                    keep = await self.ask(
                        *line, "POST" if post else "GET", "/slow" if slow else "/", f"{number}-{BODY}" if post else ""
                    )
            except (OSError, EOFError, ValueError, TimeoutError) as error:
                self.failed(type(error).__name__ if not isinstance(error, ValueError) else str(error))
                keep = False
                await asyncio.sleep(0.05)  # as a person would, not as a storm
            else:
                self.good(moment, slow)
            if not keep and line:
                line[1].close()
                line = None
            self.due.task_done()

    def good(self, moment: float, slow: bool) -> None:
        """Note an answer; the gap is the time without any."""
        now = time.monotonic()
        self.report.longest_gap = max(self.report.longest_gap, now - self.answered)
        self.answered = now
        if not slow:
            self.quick.append(now - moment)

    def failed(self, kind: str) -> None:
        """Note a failure."""
        self.report.failed += 1
        self.report.kinds[kind] += 1

    async def ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, verb: str, path: str, body: str
    ) -> bool:
        """Send one request and check its answer; return whether the connection may be used again."""
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        writer.write(f"{verb} {path} HTTP/1.1\r\nHost: bench\r\n{length}\r\n{body}".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in head[1:])}
        text = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
        if head[0].split()[1] != "200":
            raise ValueError(f"HTTP {head[0].split()[1]}")
        if text != (body or '{"status": "ok"}'):
            raise ValueError("another body")
        self.report.releases[headers.get("release", "none")] += 1
        return headers.get("connection") != "close"

    async def socket(self) -> None:
        """Hold an upgraded connection for some seconds, speak every 100 ms, hang up, and come back."""
        while not self.stop.is_set():
            self.report.sockets += 1
            writer = None
            try:
                async with asyncio.timeout(LIMIT):
                    reader, writer = await asyncio.open_connection(*self.where)
                    writer.write(b"GET /ws HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
                    if b" 101 " not in await reader.readuntil(b"\r\n\r\n"):
                        raise ValueError
                    until = time.monotonic() + SOCKET_SECONDS
                    while time.monotonic() < until and not self.stop.is_set():
                        writer.write(b"ping")
                        if await reader.readexactly(4) != b"ping":
                            raise ValueError
                        await asyncio.sleep(0.1)
            except (OSError, EOFError, ValueError, TimeoutError):
                self.report.sockets_cut += 1
                await asyncio.sleep(0.1)
            finally:
                if writer:
                    writer.close()

    async def run(self) -> Report:
        """Ask until standard input ends; then wait for what is on its way."""
        begun, used = time.monotonic(), time.process_time()
        clients = [asyncio.create_task(self.client()) for _ in range(CLIENTS)]
        sockets = [asyncio.create_task(self.socket()) for _ in range(SOCKETS)]
        clock = asyncio.create_task(self.clock())
        await asyncio.to_thread(sys.stdin.buffer.read)
        self.stop.set()
        await clock
        await asyncio.wait_for(self.due.join(), 60)
        self.report.cpu = round((time.process_time() - used) / (time.monotonic() - begun), 2)
        await asyncio.gather(*sockets)
        for one in clients:
            one.cancel()
        self.report.p50_ms, self.report.p99_ms = percentile(self.quick, 50), percentile(self.quick, 99)
        self.report.lag_ms = percentile(self.lags, 99)
        self.report.longest_gap = round(self.report.longest_gap, 2)
        return self.report


def percentile(values: list[float], percent: int) -> float:
    """Return an exact percentile of seconds, in milliseconds."""
    ordered = sorted(values)
    return round(ordered[-(-len(ordered) * percent // 100) - 1] * 1000, 1) if ordered else 0.0


if __name__ == "__main__":
    found = asyncio.run(Load(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])).run())
    print(json.dumps({**vars(found), "saturated": found.saturated}))
