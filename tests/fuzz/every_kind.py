"""Every kind of what others made, by name."""

from tests.fuzz import answers, faulty, given, own_files, tables
from tests.fuzz.kinds import Kind

KINDS: dict[str, type[Kind]] = {
    kind.name: kind
    for kind in (
        tables.Texts, tables.Workbooks, tables.Sheets, tables.Series, tables.Lines, *answers.kinds(),
        own_files.SettingsFiles, own_files.Registers, own_files.Models, own_files.Manifests, own_files.LandedParquet,
        given.PublicProducts, given.Backups,
    )
}  # fmt: skip
# Kinds that show what a campaign finds; no campaign of people has them.
OF_THE_TESTS = faulty.FAULTY
