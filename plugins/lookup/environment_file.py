"""Lookup `environment_file`: the environment file of a release, rendered where it is needed and stored nowhere here."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ..plugin_utils.environment_file import render
from ..plugin_utils.refusal import Refusal
from ..plugin_utils.repository import git_in

DOCUMENTATION = r"""
name: environment_file
short_description: Render an environment file from the monorepo's example and the operator's values
description:
  - Takes the example at the commit that is promoted and puts the operator's values in.
  - A variable that is left with a placeholder is refused by name.
options:
  _terms:
    description: The fact C(operation) and the name of the environment.
    required: true
  values:
    description: Variable name to value; secret.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show which variables a release gets
  ansible.builtin.debug:
    msg: "{{ lookup('tta.ops.environment_file', operation, 'staging', values=environment_values) | length }}"
"""

RETURN = r"""
_raw:
  description: The text of the environment file.
  type: list
  elements: str
"""


class LookupModule(LookupBase):
    """Reads the example through git, so that the file fits the commit and not the work tree."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **options: Any) -> list[str]:
        """Return one text; raises `AnsibleError` with the sentence of the refusal."""
        self.set_options(var_options=variables, direct=options)
        operation, environment = terms
        example = operation["environments"][environment]["env_example"]
        try:
            text = git_in(operation["monorepo"])("show", f"{operation['artifact']['commit']}:{example}")
            return [render(text, self.get_option("values"), example)]
        except Refusal as refusal:
            raise AnsibleError(str(refusal)) from None
