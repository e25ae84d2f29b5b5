import logging
import os
import threading
import time
import warnings

from flask import Flask, abort

app = Flask(__name__)
logging.basicConfig(level=logging.INFO, format="[%(asctime)s] %(levelname)s in %(module)s: %(message)s")


@app.get("/")
@app.get("/health")
@app.get("/errors")
def ok() -> str:
    return "ok"


@app.get("/divide")
def divide() -> str:
    return str(1 / 0)


@app.get("/caught")
def caught() -> str:
    try:
        open("/nowhere/settings.toml")
    except OSError:
        app.logger.exception("settings cannot be read")
    app.logger.info("continuing with 0 errors so far")
    return "ok"


@app.get("/warned")
def warned() -> str:
    warnings.warn("error_mode is deprecated, use mode", DeprecationWarning, stacklevel=1)
    try:
        int("x")
    except ValueError:
        app.logger.warning("bad value, the default is used", exc_info=True)
    return "ok"


@app.get("/chained")
def chained() -> str:
    try:
        {}["user"]
    except KeyError as error:
        raise RuntimeError("session is damaged") from error
    return "ok"


@app.get("/quiet500")
def quiet500() -> str:
    abort(500)


@app.get("/background")
def background() -> str:
    thread = threading.Thread(target=lambda: [].pop(), name="cleaner")
    thread.start()
    thread.join()
    return "ok"


@app.get("/exit")
def leave() -> str:
    if "gunicorn" in os.environ.get("SERVER_SOFTWARE", ""):
        os._exit(3)
    return "ok"


@app.get("/hang")
def hang() -> str:
    if "gunicorn" in os.environ.get("SERVER_SOFTWARE", ""):
        time.sleep(3.5)
    return "ok"
