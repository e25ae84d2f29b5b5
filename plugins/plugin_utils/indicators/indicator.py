"""What every type of indicator is: something that measures a subject and ends in a document."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from ..gates.bench import Bench
from ..gates.measurement import Measurement

if TYPE_CHECKING:
    from ..gates.inputs import SubjectFacts


class Indicator(ABC):
    """One indicator with the parameters of its definition.

    `keys` are the parameters it allows; `heavy` ones wait most of their time and run beside the others; of those that
    are `reusable` a passing verdict holds until its inputs change.
    """

    keys: ClassVar[tuple[str, ...]] = ()
    heavy: ClassVar[bool] = False
    reusable: ClassVar[bool] = True

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        """Take the parameters, which `check` has found to be right."""
        self.parameters = parameters

    @staticmethod
    def check(parameters: Mapping[str, Any], where: str) -> None:
        """Raise `DefinitionError` for parameters that cannot be right."""
        return  # by default there is nothing to check

    def facts(self, facts: SubjectFacts) -> Mapping[str, Any]:
        """Return what a measurement depends on besides the inputs common to all (`gates/inputs.py`), JSON-like."""
        return {}

    @abstractmethod
    def measure(self, bench: Bench) -> Measurement:
        """Measure the bench's subject. What could not be measured becomes a problem, not an exception."""
