"""What others hand over whole: public products for a union, and archives of backups."""

import io
import os
import shutil
import struct
import tarfile
from collections.abc import Callable
from random import Random

import duckdb
import numpy as np

from tests.fixtures.public_tables import published
from tests.fuzz.kinds import CANARY, Content, Kind, as_json, of_file
from tests.fuzz.mutating import bytewise, within_tar

_BLOCK = 262_144
_HEADS = 3 * 4096
_ODD_CELLS = (
    "null", "''", "'a' || chr(0) || 'b'", "repeat('x', 100000)", "'zanzibarine'", "chr(8238)",
)  # fmt: skip


class PublicProducts(Kind):
    """Public products, as trusts give them out, for `wordround union`."""

    name = "public products"

    def prepare(self) -> list[Content]:
        folder = self.folder / "given"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self._other = published(folder, "RBB", 40)
        return [of_file(published(folder, "RAA", 20))]

    def ways(self, seed: Content) -> list[Callable[[Random, bytes], bytes]]:
        return [bytewise, beyond_checksums, self._by_statements, self._by_statements]

    def read(self, content: Content) -> str:
        from wordround.publish.union import unite

        path, out = self.put(content), self.folder / "region.duckdb"
        out.unlink(missing_ok=True)
        united = unite([path, self._other], out)
        told = " ".join(united.refused)
        assert CANARY not in told, "a refusal tells what the file holds"
        out.unlink()
        return "refused" if united.refused else "read"

    def _by_statements(self, chance: Random, written: bytes) -> bytes:
        """Change the tables of a product as whoever makes one could: rows, values, types, names, what they are."""
        path = self.folder / "changed.duckdb"
        path.write_bytes(written)
        with duckdb.connect(str(path)) as connection:
            columns = connection.execute(
                "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()"
                " where not internal and table_name in (select table_name from duckdb_tables()) order by all"
            ).fetchall()
            for _ in range(chance.choice((1, 1, 2, 4))):
                table, column, kind = chance.choice(columns)
                where = f" where random() < {chance.choice((0.2, 1))}" if chance.random() < 0.7 else ""
                statement = chance.choice(
                    (
                        f"update {table} set {column} = {_odd(chance, kind)}{where}",
                        f"update {table} set {column} = {_odd(chance, kind)}{where}",
                        f"delete from {table}{where}",
                        f"insert into {table} from {table}",
                        f"alter table {table} drop column {column}",
                        f"alter table {table} alter column {column} type {chance.choice(('varchar', 'blob', 'json'))}",
                        f"alter table {table} rename column {column} to {CANARY}",
                        f"alter table {table} rename to {CANARY}",
                        f"drop table {table}",
                        f"create view {table.partition('.')[0]}.{CANARY} as from range(100)",
                        f"create macro {table.partition('.')[0]}.{chance.choice(('favg', 'count', CANARY))}() as 1",
                        f"create schema {CANARY}", f"comment on table {table} is '{'x' * 100}'",
                        f"comment on column {table}.{column} is 'a''b;{CANARY}'",
                        f"create type {table.partition('.')[0]}.{CANARY} as enum ('a')",
                    )
                )  # fmt: skip
                try:
                    connection.execute(statement)
                except duckdb.Error:
                    continue
        return path.read_bytes()


def _odd(chance: Random, kind: str) -> str:
    if kind.startswith("TIMESTAMP"):
        return chance.choice(
            ("null", "'infinity'", "'-infinity'", "'290000-01-01 00:00:00+00'", "'0001-01-01 00:00:00+00'")
        )
    if kind == "DATE":
        return chance.choice(("null", "'infinity'", "'-infinity'", "'5877642-06-25 (BC)'", "'9999-12-31'"))
    if kind in ("INTEGER", "BIGINT", "DOUBLE"):
        return chance.choice(
            ("null", "0", "-1", "3", "2147483647", "-2147483648", *(("'nan'", "'inf'") if kind == "DOUBLE" else ()))
        )
    return "null" if kind == "BOOLEAN" else chance.choice(_ODD_CELLS)


