import asyncio
import logging

from fastapi import FastAPI, HTTPException

app = FastAPI()
log = logging.getLogger("uvicorn.error")


@app.get("/")
@app.get("/health")
@app.get("/errors")
def ok() -> str:
    return "ok"


@app.get("/divide")
def divide() -> float:
    return 1 / 0


@app.get("/caught")
def caught() -> str:
    log.error("upstream answered 502 for order %s", "A-17")
    log.info("0 errors in the last minute")
    return "ok"


@app.get("/warned")
def warned() -> str:
    log.warning("error budget: 99.9 % left")
    return "ok"


@app.get("/chained")
async def chained() -> str:
    async with asyncio.TaskGroup() as group:
        group.create_task(fail("first"))
        group.create_task(fail("second"))
    return "ok"


async def fail(name: str) -> None:
    raise ConnectionError(f"{name} is away")


@app.get("/quiet500")
def quiet500() -> str:
    raise HTTPException(503, "maintenance")


@app.get("/background")
async def background() -> str:
    task = asyncio.create_task(fail("background"))
    await asyncio.sleep(0.05)
    del task
    import gc

    gc.collect()
    return "ok"
