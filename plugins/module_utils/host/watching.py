"""Begins to probe a component as its users see it, before an act changes it."""

from __future__ import annotations

from typing import Any, Dict, Optional

from . import compose, health, running, side_by_side
from .context import Context
from .edge import Edge
from .haproxy import LIVE
from .prober import Prober
from .settings import BLUE_GREEN
from .store import Release


def begin(context: Context, serving: Optional[Release]) -> None:
    """Start the act's prober, if something serves at an address that stays the same during the act."""
    context.prober = None
    if serving is None:
        return
    rate = side_by_side.settings_of(context, serving).probes
    request = _request(context, serving) if rate else None
    if request:
        context.prober = Prober(request, rate)


def _request(context: Context, serving: Release) -> Optional[Dict[str, Any]]:
    probed = serving.facts["health"]["probe"]
    if not probed or not probed.get("port"):
        return None
    for port in compose.ports(running.document(serving)):
        if (port.service, port.target, port.protocol) == (probed["service"], int(probed["port"]), "tcp"):
            return health.request_to(probed, f"{health.reachable(port.address)}:{port.port}")
    if running.strategy(context) != BLUE_GREEN:
        return None  # the address of a container that will be replaced
    request = Edge(context, serving.facts["project"]).request(probed, LIVE)
    return None if request is None or request.get("unreachable") else request
