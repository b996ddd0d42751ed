"""What lies in a trust's own folder and home: settings, options, registers, models, manifests, landed Parquet files."""

import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np

from tests.fuzz.kinds import CANARY, PROJECT, SAMPLES, Content, Kind, as_json, in_memory, of_file
from tests.fuzz.mutating import by_lines, bytewise, within_json, within_zip
from wordround.settings import load_settings

OPTIONS: dict[str, bytes] = {
    "xmr": as_json({"chart": "xmr", "title": "A", "rebase": ["2026-03-08"], "target": 3, "notes": {"2026-03-08": "b"},
                    "fix_after_n_points": 12, "improvement_direction": "decrease"}),
    "p": as_json({"chart": "p", "freeze": 12, "screened_mr": True}),
    **{chart: as_json({"chart": chart}) for chart in "gtic"},
    "up": as_json({"chart": "up", "freeze": 20}),
    "funnel": as_json({"chart": "funnel", "winsorise": 0.1, "target": 0.2}),
    "decision": as_json({"chart": "decision", "rho": 0.1, "phi": 0.2, "h_concern": 3, "sides": ["concern"],
                         "baseline_weeks": 12, "gap_weeks": 2, "keep_weeks": 20, "odds_ratio": 1.5}),
}  # fmt: skip


class SettingsFiles(Kind):
    """`wordround.toml`, as somebody edits it."""

    name = "settings"
    may_tell = True

    def prepare(self) -> list[Content]:
        from tests.fixtures import other_files, ready_exports

        written = (PROJECT / "wordround.toml").read_text(encoding="utf-8")
        more = [other_files.SETTINGS, ready_exports.SETTINGS]
        found = [Content("wordround.toml", (written + each).encode()) for each in more]
        return [
            *found,
            of_file(SAMPLES / "wordround.toml"),
            Content("wordround.toml", _without_remarks(found[0].written)),
        ]

    def ways(self, seed: Content) -> list[Callable[[Random, bytes], bytes]]:
        return [bytewise, by_lines, by_lines]

    def read(self, content: Content) -> str:
        os.environ["WORDROUND_CONFIG"] = str(self.put(content))
        settings = load_settings()
        settings.sources.unfinished()
        for name in settings.sources.enabled():
            if name not in settings.sources.unfinished():
                settings.governance_of(name)
        return "read"


def _without_remarks(written: bytes) -> bytes:
    lines = [line for line in written.splitlines() if line.strip() and not line.strip().startswith(b"#")]
    return b"\n".join(lines) + b"\n"


class Registers(Kind):
    """Registers and code frames of the trust's own folder."""

    name = "registers and code frames"
    may_tell = True

    def prepare(self) -> list[Content]:
        from wordround.folders import OWN_CODE_FRAMES, OWN_REFERENCE, reference

        self._names = dict.fromkeys((*OWN_REFERENCE, *OWN_CODE_FRAMES))
        for name in self._names:
            shutil.copy(reference(name), self.folder / name)
        own = (self.folder / "wordround.toml").write_text((PROJECT / "wordround.toml").read_text(encoding="utf-8"))
        assert own
        os.environ["WORDROUND_CONFIG"] = str(self.folder / "wordround.toml")
        self._whole = {name: of_file(self.folder / name, 60) for name in self._names}
        for one in self._whole.values():
            self.put(one)
        return list(self._whole.values())

    def ways(self, seed: Content) -> list[Callable[[Random, bytes], bytes]]:
        return [bytewise, by_lines, by_lines]

    def read(self, content: Content) -> str:
        from wordround.registers import frames, own_files, services

        seeds = self.folder / "seeds"
        seeds.mkdir(exist_ok=True)
        path = self.put(content)
        try:
            frames._compiled.cache_clear()
            if content.name.startswith(tuple(name.partition(".")[0] for name in own_files.own_files())):
                own_files.problem(content.name)
                own_files.fictional_rows(content.name)
                own_files.lay_over(seeds)
            frames.themes(frames.frames(self.folder))
            if content.name == "services.csv":
                for read in (
                    services.exempt_names,
                    services.named_services,
                    services.registered_codes,
                    services.own_places,
                ):
                    read(path)
            if content.name == "service_accounts.csv":
                services.registered_accounts(path)
            if content.name == "organisation_accounts.csv":
                services.organisation_accounts(path)
            return "read"
        finally:
            self.put(self._whole[content.name])


