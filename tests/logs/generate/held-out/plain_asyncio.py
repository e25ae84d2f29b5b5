import asyncio
import gc


async def fail() -> None:
    raise ConnectionResetError("peer went away")


async def main() -> None:
    print("workers: 2, errors: 0")
    task = asyncio.ensure_future(fail())
    await asyncio.sleep(0.01)
    del task
    gc.collect()
    print("INFO error counter reset")
    try:
        await asyncio.wait_for(asyncio.sleep(1), 0.01)
    except TimeoutError as error:
        raise RuntimeError("the shard did not answer") from error


asyncio.run(main())
