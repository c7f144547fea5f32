"""A saved request as lines to read, before anything is filled in."""

from wsinspector.conversation.filling_in import is_variable
from wsinspector.library.requests import SavedRequest
from wsinspector.present.plain import visible
from wsinspector.present.secrets import masked, secret_spans
from wsinspector.translate import translate


def told_request(request: SavedRequest) -> str:
    """The lines that would leave, variables not filled in, secrets as dots, control characters visible."""
    lines = [visible(masked(b"", request.draft.request_line))]
    for line in request.draft.lines:
        name = line.name.strip().lower()
        hides = any(
            not is_variable(line.value[span.start : span.end]) for span in secret_spans(name, line.value)
        )
        value = visible(masked(name, line.value) if hides else line.value.decode("latin-1"))
        text = visible(line.name.decode("latin-1")) + visible(line.between.decode("latin-1")) + value
        lines.append(text if line.enabled else translate("Requests", "(off) {0}").format(text))
    return "\n".join(lines)