class Models(Kind):
    """The files of the learned models."""

    name = "models"

    def prepare(self) -> list[Content]:
        from wordround.understand.learned import COMMENTS
        from wordround.understand.learned_relevance import RELEVANCE

        return [Content("comments.npz", _small(COMMENTS)), of_file(RELEVANCE)]

    def ways(self, seed: Content) -> list[Callable[[Random, bytes], bytes]]:
        return [bytewise, within_zip, _within_arrays, _within_arrays]

    def read(self, content: Content) -> str:
        from wordround.understand.learned import Learned
        from wordround.understand.learned_relevance import LearnedRelevance

        path = self.put(content)
        text = "The nurses on the ward were kind, and the wait was far too long"
        if content.name == "relevance.npz":
            LearnedRelevance.read(path).judge(text)
        else:
            model = Learned.read(path)
            read = model.read_texts([text, ""], ["what_good", None])
            model.shown(read.figures.sentiment)
            model.given(read.figures.themes, read.figures.unknown_words)
            model.words_behind(read, np.array([0]), np.array([0]), 3)
        return "read"


def _small(path: Path) -> bytes:
    """Return a model with a few hundred of its n-grams, so that thousands of it can be read."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    arrays |= {name: arrays[name][:600] for name in ("numbers", "crossed")}
    arrays["crossed"] = np.where(arrays["crossed"] < 900, arrays["crossed"], -1)
    arrays |= {name: arrays[name][:900] for name in ("embedding", "embedding_scale", "direct", "direct_scale")}
    return in_memory(lambda file: np.savez(file, **arrays))


def _within_arrays(chance: Random, written: bytes) -> bytes:
    """Change an array of a model: its shape, its type, its values, or what it says of itself."""
    with np.load(io.BytesIO(written), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    name = chance.choice(list(arrays))
    one = arrays[name]
    match chance.randrange(7):
        case 0:
            del arrays[name]
        case 1:
            arrays[name] = one[:0] if one.ndim else one.reshape(1)
        case 2:
            arrays[name] = one.ravel()[: chance.randrange(one.size + 1)]
        case 3:
            arrays[name] = chance.choice((one.astype("U4"), np.zeros(one.shape, "M8[s]"), np.zeros(one.shape, bool)))
        case 4 if one.dtype.kind == "f":
            arrays[name] = np.full_like(one, chance.choice((np.nan, np.inf, -1, 1e30)))
        case 5 if one.dtype.kind in "iu":
            arrays[name] = np.full_like(one, np.iinfo(one.dtype).max)
        case 6:
            arrays["about"] = np.array(within_json(chance, str(arrays["about"]).encode()).decode())
    return in_memory(lambda file: np.savez(file, **arrays))


class _Landed(Kind):
    def prepare(self) -> list[Content]:
        from tests.fixtures.forum import land, post
        from wordround.land.manifests import landed

        home = self.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        self._settings = self.settings()
        land(self._settings, [post(number, text=f"The {CANARY} ward was kind") for number in range(30)])
        (self._manifest,) = landed(self._settings)
        self._parquet = home / self._manifest.parquet
        self._json = self._parquet.with_suffix(".json")
        self._whole = {path: path.read_bytes() for path in (self._parquet, self._json)}
        return [Content(self._file.name, self._whole[self._file])]

    _parquet: Path
    _json: Path

    @property
    def _file(self) -> Path:
        raise NotImplementedError


class Manifests(_Landed):
    """Manifests of landed batches."""

    name = "manifests"

    @property
    def _file(self) -> Path:
        return self._json

    def ways(self, seed: Content) -> list[Callable[[Random, bytes], bytes]]:
        return [within_json, within_json, bytewise, by_lines]

    def read(self, content: Content) -> str:
        from wordround.land.manifests import landed, write_manifest

        self._json.write_bytes(content.written)
        for manifest in landed(self._settings):
            write_manifest(self._settings, manifest.model_copy(update={"parquet": self._manifest.parquet}))
        return "read"


class LandedParquet(_Landed):
    """Landed Parquet files, of versions that kept no checksum."""

    name = "landed Parquet"

    @property
    def _file(self) -> Path:
        return self._parquet

    def read(self, content: Content) -> str:
        from tests.fixtures.manifests import without_checksum
        from wordround.errors import Incomplete, WordroundError
        from wordround.warehouse import load

        self._parquet.write_bytes(content.written)
        if '"parquet_sha256"' in self._json.read_text():
            without_checksum(self._parquet)
        self._settings.warehouse_file.unlink(missing_ok=True)
        outcome = load.load(self._settings)
        errors = getattr(outcome, "errors", None) or getattr(outcome, "refused", None) or ()
        for error in errors:
            assert CANARY not in str(error)
        assert Incomplete and WordroundError
        return "read" if not errors else "refused"
