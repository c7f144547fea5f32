"""How a capture was found when it was opened, in sentences: what was repaired, what is lost."""

from wsinspector.capture.finding import CHANGED, LOST, REPAIRED, Finding, Report
from wsinspector.present.numbers import count
from wsinspector.protocol.spans import Direction
from wsinspector.translate import translate


def damage_lead(report: Report) -> str:
    """One sentence: how many places were repaired, changed or lost; empty where nothing is to be said."""
    if not report.findings:
        return ""
    if report.fine and any(finding.earlier for finding in report.findings):
        return translate(
            "Damage", "This file was damaged and is repaired; what was lost or changed is noted."
        )
    if report.fine:
        return translate("Damage", "This file is not damaged; there is something to know of it.")
    parts = []
    findings = _settled(report)
    repaired, changed, lost = (
        sum(1 for finding in findings if finding.outcome == outcome) for outcome in (REPAIRED, CHANGED, LOST)
    )
    if repaired:
        parts.append(translate("Damage", "%n place(s) repaired", "", repaired))
    if changed:
        parts.append(translate("Damage", "%n place(s) not as written", "", changed))
    if lost:
        parts.append(translate("Damage", "%n place(s) lost", "", lost))
    lead = translate("Damage", "This file is damaged: {0}.").format(", ".join(parts))
    if report.written:
        return lead
    return lead + " " + translate("Damage", "The file itself was left as it is.")


def damage_role(report: Report) -> str:
    """The colour's role: a fault where something is lost, a note where all could be worked out again."""
    if any(finding.outcome in (LOST, CHANGED) for finding in _settled(report)):
        return "fault"
    return "note" if not report.fine else "link"


def damage_lines(report: Report) -> list[str]:
    """A line a finding, what is lost first, with where it lies."""
    order = {LOST: 0, CHANGED: 1, REPAIRED: 2}
    found = sorted(_settled(report), key=lambda finding: order.get(finding.outcome, 3))
    lines = [_line(finding) for finding in found]
    if report.more:
        lines.append(translate("Damage", "and {0} more").format(count(report.more)))
    return lines


def _settled(report: Report) -> list[Finding]:
    """The findings without those of frames that were worked out again: they are told as repaired."""
    rebuilt = [each for each in report.findings if each.kind == "frames" and each.outcome == REPAIRED]

    def covered(finding: Finding) -> bool:
        return (
            finding.kind == "frames"
            and finding.outcome in (LOST, CHANGED)
            and any(
                each.attempt == finding.attempt
                and (each.start or 0) <= (finding.start or 0)
                and (finding.stop or 0) <= (each.stop or 0)
                for each in rebuilt
            )
        )

    return [finding for finding in report.findings if not covered(finding)]


def _line(finding: Finding) -> str:
    where = []
    if finding.attempt is not None:
        where.append(translate("Damage", "attempt {0}").format(finding.attempt))
    if finding.direction is not None:
        where.append(
            translate("Damage", "received")
            if finding.direction is Direction.IN
            else translate("Damage", "sent")
        )
    if finding.start is not None and finding.stop is not None and finding.stop > finding.start:
        frames, last = finding.kind == "frames", finding.stop - 1
        if last == finding.start:
            where.append(
                f"{translate('Damage', 'frame') if frames else translate('Damage', 'byte')} {count(last)}"
            )
        else:
            unit = translate("Damage", "frames") if frames else translate("Damage", "bytes")
            where.append(f"{unit} {count(finding.start)}–{count(last)}")
    return f"{finding.text} ({', '.join(where)})" if where else finding.text
