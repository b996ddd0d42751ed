"""What Airflow calls when a run is late: each trust's engineer is told, by what that trust alone was told."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.fixtures.mail_server import mail_server
from tests.fixtures.several_trusts import lay
from wordround import trusts
from wordround.deadlines import tell_engineer


def late(dag_id: str) -> str:
    return asyncio.run(tell_engineer({"dag_run": {"dag_id": dag_id}}))


def test_the_engineer_of_the_late_trust_is_told_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("WORDROUND_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WORDROUND_TRUSTS", str(tmp_path))
    before = dict(os.environ)
    with mail_server() as inbox:
        server = f"WORDROUND_SMTP_HOST=127.0.0.1\nWORDROUND_SMTP_PORT={inbox.port}\n"
        lay(tmp_path, "rab", server)
        lay(tmp_path, "rcd")
        assert late("build_marts__rab") == "late: True, told: True"
        assert late("build_marts__rcd") == "late: True, told: False, reason: no host in [mail] of the settings"
    (mail,) = inbox.messages
    assert "Trust RAB" in str(mail["Subject"])
    said = mail.as_string().replace("=\n", "")
    assert "runbook.md#build_marts" in said and "build_marts__" not in said
    assert dict(os.environ) == before and trusts.current() is None
    assert (tmp_path / "rab" / "data" / "records").is_dir() and not (tmp_path / "rcd" / "data" / "records").exists()
