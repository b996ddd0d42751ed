"""The NHS directory of organisations (ODS ORD API 2-0-0), with mergers."""

from typing import Any

from wordround.demo.standins.server import Call, Refuse, Reply, StandIn


class Ods(StandIn):
    """`successions`: (predecessor, successor, day)."""

    def __init__(self, names: dict[str, str], successions: tuple[tuple[str, str, str], ...] = ()) -> None:
        super().__init__()
        self.names, self.successions = names, successions

    def answer(self, call: Call) -> Reply:
        code = call.path.removeprefix("/organisations/")
        if code not in self.names:
            raise Refuse(404, {"errorCode": 404, "errorText": "Not Found"})
        ended = [day for before, _, day in self.successions if before == code]
        ties = [self._tie("Successor", after, day) for before, after, day in self.successions if before == code]
        ties += [self._tie("Predecessor", before, day) for before, after, day in self.successions if after == code]
        legal = {"Type": "Legal", "Start": "2001-04-01"} | ({"End": ended[0]} if ended else {})
        organisation: dict[str, Any] = {
            "Name": self.names[code],
            "Date": [{"Type": "Operational", "Start": "2001-04-01"}, legal],
            "OrgId": self._id(code),
            "Status": "Inactive" if ended else "Active",
            "LastChangeDate": "2026-05-01",
            "orgRecordClass": "RC1",
            "Roles": {"Role": [{"id": "RO197", "uniqueRoleId": 1, "primaryRole": True, "Status": "Active"}]},
        }
        return Reply({"Organisation": organisation | ({"Succs": {"Succ": ties}} if ties else {})})

    def _tie(self, kind: str, code: str, day: str) -> dict[str, Any]:
        return {
            "uniqueSuccId": 1,
            "Type": kind,
            "Target": {"OrgId": self._id(code), "PrimaryRoleId": {"id": "RO197", "uniqueRoleId": "1"}},
            "Date": [{"Type": "Legal", "Start": day}],
        }

    @staticmethod
    def _id(code: str) -> dict[str, str]:
        return {"root": "2.16.840.1.113883.2.1.3.2.4.18.48", "assigningAuthorityName": "HSCIC", "extension": code}
