"""Each minute of each conversation, the interval that it lies in, and whether that stands out (spc/traffic.py)."""


def model(dbt, session):
    dbt.config(materialized="table")
    import numpy as np
    import pyarrow as pa

    from wordround.spc import traffic

    # Of one that is on, nothing is said of what has not been asked for yet.
    asked = dbt.ref("stg_ops__query_runs").aggregate(
        "query_id as asked_query_id, max(asked_until) as asked_until", "query_id"
    )
    known = dbt.ref("stg_ops__conversations").join(asked, "query_id = asked_query_id", how="left")
    conversations = known.project(
        "conversation_id, epoch(begins_at)::bigint // 60 as first, "
        "greatest(first, ceil(epoch(least(ends_at, coalesce(asked_until, ends_at))) / 60)::bigint)"
    )
    posts = dbt.ref("int_conversation_posts").filter("is_contribution or is_reshare")
    counted = posts.aggregate(
        "conversation_id, epoch(minute_at)::bigint // 60 as minute, count_if(is_contribution) as contributions, "
        "count_if(is_reshare) as reshares",
        "conversation_id, minute_at",
    )
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for conversation, minute, contributions, reshares in counted.fetchall():
        found.setdefault(conversation, {})[minute] = (contributions, reshares)
    columns: dict[str, list] = {"conversation_id": [], "minute": [], "interval": [], "code": []}
    counts = {"contributions": [], "reshares": []}
    lengths = []
    for conversation, first, last in conversations.fetchall():
        minutes = range(first, last)
        of_minutes = np.array([found.get(conversation, {}).get(minute, (0, 0)) for minute in minutes]).reshape(-1, 2)
        length = traffic.interval_minutes(last - first, int(of_minutes[:, 0].sum()))
        place = np.arange(len(minutes)) // length
        # The last interval may be shorter than the others, and few in it are no dip.
        whole = len(minutes) // length
        by_interval = np.bincount(place, of_minutes[:, 0]).astype(int)
        verdicts = [*traffic.standing_out(by_interval[:whole]), *[None] * (len(by_interval) - whole)]
        columns["conversation_id"] += [conversation] * len(minutes)
        columns["minute"] += minutes
        columns["interval"] += [first + int(each) * length for each in place]
        columns["code"] += [verdicts[each] for each in place]
        counts["contributions"] += of_minutes[:, 0].tolist()
        counts["reshares"] += of_minutes[:, 1].tolist()
        lengths += [length] * len(minutes)
    moment = pa.timestamp("s", tz="UTC")
    return pa.table(
        {
            "conversation_id": pa.array(columns["conversation_id"], pa.string()),
            "minute_at": pa.array([60 * each for each in columns["minute"]], pa.int64()).cast(moment),
            "interval_at": pa.array([60 * each for each in columns["interval"]], pa.int64()).cast(moment),
            "interval_minutes": pa.array(lengths, pa.int32()),
            "contribution_count": pa.array(counts["contributions"], pa.int32()),
            "reshare_count": pa.array(counts["reshares"], pa.int32()),
            "traffic_code": pa.array(columns["code"], pa.string()),
        }
    )
