"""Times the usual of each conversation, and which of its intervals stand out (src/wordround/spc/traffic.py)."""


def model(dbt, session):
    dbt.config(materialized="table")
    import pyarrow as pa

    from wordround.spc import traffic

    found = dbt.ref("int_conversation_usual_counted").project("conversation_id, number, post_count, is_covered")
    counts: dict[str, dict[int, tuple[int, bool]]] = {}
    for conversation, number, count, is_covered in found.fetchall():
        counts.setdefault(conversation, {})[number] = (count, is_covered)
    rows = []
    for conversation, windows in counts.items():
        count, is_covered = windows.pop(0)
        usual = [number for number, is_known in windows.values() if is_known]
        times = traffic.times_usual(count, usual) if is_covered else None
        rows.append(
            {
                "conversation_id": conversation, "tagged_post_count": count, "usual_stretch_count": len(usual),
                "usual_post_count": sum(usual) / len(usual) if usual else None, "is_covered": is_covered,
                **(times._asdict() if times else {"times": None, "low": None, "high": None}),
            }
        )  # fmt: skip
    return pa.Table.from_pylist(
        rows,
        schema=pa.schema(
            [
                ("conversation_id", pa.string()), ("tagged_post_count", pa.int32()),
                ("usual_stretch_count", pa.int32()), ("usual_post_count", pa.float64()), ("is_covered", pa.bool_()),
                ("times", pa.float64()), ("low", pa.float64()), ("high", pa.float64()),
            ]
        ),
    )  # fmt: skip
