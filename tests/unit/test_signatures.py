"""What rooms hand to each other has a type: no public signature of the spine takes or gives `dict[str, Any]`."""

import ast
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

from wordround.settings import PROJECT

SOURCE = PROJECT / "src" / "wordround"
ROOMS = ("land", "collect", "warehouse", "score", "publish", "published", "quotes", "reports", "alerts")
PACKAGE = "wordround"
_MAPPINGS = {"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "OrderedDict"}


class _Module:
    """One module: its statements, what its own names stand for, and where its other names come from."""

    def __init__(self, path: Path, root: Path) -> None:
        self.path, self.root = path, root
        self.body = ast.parse(path.read_text(encoding="utf-8")).body
        self.aliases: dict[str, ast.expr] = {}
        self.imported: dict[str, tuple[str, str]] = {}
        for node in _flat(self.body):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self.aliases[name] = value
                case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=ast.expr() as value):
                    if _name(annotation) == "TypeAlias":
                        self.aliases[name] = value
                case ast.ImportFrom(module=str(module), names=names):
                    self.imported |= {each.asname or each.name: (module, each.name) for each in names}

    def open_at(self, annotation: ast.expr | None, seen: frozenset[tuple[Path, str]] = frozenset()) -> bool:
        """Whether an annotation holds, at any depth and under any name, a mapping whose values can be anything."""
        for node in ast.walk(annotation) if annotation else ():
            match node:
                case ast.Constant(value=str(quoted)):
                    with suppress(SyntaxError):  # a word of a Literal
                        if self.open_at(ast.parse(quoted, mode="eval").body, seen):
                            return True
                case ast.Subscript(value=mapping, slice=inner) if _name(mapping) in _MAPPINGS:
                    values = inner.elts[-1] if isinstance(inner, ast.Tuple) else inner
                    if _name(values) == "Any":
                        return True
                case ast.Name(id=name) if self._stands_for_open(name, seen):
                    return True
                case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in self.imported:
                    module = self._module(".".join(self.imported[name]))
                    if module and module._stands_for_open(attribute, seen):
                        return True
        return False

    def _stands_for_open(self, name: str, seen: frozenset[tuple[Path, str]]) -> bool:
        if (self.path, name) in seen:
            return False
        seen |= {(self.path, name)}
        if name in self.aliases:
            return self.open_at(self.aliases[name], seen)
        source, original = self.imported.get(name, ("", ""))
        module = self._module(source)
        return module is not None and module._stands_for_open(original, seen)

    def _module(self, dotted: str) -> "_Module | None":
        first, *parts = dotted.split(".")
        place = self.root.joinpath(*parts)
        found = [path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()]
        return _module(found[0], self.root) if first == PACKAGE and found else None


@cache
def _module(path: Path, root: Path) -> _Module:
    return _Module(path, root)


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of a module, those under `if TYPE_CHECKING` too."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _flat([*node.body, *node.orelse])
        else:
            yield node


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name.startswith("__")


def _signatures(body: list[ast.stmt], within: str = "") -> Iterator[tuple[str, ast.expr | None]]:
    """Yield the name of everything public and each annotation in its signature; of an alias, what it stands for."""
    for node in _flat(body):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if _is_public(node.name):
                given = node.args
                every = (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg)
                annotations = [each.annotation for each in every if each] + [node.returns]
                yield from ((within + node.name, annotation) for annotation in annotations)
            case ast.ClassDef() if _is_public(node.name):
                yield from ((within + node.name, base) for base in node.bases)
                yield from _signatures(node.body, f"{within}{node.name}.")
            case ast.AnnAssign(target=ast.Name(id=name)) if _is_public(name):
                yield within + name, node.annotation
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_public(name):
                if isinstance(value, ast.Subscript | ast.BinOp | ast.Name | ast.Attribute):
                    yield within + name, value


def untyped(path: Path, root: Path = SOURCE) -> set[str]:
    module = _module(path, root)
    return {name for name, annotation in _signatures(module.body) if module.open_at(annotation)}


def test_no_public_signature_of_the_spine_is_an_open_dictionary() -> None:
    modules = {path.relative_to(SOURCE).as_posix(): path for room in ROOMS for path in (SOURCE / room).rglob("*.py")}
    assert {name.split("/")[0] for name in modules} == set(ROOMS), "there is something to look at"
    assert {name: names for name, path in modules.items() if (names := untyped(path))} == {}


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("def read() -> dict[str, Any]: ...", {"read"}),
        ("def read(rows: list[dict[str, Any]]) -> None: ...", {"read"}),
        ("def read(*, row: 'dict[str, Any] | None' = None): ...", {"read"}),
        ("async def read(**rows: typing.Mapping[str, typing.Any]): ...", {"read"}),
        ("Row = dict[str, Any]", {"Row"}),
        ("Row = list[int] | dict[str, Any]", {"Row"}),
        ("class Row(dict[str, Any]): ...", {"Row"}),
        ("_Row = dict[str, Any]\ndef read() -> list[_Row]: ...", {"read"}),
        ("_Row: TypeAlias = dict[str, Any]\ndef read() -> 'Iterator[_Row]': ...", {"read"}),
        ("One = Other\nOther = One\ndef read() -> One: ...", set()),
        ("def read() -> Literal['in part', 'no']: ...", set()),
        (
            "class Page:\n    rows: dict[str, Any]\n    def __init__(self, row: dict[str, Any]): ...",
            {"Page.rows", "Page.__init__"},
        ),
        ("def _read() -> dict[str, Any]: ...\nclass _Page:\n    row: dict[str, Any]", set()),
        ("def read() -> dict[str, int | None]: ...\nrows: dict[str, list[str]] = {}", set()),
        ("def read(anything: Any, block: Source[Any]) -> dict[str, object]: ...", set()),
    ],
)
def test_open_dictionaries_are_found_wherever_they_hide(tmp_path: Path, written: str, names: set[str]) -> None:
    path = tmp_path / "module.py"
    path.write_text(written, encoding="utf-8")
    assert untyped(path, tmp_path) == names


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("from wordround.other.rows import Row\ndef read() -> list[Row]: ...", {"read"}),
        ("from wordround.other.rows import Row as Line\ndef read(line: Line) -> None: ...", {"read"}),
        ("from wordround.other import rows\ndef read() -> rows.Row: ...", {"read"}),
        ("if TYPE_CHECKING:\n    from wordround.other.rows import Row\ndef read() -> 'Row': ...", {"read"}),
        ("from wordround.other import Line\ndef read() -> Line: ...", {"read"}),
        ("from wordround.other.rows import Row\nLine = Row", {"Line"}),
        ("from wordround.other.rows import Typed\ndef read() -> Typed: ...", set()),
    ],
)
def test_an_alias_of_another_module_hides_none(tmp_path: Path, written: str, names: set[str]) -> None:
    (tmp_path / "other").mkdir()
    rows = "Row = dict[str, Any]\nTyped = dict[str, int]"
    (tmp_path / "other" / "rows.py").write_text(rows, encoding="utf-8")
    (tmp_path / "other" / "__init__.py").write_text("from wordround.other.rows import Row as Line", encoding="utf-8")
    path = tmp_path / "module.py"
    path.write_text(written, encoding="utf-8")
    assert untyped(path, tmp_path) == names
