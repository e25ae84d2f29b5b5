import sys

from loguru import logger

logger.remove()
logger.add(sys.stdout, backtrace=True, diagnose=True)
logger.info("error queue is empty")
logger.success("job finished without error")
logger.warning("retry 1 of 3 after timeout")
logger.error("job 14 failed")


@logger.catch
def work(n: int) -> float:
    return 10 / n


work(0)
logger.critical("worker stops: too many failures")
logger.debug("level=error is what the parser looks for")
