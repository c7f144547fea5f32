"""Refusals told for what they are, from their bytes alone."""

from wsinspector.verdicts.refused.telling import Before, Kind, Lost, Quote, Refusal, Setting, Spoke
from wsinspector.verdicts.refused.understanding import judge_refusal, understand_refusal

__all__ = [
    "Before",
    "Kind",
    "Lost",
    "Quote",
    "Refusal",
    "Setting",
    "Spoke",
    "judge_refusal",
    "understand_refusal",
]
