"""Changes to real files: of their bytes, of what they hold as JSON, and within the archives that they are.

Each takes a source of chance and a content and returns another content. What is packed is packed again after a part of
it was changed, so that a checksum does not keep every change from what reads the part.
"""

import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from random import Random
from typing import Any

Change = Callable[[Random, bytes], bytes]
Place = tuple[str | int, ...]

# What readers trip over: ends of formats, ends of calendars and of numbers, halves of characters, things without end.
TOKENS: tuple[bytes, ...] = (
    b"", b"\0", b"\r", b"\n", b'"', b'""', b"'", b",", b";", b"\t", b"\\", b"<", b">", b"&", b"{", b"}", b"[", b"]",
    b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80",
    b"\\ud800", b"\\u0000", b"\\x00", "\u202e".encode(), "\u2028".encode(), "a\u0301".encode() * 300,
    b"0", b"-0", b"-1", b"1e999", b"-1e999", b"NaN", b"Infinity", b"2147483648", b"9223372036854775808", b"9" * 5_000,
    b"0000-00-00", b"0001-01-01", b"9999-12-31", b"9999-12-31T23:59:60Z", b"0001-01-01T00:00:00+14:00",
    b"1900-02-29", b"31/31/3131", b"-9999-01-01", b"253402300800", b"-62135596801", b"24:00:00",
    b"null", b"true", b"[]", b"{}", b"[[]]", b"=1+1", b"=cmd|' /C calc'!A0", b"../../etc/passwd", b"%s%n",
    b"{0.__class__}",
    b"[" * 3_000, b'{"a":' * 3_000, b"<a>" * 3_000, b"(" * 3_000, b"x" * 200_000, b'"' * 4_000, b"," * 5_000,
    b"&lol;" * 2_000, b"\n" * 5_000, b"sep=;\n", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"PK\x03\x04", b"PAR1",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, "", " ", "odd", "\0", "\ud800", "x" * 200_000, "0000-10-14T15:06:10.730Z", "9999-12-31T23:59:59-14:00",
    "2026-02-30T25:61:61Z", "1e999", 7, 0, -1, 2.5, 1e308, -1e308, float("nan"), float("inf"), True, False, 10**30,
    -(10**30), 10**400, [], [None], [[]], {}, {"a": []}, {"": {"": ""}}, [{"a": 1}], ["x", 3, None], "http://[",
    "https://a:b@host:99999/%zz", "at://", "//", "javascript:1", "<p>" * 500, "&#x110000;&#0;&#xD800;", "[](" * 900,
    "@" * 3_000, "#" * 3_000, "\u202e\u0000\uffff", "a\u0301" * 2_000,
)  # fmt: skip


def bytewise(chance: Random, content: bytes, other: bytes = b"") -> bytes:
    """Change a few places of a content: bits, bytes, tokens, pieces that go, stand twice or come over."""
    made = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8, 30))):
        begin = chance.randrange(len(made) + 1)
        end = min(len(made), begin + chance.choice((1, 1, 2, 4, 16, 200, 5_000)))
        match chance.randrange(8):
            case 0 if begin < len(made):
                made[begin] ^= 1 << chance.randrange(8)
            case 1:
                made[begin:end] = chance.randbytes(end - begin)
            case 2:
                made[begin:begin] = chance.choice(TOKENS)
            case 3:
                made[begin:end] = chance.choice(TOKENS)
            case 4:
                del made[begin:end]
            case 5:
                made[begin:begin] = made[begin:end] * chance.choice((1, 2, 50))
            case 6 if other:
                start = chance.randrange(len(other))
                made[begin:end] = other[start : start + chance.choice((8, 300, 5_000))]
            case 7 if chance.random() < 0.2:
                del made[begin:]
    return bytes(made)


def by_lines(chance: Random, content: bytes) -> bytes:
    """Change lines and the cells of a delimited text: they go, come twice, change places, or hold something else."""
    lines = content.split(b"\n")
    for _ in range(chance.choice((1, 1, 2, 5))):
        one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
        sign = chance.choice((b",", b",", b"\t", b";", b"=", b" "))
        cells = lines[one].split(sign)
        match chance.randrange(6):
            case 0:
                lines[one], lines[two] = lines[two], lines[one]
            case 1:
                lines.insert(one, lines[two])
            case 2 if len(lines) > 1:
                del lines[one]
            case 3:
                cells[chance.randrange(len(cells))] = chance.choice(TOKENS)
                lines[one] = sign.join(cells)
            case 4:
                chance.shuffle(cells)
                lines[one] = sign.join(cells)
            case 5 if len(lines[one]) < 5_000:
                lines[one] = sign.join(cells * chance.choice((0, 2, 700)))
    return b"\n".join(lines)


def _places(value: Any, before: Place = ()) -> Iterator[Place]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inner:
        yield (*before, name)
        yield from _places(part, (*before, name))


