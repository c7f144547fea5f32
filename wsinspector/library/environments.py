"""Sets of variables, one of them in use: what ``{{host}}`` stands for, here and elsewhere."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import platformdirs

from wsinspector.conversation.sequences.filling import GENERATED, NAME
from wsinspector.conversation.sequences.members import Fault, Members
from wsinspector.conversation.sequences.places import Lines
from wsinspector.library.request_file import quoted
from wsinspector.library.whole_file import line_of, not_written, read_whole, stamp_of, write_whole
from wsinspector.translate import translate

FILE = "variables.toml"
LARGEST = 4 << 20


@dataclass(frozen=True, slots=True)
class Variable:
    """``secret``: shown as dots, and left out of what is shared."""

    name: str
    value: str = ""
    secret: bool = False


@dataclass(frozen=True, slots=True)
class VariableSet:
    """Variables under a name, in the order a person gave them."""

    name: str
    variables: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True)
class Environments:
    """All sets; ``active``: the name of the one in use, empty for none."""

    sets: tuple[VariableSet, ...] = ()
    active: str = ""

    def named(self, name: str) -> VariableSet | None:
        return next((each for each in self.sets if each.name == name), None)

    @property
    def values(self) -> Mapping[str, str]:
        """Names and values of the set in use; nothing changes them later."""
        found = self.named(self.active)
        return MappingProxyType({each.name: each.value for each in found.variables} if found else {})

    @property
    def secrets(self) -> frozenset[str]:
        """Names of the set in use whose values are not shown."""
        found = self.named(self.active)
        return frozenset(each.name for each in found.variables if each.secret) if found else frozenset()

    def with_set(self, at: int, changed: VariableSet) -> "Environments":
        """Put ``changed`` in place of set ``at``; where that one is in use, it stays so."""
        active = changed.name if self.sets[at].name == self.active and self.active else self.active
        return Environments((*self.sets[:at], changed, *self.sets[at + 1 :]), active)

    def added(self, made: VariableSet) -> "Environments":
        """With ``made`` at the end; the first of all is in use at once."""
        return Environments((*self.sets, made), self.active if self.sets else made.name)

    def removed(self, at: int) -> "Environments":
        gone = self.sets[at].name
        return Environments(
            (*self.sets[:at], *self.sets[at + 1 :]), "" if self.active == gone else self.active
        )

    def using(self, name: str) -> "Environments":
        return replace(self, active=name)


def why_not_a_name(name: str, others: frozenset[str] = frozenset()) -> str:
    """Why a variable cannot be called ``name``; empty where it can."""
    if not NAME.match(name):
        return translate("Variables", "A name has letters, digits, _ and -, and begins with no digit.")
    if name in GENERATED:
        return translate("Variables", "{0} is made by itself.").format(name)
    if name in others:
        return translate("Variables", "There is a variable {0} already.").format(name)
    return ""


def read_environments(text: str) -> tuple[Environments, tuple[Fault, ...]]:
    """What the file says, and its faults; never raises."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        said = translate("Variables", "It is no TOML here: {0}.").format(error)
        return Environments(), (Fault(line_of(error, text), said),)
    top = Members(data, (), Lines(text), [])
    active = top.text("active")
    sets: list[VariableSet] = []
    for table in top.tables("set"):
        name = table.text("name")
        if not name or any(each.name == name for each in sets):
            table.fault(translate("Variables", "Each set needs a name of its own."), "name")
        found: dict[str, Variable] = {}
        for each in table.tables("variable"):
            one = Variable(each.text("name"), each.text("value"), each.flag("secret"))
            wrong = why_not_a_name(one.name, frozenset(found))
            if wrong:
                each.fault(wrong, "name")
            else:
                found[one.name] = one
            each.done()
        table.done()
        sets.append(VariableSet(name, tuple(found.values())))
    top.done()
    if active and all(each.name != active for each in sets):
        top.fault(translate("Variables", "There is no set “{0}”.").format(active), "active")
        active = ""
    return Environments(tuple(sets), active), tuple(sorted(top.faults))


def environments_text(environments: Environments) -> str:
    """The file: what is read from it is equal to what was written."""
    out = ["# Variables of wsinspector: {{name}} in a request or a message becomes the value."]
    if environments.active:
        out.append(f"active = {quoted(environments.active)}")
    for each in environments.sets:
        out += ["", "[[set]]", f"name = {quoted(each.name)}"]
        for one in each.variables:
            out += ["[[set.variable]]", f"name = {quoted(one.name)}", f"value = {quoted(one.value)}"]
            if one.secret:
                out.append("secret = true")
    return "\n".join(out) + "\n"


def usual_path() -> Path:
    """Where the variables are kept unless another place is named; it need not exist."""
    return Path(platformdirs.user_config_dir("wsinspector", appauthor=False)) / FILE


@dataclass(slots=True)
class EnvironmentStore:
    """The file of variables. ``trouble``: why it is not read or written, empty where it is."""

    path: Path = field(default_factory=usual_path)
    environments: Environments = field(default_factory=Environments)
    trouble: str = ""
    writable: bool = True
    _stamp: tuple[int, int] = (0, 0)

    def load(self) -> Environments:
        """Read the file; one with faults gives what is in order of it, and is never written over."""
        self.trouble, self.writable = "", True
        self._stamp = stamp_of(self.path)
        text, trouble = read_whole(self.path, LARGEST)
        if text is None:
            self.environments, self.writable = Environments(), not trouble
            self.trouble = not_written(trouble)
            return self.environments
        self.environments, faults = read_environments(text)
        if faults:
            self.writable = False
            said = translate("Variables", "{0} has a fault in {1} It is not written until that is mended.")
            self.trouble = said.format(self.path.name, faults[0])
        return self.environments

    def save(self, environments: Environments) -> bool:
        """Keep ``environments``; False where that cannot be, and why stands in ``trouble``."""
        if not self.writable:
            return False
        if stamp_of(self.path) != self._stamp:
            said = translate("Variables", "{0} was changed by another program: it was not written.")
            self.trouble = said.format(self.path.name)
            return False
        trouble = write_whole(self.path, environments_text(environments))
        self._stamp = stamp_of(self.path)
        self.trouble = trouble
        if not trouble:
            self.environments = environments
        return not trouble
