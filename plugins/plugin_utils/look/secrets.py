"""Find the secrets of an inventory: the values of ``environment_values`` of every host."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError
from ansible.template import Templar
from ansible_collections.tta.ops.plugins.plugin_utils.look.redact import leaves

VARIABLE = "environment_values"


def secrets_of(variable_manager: Any) -> set[str]:
    """Values of all hosts' secrets, vault and templates resolved; a value that cannot be resolved is nobody's."""
    found: set[str] = set()
    for host in variable_manager._inventory.get_hosts():
        variables = variable_manager.get_vars(host=host, include_hostvars=False)
        if VARIABLE not in variables:
            continue
        templar = Templar(loader=variable_manager._loader, variables=variables)
        try:
            values = templar.template(variables[VARIABLE])
        except AnsibleError:
            values = [_single(templar, leaf) for leaf in _raw_leaves(variables[VARIABLE])]
        found.update(leaves(values))
    return found


def _raw_leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _raw_leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _raw_leaves(item)]
    return [value]


def _single(templar: Any, value: Any) -> str:
    try:
        return str(templar.template(value))
    except AnsibleError:
        return ""
