"""A server that answers at once, and one time not for a while: `stalling.py PORT AFTER_S STALL_S`."""

from __future__ import annotations

import asyncio
import sys
import time

BEGIN = time.monotonic()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    after, stall = float(sys.argv[2]), float(sys.argv[3])
    while (await reader.readline()).strip():
        while (await reader.readline()).strip():
            pass
        left = BEGIN + after + stall - time.monotonic()
        if 0 < left <= stall:
            await asyncio.sleep(left)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()


async def main() -> None:
    async with await asyncio.start_server(answer, "127.0.0.1", int(sys.argv[1])) as server:
        await server.serve_forever()


asyncio.run(main())
