from fastapi import FastAPI

app = FastAPI()


@app.get("/")
@app.get("/health")
def ok() -> str:
    return "ok"


@app.get("/boom")
def boom() -> str:
    raise RuntimeError("boom")
