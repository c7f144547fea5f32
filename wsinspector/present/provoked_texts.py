"""The results of provocations in words and marks: never a colour alone."""

from wsinspector.conversation.provoking_results import ProvokedRow, ProvokeResults
from wsinspector.conversation.sweep_results import SweepPhase
from wsinspector.present.plain import visible
from wsinspector.translate import translate
from wsinspector.verdicts.provoked import Result

SIGN = translate("Provoked", "For servers you may test.")

MARKS = {
    Result.AS_REQUIRED: "✓",
    Result.ALLOWED: "·",
    Result.WRONG: "✕",
    Result.CRASHED: "✕",
    Result.UNDECIDED: "?",
    Result.UNFIT: "–",
}
"""A mark a verdict, beside its word."""

WORDS = {
    Result.AS_REQUIRED: translate("Provoked", "as required"),
    Result.ALLOWED: translate("Provoked", "allowed"),
    Result.WRONG: translate("Provoked", "not as required"),
    Result.CRASHED: translate("Provoked", "crashed"),
    Result.UNDECIDED: translate("Provoked", "undecided"),
    Result.UNFIT: translate("Provoked", "does not apply"),
}

ROLES = {
    Result.AS_REQUIRED: "ok",
    Result.ALLOWED: "muted",
    Result.WRONG: "fault",
    Result.CRASHED: "fault",
    Result.UNDECIDED: "note",
    Result.UNFIT: "muted",
}
"""The role of the colour that a verdict has in the window."""


def cell_text(row: ProvokedRow | None) -> str:
    """A cell of the table: mark, what was done, and the verdict's word."""
    if row is None:
        return ""
    verdict = row.verdict
    word = WORDS[verdict.result]
    mark = MARKS[verdict.result]
    short = visible(verdict.short)
    return f"{mark} {short}" if word == verdict.short else f"{mark} {short}, {word}"


def told(row: ProvokedRow) -> str:
    """All that is said of a row, in sentences."""
    verdict = row.verdict
    clause = f" ({verdict.clause})" if verdict.result in (Result.WRONG, Result.CRASHED) else ""
    return f"{visible(verdict.text)}{clause}"


def summary(results: ProvokeResults) -> str:
    """How many came to which verdict, in how much time."""
    counts = []
    for result in Result:
        number = sum(server.count(result) for server in results.servers)
        if number:
            counts.append(f"{number} {WORDS[result]}")
    begun = translate("Provoked", "{done} of {total} provocations in {seconds:.1f} s")
    text = begun.format(done=results.done, total=results.total, seconds=results.seconds)
    if results.phase is SweepPhase.CANCELLED:
        text += translate("Provoked", ", stopped")
    return f"{text}: {', '.join(counts)}" if counts else text


__all__ = ["MARKS", "ROLES", "SIGN", "WORDS", "cell_text", "summary", "told"]
