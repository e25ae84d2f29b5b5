"""The tracker of the settings, put together: what the action `mirror` returns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...module_utils.host import canonical
from ...module_utils.host.outbox.queue import wanted
from ..look.redact import Redactor
from .interface import Document, Tracker, Unsent
from .sending import Outbox
from .sending import send as send_all
from .settings import Settings

DEFAULT_LABELS = ("blocker:*", "incident")


def nothing() -> dict[str, Any]:
    """Return what there is to say where issues are tracked beside the ledger alone."""
    return {"changed": False, "numbers": {}, "url": {}, "queued": 0, "msg": ""}


def send(documents: Iterable[Document], outbox: Outbox, settings: Settings, token: str, run: str) -> dict[str, Any]:
    """Send `documents` and what waits; never raises `Unsent`."""
    sent = send_all(documents, outbox, lambda: connect(settings, token), run)
    waits = [f"{sent.queued} wait beside the ledger and are sent by the next run"] if sent.queued else []
    said = [*sent.problems, *waits, *([sent.notice] if sent.notice else [])]
    return {
        "changed": bool(sent.sent),
        "numbers": {key: remote["number"] for key, remote in sent.remotes.items()},
        "url": {key: remote["url"] for key, remote in sent.remotes.items()},
        "queued": sent.queued,
        "msg": _without(token, "; ".join(said)),
    }


def would_send(documents: Iterable[Document], outbox: Outbox) -> dict[str, Any]:
    """Say what `send` would do, from what the outbox knows; nothing is put in."""
    found = outbox({})
    remotes = found["remotes"]
    new = [each for each in documents if (remotes.get(each["key"]) or {}).get("sent") != digest_of(each)]
    return {
        "changed": bool(new or found["queue"]),
        "numbers": {key: remote["number"] for key, remote in remotes.items()},
        "url": {key: remote["url"] for key, remote in remotes.items()},
        "queued": len(found["queue"]),
        "msg": "",
    }


def read(component: str, labels: Sequence[str], settings: Settings, token: str) -> dict[str, Any]:
    """Return a component's issues; `known` false: GitHub did not say, and nothing follows from the empty list."""
    try:
        found = connect(settings, token).read(component, [*DEFAULT_LABELS, *labels])
    except Unsent as problem:
        return {"changed": False, "found": [], "known": False, "msg": _without(token, str(problem))}
    return {"changed": False, "found": found, "known": True, "msg": ""}


def connect(settings: Settings, token: str) -> Tracker:
    """Return the tracker; raises `Unsent` for a token that cannot be one."""
    from .api import Api  # here, since `requests` takes a tenth of a second that most runs need not spend
    from .github import GitHub
    from .transport import Requests

    return GitHub(Api(settings, token, Requests()), settings)


def digest_of(document: Document) -> str:
    """Return the digest by which the outbox tells whether a document was sent."""
    return canonical.sha256(wanted(dict(document)))


def _without(token: str, text: str) -> str:
    redactor = Redactor()
    redactor.learn([token.strip()])
    return redactor.text(text)
