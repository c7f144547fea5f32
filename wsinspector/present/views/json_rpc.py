"""JSON-RPC 2.0 as a table: what kind of message it is and what each member means."""

from wsinspector.present.plain import decoded
from wsinspector.present.views.contents import Budget, Node, Sample, Shown, Source, Table
from wsinspector.present.views.json_scan import LONGEST_RUN, fields
from wsinspector.present.views.json_tree import json_node
from wsinspector.translate import translate


class JsonRpc:
    """Single messages; a batch is an array and is left to JSON."""

    id = "json-rpc"
    reaches_all = False

    @property
    def name(self) -> str:
        return translate("Views", "JSON-RPC")

    def fits(self, sample: Sample) -> int:
        return 85 if sample.total <= LONGEST_RUN and b'"jsonrpc"' in sample.data and _kind(sample.data) else 0

    def show(self, source: Source, budget: Budget) -> Shown | None:
        kind = _kind(source.data) if len(source.data) == source.total <= LONGEST_RUN else ""
        if not kind:
            return None
        meanings = {
            "jsonrpc": translate("Views", "version of the protocol"),
            "id": translate("Views", "ties an answer to its call"),
            "method": translate("Views", "what is called"),
            "params": translate("Views", "arguments"),
            "result": translate("Views", "what the call gave"),
            "error": translate("Views", "why the call failed"),
        }
        found = fields(decoded(source.data))
        rows = [Node(translate("Views", "Message"), kind)]
        rows += [
            json_node(name, value, budget, meanings.get(name, translate("Views", "not of JSON-RPC")))
            for name, value in found.items()
        ]
        return Table(tuple(rows))


def _kind(data: bytes) -> str:
    found = fields(decoded(data))
    if "jsonrpc" not in found:
        return ""
    if "method" in found:
        return translate("Views", "call") if "id" in found else translate("Views", "notification")
    if "error" in found:
        return translate("Views", "error")
    return translate("Views", "answer") if "result" in found else ""
