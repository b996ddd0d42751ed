"""The verbs of `wordround frames`: what an analyst asks who edits a code frame."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wordround.cli.output import Json, errors_for_people, out

if TYPE_CHECKING:
    from wordround.understand.frame_checks import Finding

app = typer.Typer(name="frames", no_args_is_help=True, help="The code frames: what comments may be about, by cues.")

_SHOWN = 20


class Code(StrEnum):
    """A code frame."""

    patient_experience = "patient_experience"
    lived_experience = "lived_experience"
    own = "own"


@app.callback()
def frames() -> None:
    """Keep `check` a verb of the group while it is the only one."""


@app.command()
def check(
    frame: Annotated[Code | None, typer.Option(help="Only this frame; without it all that are in use.")] = None,
    file: Annotated[Path | None, typer.Option(help="Texts: say which cues stand in none of them.")] = None,
    column: Annotated[str, typer.Option(help="The column of --file that holds the texts.")] = "text",
    warehouse: Annotated[bool, typer.Option("--warehouse", help="The same for the texts of the warehouse.")] = False,
    as_json: Json = False,
) -> None:
    """Say what is wrong with the cues: dead, under several themes, within others; examples that go elsewhere."""
    with errors_for_people(as_json):
        outcome = _checked([each.value for each in ((frame,) if frame else Code)], _texts(file, column, warehouse))
    if as_json:
        print(json.dumps(outcome, ensure_ascii=False))  # noqa: T201
        return
    for code, found in outcome.items():
        _show(code, found)


def _checked(codes: Iterable[str], texts: Sequence[str]) -> dict[str, Any]:
    """Return for each frame its version, its findings, and how many of the texts each heading labels."""
    from wordround.registers import frames as registered
    from wordround.understand.frame_checks import examine, unused

    outcome: dict[str, Any] = {}
    for code in codes:
        compiled, tables = registered.frame(code), registered.tables(code)
        if compiled is None:
            outcome[code] = {"in_use": False, "file": str(tables.cues_file)}
            continue
        findings, counts = examine(compiled, tables.cues), Counter[str]()
        if texts:
            lacking, counts = unused(compiled, tables.cues, texts)
            findings += lacking
        names = {"headings": str(tables.headings_file), "cues": str(tables.cues_file)}
        outcome[code] = {
            "in_use": True, "version": compiled.version, "headings": len(compiled.headings), "cues": len(tables.cues),
            "findings": [_as_mapping(finding, names) for finding in findings],
            "texts": len(texts), "texts_by_heading": dict(counts.most_common()),
        }  # fmt: skip
    return outcome


def _texts(file: Path | None, column: str, warehouse: bool) -> list[str]:
    """Return the texts to look for cues in, none unless asked for. Raises UnexpectedColumns, FileUnreadable."""
    if file is not None:
        from wordround.evaluate.labels import answers_of

        return answers_of(file, column)
    if warehouse:
        from wordround.settings import load_settings
        from wordround.warehouse.texts import stored_texts

        return stored_texts(load_settings())
    return []


def _as_mapping(finding: "Finding", names: dict[str, str]) -> dict[str, Any]:
    return {
        "kind": finding.kind, "file": names[finding.table], "row": finding.row, "column": finding.column,
        "says": finding.says,
    }  # fmt: skip


def _show(code: str, found: dict[str, Any]) -> None:
    from wordround.understand.frame_checks import KINDS

    def line(words: str) -> None:
        out.print(words, markup=False, highlight=False, soft_wrap=True)

    if not found["in_use"]:
        line(f"{code}: not in use, because {found['file']} has no rows.")
        return
    line(f"{code} ({found['version']}): {found['cues']:,} cues of {found['headings']:,} headings.")
    for kind, meaning in KINDS.items():
        those = [finding for finding in found["findings"] if finding["kind"] == kind]
        if those:
            line(f"  {meaning}: {len(those):,}")
        for finding in those[:_SHOWN]:
            line(f"    {finding['file']}: row {finding['row']}: column {finding['column']}: {finding['says']}")
        if len(those) > _SHOWN:
            line(f"    and {len(those) - _SHOWN:,} more: --json names them all.")
    if not found["findings"]:
        line("  nothing to mend.")
    if found["texts"]:
        without = found["texts_by_heading"].get("", 0)
        line(f"  {found['texts']:,} texts, {without:,} of them without a label. Texts by heading:")
        for heading, count in found["texts_by_heading"].items():
            if heading:
                line(f"    {count:>7,} {heading}")
