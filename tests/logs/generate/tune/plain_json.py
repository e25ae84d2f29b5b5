import structlog

structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.dict_tracebacks,
        structlog.processors.JSONRenderer(),
    ]
)
log = structlog.get_logger()
log.info("started", errors=0)
log.error("payment failed", order=4)
log.warning("retrying after error")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("report failed")
