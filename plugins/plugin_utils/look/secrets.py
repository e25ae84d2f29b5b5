"""Find the secrets of an inventory: the values of ``environment_values``, and whom every host's runs tell."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.template import Templar

from .redact import leaves

VARIABLES = ("environment_values", "environment_webhook")
_LOOKUP = re.compile(r"\b(lookup|query|q)\s*\(")


def secrets_of(variable_manager: Any, lookups: bool) -> set[str]:
    """Values of all hosts' secrets, vault and templates resolved, and of environment variables that hold a token.

    Without ``lookups``, values that a lookup makes are left out: looking may create them (a generated password),
    and nothing may be created before what the operator typed has been checked.
    """
    found: set[str] = {value.strip() for name, value in os.environ.items() if name.upper().endswith("TOKEN")}
    for host in variable_manager._inventory.get_hosts():
        variables = variable_manager.get_vars(host=host, include_hostvars=False)
        templar = Templar(loader=variable_manager._loader, variables=variables)
        for name in VARIABLES:
            found.update(leaves(_resolved(variables.get(name), templar, lookups)))
        told = _resolved(variables.get("environment_notify"), templar, lookups)
        addresses = [one.get("url") for one in told if isinstance(one, Mapping)] if isinstance(told, list) else []
        found.update(leaves(addresses))
    return found


def names_of(variable_manager: Any) -> set[str]:
    """The names of all hosts and groups."""
    inventory = variable_manager._inventory
    return {*(host.name for host in inventory.get_hosts()), *inventory.groups}


def _resolved(value: Any, templar: Any, lookups: bool) -> Any:
    if isinstance(value, Mapping):
        return {key: _resolved(item, templar, lookups) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, templar, lookups) for item in value]
    if isinstance(value, str) and not lookups and _LOOKUP.search(value):
        return None
    try:
        return templar.template(value)
    except AnsibleError:  # undefined, or a vault without its password: then no task can print it either
        return None
