"""What rooms hand to each other has a type: no public signature of the spine takes or gives `dict[str, Any]`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from wordround.settings import PROJECT

SOURCE = PROJECT / "src" / "wordround"
ROOMS = ("land", "collect", "warehouse", "score", "publish", "reports", "alerts")
# Still to do; a name that is done fails here until it is taken out.
TO_DO = {
    "reports/__init__.py": {"render", "send"},
    "reports/charts.py": {"Drawing.on", "Drawing.specification"},
    "reports/page.py": {"data", "describe", "html", "text"},
    "reports/sending.py": {"send"},
    "alerts/comparing.py": {"Notice", "watch"},
    "alerts/digest.py": {"Notice"},
}
_MAPPINGS = {"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "OrderedDict"}


def _is_untyped(annotation: ast.expr | None) -> bool:
    """Whether an annotation holds, at any depth, a mapping whose values can be anything."""
    for node in ast.walk(annotation) if annotation else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _is_untyped(ast.parse(node.value, mode="eval").body):
                return True
        elif isinstance(node, ast.Subscript) and _name(node.value) in _MAPPINGS:
            values = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) else node.slice
            if _name(values) == "Any":
                return True
    return False


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name.startswith("__")


def _signatures(body: list[ast.stmt], within: str = "") -> Iterator[tuple[str, ast.expr | None]]:
    """Yield the name of everything public and each annotation in its signature; of an alias, what it stands for."""
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if _is_public(node.name):
                given = node.args
                every = (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg)
                annotations = [each.annotation for each in every if each] + [node.returns]
                yield from ((within + node.name, annotation) for annotation in annotations)
            case ast.ClassDef() if _is_public(node.name):
                yield from _signatures(node.body, f"{within}{node.name}.")
            case ast.AnnAssign(target=ast.Name(id=name)) if _is_public(name):
                yield within + name, node.annotation
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript() | ast.BinOp()) if _is_public(name):
                yield within + name, node.value
            case ast.If():  # TYPE_CHECKING
                yield from _signatures([*node.body, *node.orelse], within)


def untyped(path: Path) -> set[str]:
    found = _signatures(ast.parse(path.read_text(encoding="utf-8")).body)
    return {name for name, annotation in found if _is_untyped(annotation)}


def test_no_public_signature_of_the_spine_is_an_open_dictionary() -> None:
    modules = {path.relative_to(SOURCE).as_posix(): path for room in ROOMS for path in (SOURCE / room).rglob("*.py")}
    assert {name.split("/")[0] for name in modules} == set(ROOMS), "there is something to look at"
    assert {name: names for name, path in modules.items() if (names := untyped(path))} == TO_DO


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("def read() -> dict[str, Any]: ...", {"read"}),
        ("def read(rows: list[dict[str, Any]]) -> None: ...", {"read"}),
        ("def read(*, row: 'dict[str, Any] | None' = None): ...", {"read"}),
        ("async def read(**rows: typing.Mapping[str, typing.Any]): ...", {"read"}),
        ("Row = dict[str, Any]", {"Row"}),
        ("Row = list[int] | dict[str, Any]", {"Row"}),
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
    assert untyped(path) == names
