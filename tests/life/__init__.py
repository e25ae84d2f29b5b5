"""The life of carbon as the role `tracking` lives it, without Ansible and containers: ledger, tracker, pages."""

from __future__ import annotations

from .world import World

__all__ = ["World"]
