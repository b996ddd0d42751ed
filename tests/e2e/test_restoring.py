"""A home is lost, and made again from its backup: analysts read the same figures, and the next run goes on."""

from pathlib import Path

import pytest

from tests.fixtures.chains import FIGURES, build_all, feed, history, of_home, published
from tests.fixtures.fft_files import form
from wordround import pipeline
from wordround.published.editions import latest_edition
from wordround.settings import Settings

TABLES = (*FIGURES, "fct_comments", "fct_comment_themes", "fct_source_coverage", "dim_services")


@pytest.mark.slow
def test_the_published_tables_of_a_restored_home_are_those_that_were_there(settings: Settings, tmp_path: Path) -> None:
    feed(settings, history(10))
    build_all(settings)
    pipeline.edition(settings)
    backups = tmp_path / "backups"
    backups.mkdir()
    saved = pipeline.back_up(settings, backups)
    restored = of_home(settings, tmp_path / "restored")
    outcome = pipeline.restore(restored, Path(str(saved["backup"])))
    assert outcome["records"] == "restored" and outcome["erased_again"] == 0
    assert published(restored, TABLES) == published(settings, TABLES)
    edition, again = latest_edition(settings), latest_edition(restored)
    assert edition is not None and again is not None and again.is_as_made and again.manifest == edition.manifest
    public = restored.published / "public"
    assert (public / "latest").resolve() == again.folder and (public / "wordround_public.duckdb").is_file()
    # What was fed before is known, what is new counts.
    assert feed(restored, [*history(10), form(5000, good="Kind porters")])["loaded"] == 2
