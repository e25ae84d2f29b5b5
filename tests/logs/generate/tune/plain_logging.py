import logging

logging.basicConfig(level=logging.DEBUG, format="%(asctime)s - %(name)s - %(levelname)s - %(message)s")
log = logging.getLogger("shop.orders")
log.info("ErrorHandler loaded")
log.debug("retries=0 errors=0")
log.warning("slow answer (2.1 s), no error")
log.error("cannot reach %s: connection refused", "10.0.0.7:5432")
log.critical("giving up")
try:
    {}["id"]
except KeyError:
    log.exception("order %d failed", 17)
    log.warning("will be tried again", exc_info=True)
print("done: 3 ok, 0 failed")
raise ValueError("no such order")