def beyond_checksums(chance: Random, written: bytes) -> bytes:
    """Change bytes of the blocks of a file of DuckDB, whose checksums are made again as the file has them."""
    made = bytearray(written)
    for _ in range(chance.choice((1, 2, 8, 40))):
        begin = chance.randrange(len(made))
        made[begin : begin + 1] = chance.choice((b"\0", b"\xff", b"\x01", b"\x80", chance.randbytes(1)))
    for begin, end in [
        (0, 4096),
        (4096, 8192),
        (8192, _HEADS),
        *((at, at + _BLOCK) for at in range(_HEADS, len(made), _BLOCK)),
    ]:
        struct.pack_into("<Q", made, begin, _checksum(bytes(made[begin + 8 : end])))
    return bytes(made)


def _checksum(block: bytes) -> int:
    """Return the checksum of a block as DuckDB makes it: of its words, each multiplied, one over the other."""
    with np.errstate(over="ignore"):
        return 5381 ^ int(np.bitwise_xor.reduce(np.frombuffer(block, "<u8") * np.uint64(0xBF58476D1CE4E5B9)))


class Backups(Kind):
    """Archives of backups, and what they restore."""

    name = "backups"

    def prepare(self) -> list[Content]:
        from tests.fixtures.forum import land, post
        from wordround.backup import saving

        home, place = self.folder / "home", self.folder / "backups"
        for each in (home, place, self.folder / "restored"):
            shutil.rmtree(each, ignore_errors=True)
        place.mkdir()
        settings = self.settings()
        land(settings, [post(number, text=f"The {CANARY} ward was kind") for number in range(6)])
        saved = saving.save(settings, place)
        self._backup = place / "given.tar"
        assert saved.keys
        shutil.move(saved.keys, place / "given.keys.tar")
        from pathlib import Path

        from wordround.identity import known_backups

        shutil.move(known_backups.beside(Path(saved.backup)), known_backups.beside(self._backup))
        (place / "x").mkdir()
        return [of_file(Path(saved.backup)), of_file(place / "given.keys.tar")]

    def ways(self, seed: Content) -> list[Callable[[Random, bytes], bytes]]:
        return [bytewise, within_tar, within_tar, _listed_again]

    def read(self, content: Content) -> str:
        from wordround.backup import archive, restoring

        os.environ["WORDROUND_HOME"] = str(self.folder / "restored")
        settings = self.settings()
        shutil.rmtree(settings.home, ignore_errors=True)
        if content.name == "given.keys.tar":
            path = self.folder / "x.tar"
            path.write_bytes(content.written)
            archive.unpack(path, settings.home)
            return "read"
        self._backup.write_bytes(content.written)
        before = set(self.folder.iterdir())
        try:
            restoring.restore(settings, self._backup)
        finally:
            assert set(self.folder.iterdir()) - before <= {settings.home}, "something was written outside"
            os.environ["WORDROUND_HOME"] = str(self.folder / "home")
        return "read"


def _listed_again(chance: Random, written: bytes) -> bytes:
    """Change members of an archive and its list with them, so that all is as the list says."""
    import hashlib

    changed = within_tar(chance, written)
    made = io.BytesIO()
    try:
        with tarfile.open(fileobj=io.BytesIO(changed)) as tar:
            found = [(one.name, tar.extractfile(one).read()) for one in tar if one.isfile()]  # type: ignore[union-attr]
    except (tarfile.TarError, OSError, ValueError, OverflowError):
        return changed
    listed = {
        name: {"bytes": len(inner), "sha256": hashlib.sha256(inner).hexdigest()}
        for name, inner in found
        if name != "backup.json"
    }
    about: dict[str, object] = {"made_at": "2026-11-21T06:00:00+00:00", "wordround_version": "0.1.0", "files": listed}
    if chance.random() < 0.3:
        about[chance.choice(("made_at", "wordround_version"))] = chance.choice((None, 5, "", "x" * 100, [], {}))
    if chance.random() < 0.1:
        del about[chance.choice(("made_at", "wordround_version"))]
    with tarfile.open(fileobj=made, mode="w") as to:
        for name, inner in [*(one for one in found if one[0] != "backup.json"), ("backup.json", as_json(about))]:
            member = tarfile.TarInfo(name)
            member.size = len(inner)
            try:
                to.addfile(member, io.BytesIO(inner))
            except (ValueError, UnicodeError):
                return changed
    return made.getvalue()
