import structlog

structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", key="ts"),
        structlog.processors.LogfmtRenderer(key_order=["ts", "level", "event"]),
    ]
)
log = structlog.get_logger()
log.info("boot", errors=0, error=None)
log.error("sync failed", peer="10.0.0.9", tries=3)
log.warning("peer slow", error_rate=0.2)
log.info("retry", last_error="timeout")
log.critical("quorum lost", peers=1)
log.info("level=error was fixed", ticket=12)
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.dev.ConsoleRenderer(colors=False),
    ]
)
log = structlog.get_logger()
log.info("console output", error=0)
log.error("no space left", device="/dev/sda1")
log.warning("error rate is rising", rate=0.02)
try:
    {}["key"]
except KeyError:
    log.exception("lookup failed")
log.info("end")
