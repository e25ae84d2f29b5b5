import json
import logging
import sys

from pythonjsonlogger.json import JsonFormatter

handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(
    JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", rename_fields={"levelname": "severity"})
)
log = logging.getLogger("api")
log.addHandler(handler)
log.setLevel(logging.DEBUG)
log.info("error reporting enabled", extra={"errors": 0})
log.debug("cache miss", extra={"error": None})
log.error("cannot charge", extra={"order": 7, "reason": "limit"})
log.warning("rate limit near", extra={"error_rate": 0.01})
try:
    json.loads("{")
except ValueError:
    log.exception("body is no JSON")
log.critical("token store is gone")
log.info("finished with status ERROR_FREE")
print(json.dumps({"level": 50, "time": 1795188721, "msg": "connect ECONNREFUSED 10.0.0.3:6379"}))
print(json.dumps({"level": 30, "time": 1795188721, "msg": "0 errors"}))
print(json.dumps({"lvl": "info", "event": "fatal_count", "fatal": 0}))
print(json.dumps({"status": "error", "message": "no level here"}))
print("{not json at all, error=0}")
