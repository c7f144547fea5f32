"""Bring the catalogues of translations up to date with Qt's tools, and make of them what the program reads.

``translations.py LANGUAGE …``: for each, as ``de``, ``resources/translations/wsinspector_de.ts`` is begun or
brought up to date, for Qt Linguist, and its ``.qm`` made. Without a language, those that are there.
``translations.py --template FILE.ts``: all texts, without a language.
"""

import argparse
import ast
import functools
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
CATALOGUES = ROOT / "resources" / "translations"
TOOLS = Path(sys.executable).parent


ROWS = {
    "Rule": "Rules",
    "Entry": "Rules",
    "_Entry": "Rules",
    "_rule": "Rules",
    "Bad": "Rules",
    "_kind": "Rules",
    "Box": "Rules",
    "_when_refused": "Rules",
}
"""Rows of tables in ``verdicts``, whose sentences are translated in this context where they are shown."""

_SENTENCE = re.compile(r"[^ ]+ [^ ].*[.}]\Z", re.S)


@dataclass(frozen=True, slots=True)
class Text:
    """One text as it is marked in the code; ``counted`` where a number picks its form."""

    line: int
    context: str
    text: str
    comment: str = ""
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """A call whose text is decided elsewhere: it is marked there."""

    path: Path
    line: int
    code: str


def texts_in(source: str, path: Path) -> tuple[list[Text], list[Unread]]:
    """Every text that ``source`` marks or translates; contexts may be names of constants of the module."""
    tree = ast.parse(source)
    constants = dict(_constants(tree))
    tables = dict(_tables(tree))
    names = dict(_names(tree))
    shorthands = list(_shorthands(tree, constants, set(names)))
    shorts = {name: context for name, context, _ in shorthands}
    within = {call for _, _, call in shorthands}
    texts: list[Text] = []
    unread: list[Unread] = []
    for node in ast.walk(tree):
        if "verdicts" in path.parts:
            texts += _of_row(node, constants)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in shorts:
            text = _constant(node.args[0], constants) if node.args else None
            if text is not None:
                texts.append(Text(node.lineno, shorts[node.func.id], text))
            else:
                unread.append(Unread(path, node.lineno, ast.unparse(node)))
            continue
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names):
            continue
        if len(node.args) < 2 or node in within:
            continue
        context = _constant(node.args[0], constants)
        comment = _constant(node.args[2], constants) if len(node.args) > 2 else ""
        for argument in _branches(node.args[1], tables):
            text = _constant(argument, constants)
            if context is None or text is None or comment is None:
                unread.append(Unread(path, node.lineno, ast.unparse(node)))
            else:
                counted = len(node.args) > 3 or any(each.arg == "count" for each in node.keywords)
                texts.append(Text(node.lineno, context, text, comment, counted))
    return texts, unread


@functools.cache
def all_texts(package: Path) -> tuple[dict[Path, list[Text]], list[Unread]]:
    """What :func:`texts_in` finds in every module of ``package``."""
    found, unread = {}, []
    for path in sorted(package.rglob("*.py")):
        texts, others = texts_in(path.read_text(encoding="utf-8"), path.relative_to(package.parent))
        if texts:
            found[path.relative_to(package.parent)] = texts
        unread += others
    return found, unread


def update(catalogue: Path, package: Path) -> str:
    """Bring ``catalogue`` (.ts) up to date; what lupdate said. Raises CalledProcessError where it failed."""
    found, _ = all_texts(package)
    with tempfile.TemporaryDirectory() as made:
        files = []
        for path, texts in found.items():
            file = Path(made) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(_as_lupdate_reads(texts), encoding="utf-8")
            files.append(str(file))
        command = [str(TOOLS / "pyside6-lupdate"), *files, "-ts", str(catalogue), "-locations", "none"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout + done.stderr


def release(catalogue: Path) -> None:
    """Make the ``.qm`` beside ``catalogue``. Raises CalledProcessError where that failed."""
    command = [str(TOOLS / "pyside6-lrelease"), str(catalogue), "-qm", str(catalogue.with_suffix(".qm"))]
    subprocess.run(command, check=True, capture_output=True)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE")
    parser.add_argument("--template", type=Path, metavar="FILE.ts")
    asked = parser.parse_args(arguments)
    package = ROOT / "wsinspector"
    if asked.template is not None:
        print(update(asked.template, package).strip())
        return 0
    CATALOGUES.mkdir(exist_ok=True)
    named = [CATALOGUES / f"wsinspector_{language}.ts" for language in asked.languages]
    for catalogue in named or sorted(CATALOGUES.glob("*.ts")):
        print(update(catalogue, package).strip())
        release(catalogue)
    return 0


def _as_lupdate_reads(texts: list[Text]) -> str:
    """Calls as lupdate knows them, in the order of the module: it sees no f-strings and no constants."""
    lines = []
    for text in texts:
        given = [text.context, text.text, text.comment]
        if not text.comment and not text.counted:
            given.pop()
        words = ", ".join(map(_quoted, given)) + (", 1" if text.counted else "")
        lines.append(f"translate({words})\n")
    return "".join(lines)


def _quoted(text: str) -> str:
    """As a string that lupdate reads: of Python's escapes it knows those of C."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "wsinspector.translate":
            for each in node.names:
                if each.name in ("translate", "marked"):
                    yield each.asname or each.name, each.name


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        value = getattr(node, "value", None)
        if isinstance(node, ast.Assign) and isinstance(value, ast.Constant) and isinstance(value.value, str):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, value.value


def _shorthands(
    tree: ast.Module, constants: dict[str, str], names: set[str]
) -> Iterator[tuple[str, str, ast.expr]]:
    """Functions of the module that only add the context: name, context, and their call."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.FunctionDef) and len(node.args.args) == 1):
            continue
        match node.body[-1]:
            case ast.Return(
                value=ast.Call(func=ast.Name(id=called), args=[context, ast.Name(id=name)]) as call
            ) if called in names and name == node.args.args[0].arg:
                found = _constant(context, constants)
                if found is not None:
                    yield node.name, found, call


def _tables(tree: ast.Module) -> Iterator[tuple[str, ast.Dict]]:
    for node in tree.body:
        value = getattr(node, "value", None)
        if isinstance(value, ast.Dict) and isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    yield target.id, value


def _of_row(node: ast.AST, constants: dict[str, str]) -> Iterator[Text]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ROWS:
        for given in (*node.args, *(each.value for each in node.keywords)):
            for branch in _branches(given, {}):
                sentence = _constant(branch, constants)
                if sentence is not None and _SENTENCE.match(sentence):
                    yield Text(branch.lineno, ROWS[node.func.id], sentence)


def _branches(node: ast.expr, tables: dict[str, ast.Dict]) -> Iterator[ast.expr]:
    """What ``a if b else c``, ``TABLE[key]`` and ``TABLE.get(key, other)`` may come to."""
    match node:
        case ast.IfExp(body=body, orelse=other):
            yield from _branches(body, tables)
            yield from _branches(other, tables)
        case ast.Subscript(value=ast.Name(id=name)) if name in tables:
            yield from tables[name].values
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get"), args=[_, *rest]) if (
            name in tables
        ):
            yield from tables[name].values
            yield from (each for each in rest if not (isinstance(each, ast.Constant) and not each.value))
        case _:
            yield node


def _constant(node: ast.expr, constants: dict[str, str]) -> str | None:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return constants.get(name)
        case ast.JoinedStr(values=values):
            parts = [_constant(each, constants) for each in values]
            return None if None in parts else "".join(part for part in parts if part)
        case ast.FormattedValue(value=inner):
            return _constant(inner, constants)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
