"""Sends a refused draft again with a version that was offered, in the form that this version has."""

import dataclasses

from wsinspector.protocol.dialects import spoken_for
from wsinspector.ui.inspect.tab import TabState
from wsinspector.verdicts.refusal import dialect_saying, in_old_form


def retry_with(tab: TabState, version: str) -> None:
    """Connect with ``version``; where a dialect was chosen, with the dialect that says it.

    A draft in an old form is written anew as a whole; a standard one changes its version line alone.
    """
    value = version.encode("ascii")
    dialect = dialect_saying(value)
    if dialect is not None and in_old_form(tab.draft.to_bytes()):
        tab.write_in(dialect)
    else:
        tab.edit(tab.draft.with_version_values((value,)))
        options = tab.conversation.options
        if options.speak and dialect is not None:
            told = spoken_for(tab.draft.to_bytes()) == dialect
            tab.set_options(dataclasses.replace(options, speak="" if told else dialect))
    tab.connect_now()