def within_json(chance: Random, content: bytes) -> bytes:
    """Change parts of a JSON document: another value, none, one from elsewhere in it, another name, deeper, doubled."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return bytewise(chance, content)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        places = list(_places(document))
        if not places:
            return json.dumps(chance.choice(ODD)).encode()
        *above, name = chance.choice(places)
        holder = document
        for part in above:
            holder = holder[part]
        match chance.randrange(6):
            case 0 | 1:
                holder[name] = deepcopy(chance.choice(ODD))
            case 2:
                del holder[name]
            case 3:
                found = document
                for part in chance.choice(places):
                    with suppress(KeyError, IndexError, TypeError):
                        found = found[part]
                holder[name] = deepcopy(found)
            case 4 if isinstance(holder, dict):
                holder[chance.choice(("", "id", "data", "\0", "x" * 5_000, "__proto__"))] = holder.pop(name)
            case 5:
                for _ in range(chance.choice((1, 3, 150))):
                    holder[name] = [holder[name]] if chance.random() < 0.5 else {"a": holder[name]}
    return json.dumps(document).encode()


def within_zip(chance: Random, content: bytes, change: Change = bytewise) -> bytes:
    """Change parts of a zip archive and pack them again: their content, their names, how often they stand there."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            found = [(entry.filename, parts.read(entry)) for entry in parts.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, OSError):
        return bytewise(chance, content)
    place = chance.randrange(len(found))
    name, inner = found[place]
    match chance.randrange(10):
        case 0:
            del found[place]
        case 1:
            found[place] = (chance.choice(found)[0], inner)
        case 2:
            found.append((name + chance.choice(("", "x", "/", "\0", "../x")), change(chance, inner)))
        case _:
            found[place] = (name, change(chance, inner))
    made = io.BytesIO()
    packing = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(made, "w", packing) as parts:
        for one, inner in found:
            with suppress(UserWarning):
                parts.writestr(one, inner)
    return made.getvalue()


def within_tar(chance: Random, content: bytes) -> bytes:
    """Change members of a tar archive, or fields of their heads, whose checksums are made again."""
    if chance.random() < 0.4:
        return _with_odd_head(chance, content)
    made = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(content)) as tar, tarfile.open(fileobj=made, mode="w") as to:
        members = [(member, tar.extractfile(member).read()) for member in tar if member.isfile()]  # type: ignore[union-attr]
        place = chance.randrange(len(members))
        member, inner = members[place]
        match chance.randrange(6):
            case 0:
                del members[place]
            case 1:
                members.append(members[place])
            case 2:
                member.name = chance.choice(
                    ("/x", "../x", "a/../../x", "", ".", "x" * 300, "backup.json", "\0", "a//b", "\ud800")
                )
            case 3:
                member.type = chance.choice(
                    (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE)
                )
                member.linkname = "/etc/passwd"
            case 4:
                inner = within_json(chance, inner)
            case 5:
                inner = bytewise(chance, inner)
        if place < len(members) and members[place][0] is member:
            members[place] = (member, inner)
        for one, inner in members:
            one.size = len(inner)
            with suppress(ValueError, UnicodeError):
                to.addfile(one, io.BytesIO(inner))
    return made.getvalue()


def _with_odd_head(chance: Random, content: bytes) -> bytes:
    """Change a field of one head of a tar archive, which is a block of 512 bytes, and make its checksum again."""
    made = bytearray(content)
    heads = [place for place in range(0, len(made) - 511, 512) if made[place + 257 : place + 262] == b"ustar"]
    if not heads:
        return bytewise(chance, content)
    head = chance.choice(heads)
    begin, end = chance.choice(((0, 100), (100, 108), (124, 136), (136, 148), (156, 157), (157, 257), (345, 500)))
    odd = chance.choice(
        (
            b"\x80" + b"\xff" * 11,
            b"\xff" * 12,
            b"-0000000001\0",
            b"777777777777",
            b"x",
            b"g",
            b"L",
            b"K",
            b"S",
            b"\0" * 12,
        )
    )
    made[head + begin : head + end] = odd.ljust(end - begin, b"\0")[: end - begin]
    made[head + 148 : head + 156] = b" " * 8
    made[head + 148 : head + 156] = b"%06o\0 " % (sum(made[head : head + 512]) & 0o777777)
    return bytes(made)


def smaller(content: bytes, still: Callable[[bytes], bool], tries: int = 400) -> bytes:
    """Return a content of which no more can go for it to do `still` what it does, as far as so many tries lead."""
    piece = max(1, len(content) // 2)
    while piece and tries > 0:
        begin = 0
        while begin < len(content) and tries > 0:
            tries -= 1
            without = content[:begin] + content[begin + piece :]
            if still(without):
                content = without
            else:
                begin += piece
        piece //= 2
    return content
