"""The documentation says what the code does: commands, settings, reasons, links and layout are compared with it."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
import typer.main
from pydantic import BaseModel

from wordround import credentials
from wordround.cli import app
from wordround.connectors import fft, file, registry
from wordround.connectors.blocks import AskedSource
from wordround.connectors.files.settings import FileTrust
from wordround.connectors.limits import AnswerLimits, FileLimits
from wordround.conversation_plans import ConversationPlan
from wordround.land.quarantine import WHAT_TO_DO
from wordround.settings import PROJECT, Environment, Settings

DOCS = PROJECT / "docs"
PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", PROJECT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def verbs() -> set[str]:
    found = set()
    for name, command in typer.main.get_command(app).commands.items():
        found |= {f"wordround {name} {inner}" for inner in getattr(command, "commands", ())}
        # A group may be a verb too: what it does without another word.
        if not hasattr(command, "commands") or command.invoke_without_command:
            found.add(f"wordround {name}")
    return found


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout: there is no list of what is committed")
    return [PROJECT / name for name in listed.stdout.split("\0") if name and (PROJECT / name).is_file()]


def test_every_command_is_documented_and_no_other_is() -> None:
    written = set(re.findall(r"^\| `(wordround [a-z -]+)`", (DOCS / "commands.md").read_text(), re.MULTILINE))
    # One line stands for the verbs of all sources that are asked: docs/sources.md lists them.
    asked = {f"wordround ingest {name}" for name in registry.terms() if registry.is_asked(name)}
    assert written | asked == verbs()
    assert written & asked == {"wordround ingest bluesky"}


def keys(model: type[BaseModel], prefix: str) -> set[str]:
    found = set()
    for name, field in model.model_fields.items():
        # A block that may be left out is a block all the same.
        inner = next((part for part in get_args(field.annotation) if part is not type(None)), field.annotation)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= keys(inner, f"{prefix}{name}.")
        else:
            found.add(f"{prefix}{name}")
    return found


def test_the_architecture_opens_with_the_rooms_and_the_sentence_each_says_of_itself() -> None:
    package = PROJECT / "src" / "wordround"
    own = {
        room.parent.name: (ast.get_docstring(ast.parse(room.read_text(encoding="utf-8"))) or "").partition("\n")[0]
        for room in package.glob("*/__init__.py")
    }
    opening, _, _ = (DOCS / "architecture.md").read_text(encoding="utf-8").partition("```mermaid")
    assert dict(re.findall(r"^(\w+)/ +(.+)$", opening, re.MULTILINE)) == own
    beside = {path.stem for path in package.glob("*.py")} - {"__init__"}
    assert beside <= set(re.findall(r"`(\w+)`", opening))


def test_every_setting_is_documented() -> None:
    page = (DOCS / "settings.md").read_text()
    written = set(re.findall(r"`([a-z0-9_.<>]+)`", page))
    wanted = {key for key in keys(Settings, "") if not key.startswith("environment.")}
    # The same questions for every source: they are explained once, and what a source has of its own on its page.
    wanted -= {key for key in wanted if key.startswith("sources.file.governance.")}
    for name, block in registry.blocks().items():
        if issubclass(block, AskedSource):
            wanted -= {key for key in wanted if key.startswith(f"sources.{name}.")}
            own = block.model_fields.keys() - AskedSource.model_fields.keys()
            explained = (DOCS / "sources" / f"{name}.md").read_text()
            assert {key for key in own if f"`{key}`" not in explained and f"{key} =" not in explained} == set(), name
    wanted |= {f"sources.<name>.{key}" for key in AskedSource.model_fields}
    # One table each, with the defaults.
    wanted -= {key for key in wanted if ".limits." in key}
    for limits in (FileLimits, AnswerLimits):
        rows = {f"| `{name}` | {field.default} |" for name, field in limits.model_fields.items()}
        assert {row for row in rows if row not in page} == set()
    wanted |= {"sources.fft.limits", "sources.file.limits"}
    for source, layout in (("fft", fft.Layout), ("file", file.Layout)):
        wanted -= {f"sources.{source}.layouts", f"sources.{source}.trusts"}
        wanted |= {f"sources.{source}.layouts.<name>"} | set(layout.model_fields)
        wanted |= {f"sources.{source}.trusts.<code>.{name}" for name in FileTrust.model_fields}
    wanted |= {f"conversations.{name}" for name in ConversationPlan.model_fields}
    assert wanted - written == set()


def test_every_environment_variable_is_documented_and_no_other_is() -> None:
    written = set(re.findall(r"`(WORDROUND_[A-Z_]+)`", (DOCS / "settings.md").read_text()))
    assert written - {"WORDROUND_"} == {f"WORDROUND_{name.upper()}" for name in Environment.model_fields}


def sources_of_the_package() -> list[tuple[Path, ast.Module]]:
    package = PROJECT / "src" / "wordround"
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(package.rglob("*.py"))]


def test_no_message_sends_somebody_who_has_no_clone_to_it() -> None:
    """`folders.py` alone knows what a clone is brought right with, and where a page lies for who has the package."""
    of_a_clone = re.compile(
        r"\bmake (?:[A-Z]+=|again\b|up\b|down\b|demo\b|test\b|lint\b|lock\b|bench\b|dictionary\b)"
        r"|\bgit |\.venv\b|requirements-?\w*\.(?:lock|txt)|\bdocs/[\w/{]|README\.md, "
    )
    found = []
    for path, tree in sources_of_the_package():
        docstrings = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        }
        found += [
            f"{path.relative_to(PROJECT)}:{node.lineno}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docstrings
            if path.name != "folders.py" and of_a_clone.search(node.value)
        ]
    # An example of where somebody who works on a model writes its page.
    assert [line for line in found if "cli/evaluate.py" not in line] == []


def test_every_page_that_a_message_names_exists_with_its_heading() -> None:
    named = {
        node.args[0].value
        for _, tree in sources_of_the_package()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "documentation"
        if isinstance(node.args[0], ast.Constant)
    }
    assert len(named) > 8
    for page, _, anchor in (name.partition("#") for name in named):
        assert not anchor or anchor in anchors(DOCS / page), f"{page}#{anchor}"
        assert (DOCS / page).is_file(), page


@pytest.mark.parametrize("source", [name for name in registry.terms() if registry.is_asked(name)])
def test_every_secret_of_a_source_is_on_its_page_and_no_other_is(source: str) -> None:
    written = set(re.findall(r"`(WORDROUND_[A-Z_]+)`", (DOCS / "sources" / f"{source}.md").read_text()))
    assert written == {credentials.variable(source, name) for name in registry.connector(source).credentials}


def test_every_reason_for_quarantine_is_documented_as_the_file_says_it() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", (DOCS / "quarantine.md").read_text(), re.MULTILINE))
    assert rows == WHAT_TO_DO


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text()):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), target


def _tests_of(path: Path) -> set[str]:
    """Names of the tests of a file as pytest writes them: `Class::test` for those of a class."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bodies = [("", tree.body), *((f"{node.name}::", node.body) for node in tree.body if isinstance(node, ast.ClassDef))]
    return {f"{prefix}{node.name}" for prefix, body in bodies for node in body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::([\w:]+)`", page.read_text())
    assert [f"{path}::{name}" for path, name in named if name not in _tests_of(PROJECT / path)] == []


def test_the_page_for_who_signs_off_names_a_test_for_every_threat() -> None:
    page = (DOCS / "privacy.md").read_text()
    table = page.partition("## Who could re-identify")[2].partition("\n## ")[0]
    threats = re.findall(r"^\| (?!who |---)(.+) \|$", table, re.MULTILINE)
    assert len(threats) >= 8
    assert [threat.split(" | ")[0] for threat in threats if "`tests/" not in threat.split(" | ")[-1]] == []


def test_every_anchor_within_the_privacy_pages_is_a_heading() -> None:
    for page in (DOCS / "privacy.md", DOCS / "privacy" / "dpia.md", DOCS / "settings.md", DOCS / "runbook.md"):
        for target, anchor in re.findall(r"\]\(([^)#\s]*)#([\w-]+)\)", page.read_text()):
            assert anchor in anchors((page.parent / target) if target else page), anchor


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_impact_assessment_has_the_seven_steps_and_the_notice_every_answer_of_the_settings() -> None:
    steps = re.findall(r"^## Step (\d): ", (DOCS / "privacy" / "dpia.md").read_text(), re.MULTILINE)
    assert steps == [str(number) for number in range(1, 8)]
    notice, page = (DOCS / "privacy" / "notice.md").read_text(), (DOCS / "privacy.md").read_text()
    for name in ("controller", "contact", "lawful_basis_article_6", "condition_article_9", "retention_days", "purpose"):
        assert f"[trust: {name}" in notice or f"trust: {name}" in notice, name
        assert f"`{name}`" in page, name


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z-]+)", (PROJECT / "README.md").read_text())) - {"can"} <= targets


def test_every_decision_record_has_its_four_parts() -> None:
    for path in (DOCS / "adr").glob("*.md"):
        headings = re.findall(r"^## (.+)$", path.read_text(), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences", "Revisit when"], path.name


def test_the_changelog_says_first_which_numbers_changed() -> None:
    first = re.findall(r"^## .+\n+### (.+)$", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert first
    assert set(first) == {"Changes to numbers"}


def test_nothing_committed_names_a_package_index_or_a_path_of_a_machine() -> None:
    # Written in two parts, so that this file does not name what it looks for.
    unwanted = re.compile(
        "|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "registry\\.npm" + "js", "/ro" + "ot/", "/wo" + "rk/"])
    )
    for path in tracked():
        if path.suffix not in {".png", ".xlsx", ".parquet"}:
            found = unwanted.search(path.read_text(encoding="utf-8", errors="replace"))
            assert found is None, f"{path.relative_to(PROJECT)}: {found.group() if found else ''}"


def test_imports_keep_to_the_contracts() -> None:
    checker = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([checker, "--no-cache"], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
