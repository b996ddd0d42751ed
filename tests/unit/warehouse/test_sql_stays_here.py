"""SQL on the tables that exist before dbt runs stands in one room, where a change of them is made."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import wordround
from wordround.comments import COUNTS, LANDED, ONLY_LANDED
from wordround.warehouse.statements import statement

SOURCE = Path(wordround.__file__).parent
TABLE = re.compile(r"\b(raw|ops|understanding)\.([a-z_]+|\{)")


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """The strings of a module that are not documentation, f-strings with {} for what is put in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in parts | documentation:
            continue
        if isinstance(node, ast.JoinedStr):
            texts = [str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values]
            yield node.lineno, "".join(texts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_no_other_room_holds_sql_on_the_tables_of_the_warehouse() -> None:
    outside = [path for path in SOURCE.rglob("*.py") if path.relative_to(SOURCE).parts[0] != "warehouse"]
    found = [
        f"{path.relative_to(SOURCE)}:{line}"
        for path in outside
        for line, string in strings(path)
        if TABLE.search(string)
    ]
    files = [path for path in SOURCE.rglob("*.sql") if path.relative_to(SOURCE).parts[0] != "warehouse"]
    found += [str(path.relative_to(SOURCE)) for path in files if TABLE.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_a_string_with_a_table_is_seen_and_documentation_is_not(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('"""raw.comments"""\none = "select 1 from raw.comments"\ntwo = f"from understanding.{one}"\n')
    assert [line for line, string in strings(module) if TABLE.search(string)] == [2, 3]


def test_rows_are_named_by_their_keys_and_never_by_their_place() -> None:
    written = [path for path in (SOURCE / "warehouse").rglob("*") if path.suffix in (".py", ".sql")]
    for path in written:
        assert not re.search(r"\browid\b|\bon conflict\b", path.read_text(encoding="utf-8"), re.IGNORECASE), path


def test_what_moves_by_itself_is_the_same_in_sql_as_in_the_record() -> None:
    for name in COUNTS:
        assert f"{name}: {name}" in statement("arrivals")
        assert f"comments.{name}" in statement("arrivals")
    (first, *_) = statement("migrations/0001_first_tables").split(");")
    columns = set(re.findall(r"^    (\w+) [a-z]", first, re.MULTILINE))
    columns |= {
        added
        for path in sorted((SOURCE / "warehouse" / "migrations").glob("*.sql"))
        for added in re.findall(r"alter table raw\.comments add column (?:if not exists )?(\w+)", path.read_text())
    }
    assert set(LANDED.names) - set(ONLY_LANDED) <= columns
