"""What all actions that stay on the control node have in common: arguments in, result out, a refusal as a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.plugins.action import ActionBase

from .refusal import Refusal, refused


class ControlNodeAction(ActionBase):
    """An action without a connection. A subclass states its ARGUMENTS and does its work in `act`."""

    ARGUMENTS: ClassVar[dict[str, dict[str, Any]]]

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return what `act` returns, or `failed` with `msg` and `report` when it raised `Refusal`."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        self._task.args = _plain(self._task.args)
        _, arguments = self.validate_argument_spec(self.ARGUMENTS)
        verb = arguments.get("verb") or (arguments.get("operation") or {}).get("verb") or self._task.action
        try:
            return result | {"changed": False} | self.act(arguments, task_vars or {})
        except Refusal as refusal:
            return result | refused(str(verb), refusal)

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Do the work and return what it adds to the result; raises `Refusal`."""
        raise NotImplementedError

    def variables(self, names: Mapping[str, str], task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of variables, by the keys of `names`, as they stand there: what is in them is no template.

        One that is text as a whole is: it says where the value is.
        """
        found = {key: task_vars.get(name, []) for key, name in names.items()}
        return {
            key: _plain(self._templar.template(value) if isinstance(value, str) else value)
            for key, value in found.items()
        }


def _plain(arguments: Any) -> Any:
    """Return arguments without what Ansible adds to every value: it copies those of a whole catalogue for 50 ms."""
    try:
        return json.loads(json.dumps(arguments))
    except (TypeError, ValueError):
        return arguments
