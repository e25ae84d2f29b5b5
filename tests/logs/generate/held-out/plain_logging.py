import logging
import logging.config
import sys
import warnings

logging.basicConfig(
    level=logging.DEBUG, stream=sys.stdout, format="%(asctime)s %(levelname)-8s %(name)s:%(lineno)d %(message)s"
)
log = logging.getLogger("carbon.meter")
log.info("starting, error_rate=0.0 fatal=False")
log.info("registered handlers: ErrorHandler, CriticalHandler")
log.debug("GET /error/page 200 3ms")
log.debug("parsed 12 lines, errors: 0, failures: 0")
log.warning("reading took 4.2 s; error margin 0.3 %%")
log.error("reading of %s failed: timed out", "rapl:0")
log.error("reading of %s failed: timed out", "rapl:1")
log.critical("no meter answers; falling back to estimates")
log.info("Exception classes reloaded")
log.info("exit code of error_report.sh: 0")
log.info("the last run ended with: ERROR 12 of 400, but this one is clean")
for item in ("7", "seven", "8"):
    try:
        int(item)
    except ValueError:
        log.exception("bad reading %r", item)
log.warning("giving the meter up", exc_info=ValueError("stale"))
warnings.warn("RuntimeWarning: mean of empty slice", RuntimeWarning, stacklevel=1)
print("Traceback analysis finished: nothing found")
print("ERROR: disk quota exceeded, cannot write /data/emissions.csv")
print("summary: 12 ok, 0 failed, 0 errors")
print("* error log: /var/log/carbon/error.log")
print("no error")
sys.stderr.write("fatal: not a git repository (or any of the parent directories): .git\n")
log.error("multi-line report:\n  first: kept\n  second: lost\nend of report")
log.info("after the report")


def recurse(n: int) -> int:
    return recurse(n + 1)


try:
    recurse(0)
except RecursionError:
    log.exception("too deep")


class Odd:
    def __del__(self) -> None:
        raise OSError("handle is gone")


odd = Odd()
del odd
log.info("shutting down, 3 errors were handled")
sys.exit("carbon: cannot open /etc/carbon.toml")
