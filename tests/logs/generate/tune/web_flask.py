import logging

from flask import Flask

app = Flask(__name__)
logging.basicConfig(level=logging.INFO)


@app.get("/")
@app.get("/health")
@app.get("/error/page")
def ok() -> str:
    return "ok"


@app.get("/boom")
def boom() -> str:
    raise RuntimeError("boom")


@app.get("/logged")
def logged() -> str:
    app.logger.error("the queue does not answer")
    app.logger.info("error handler registered")
    return "ok"
