"""From a query to a query: DuckDB gives the audience, and asks about the result, which streams into it."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

import cleartosend as cts

EXAMPLES = Path(__file__).resolve().parent.parent

engine = cts.Engine()
campaign = json.loads((EXAMPLES / "campaign-only.json").read_text(encoding="utf-8"))

database = duckdb.connect()
database.execute("create table people as select * from read_csv(?)", [str(EXAMPLES / "audience.csv")])

# A connection runs one query at a time; the audience is one, and is asked while another one pulls the result.
asking = database.cursor()
asking.execute("set timezone = 'UTC'")
audience = asking.sql("""
    select id, "recipient.phone", "recipient.opt_in", "recipient.opted_out",
           "recipient.opt_in_at"::timestamptz as "recipient.opt_in_at",
           "recipient.last_inbound_at"::timestamptz as "recipient.last_inbound_at",
           "recipient.marketing_received_24h" as got
    from people
""")
screening = engine.screen(campaign, audience, keep=["id"], names={"got": "recipient.marketing_received_24h"})

# Rows are judged as the query pulls them. They can be taken once, so what more than one query asks is stored.
database.execute("create table result as select * from screening")

print(database.sql("select verdict::varchar as verdict, count(*) from result group by all order by all").fetchall())
print(database.sql("select name from people join result using (id) where verdict = 'allow' order by name").fetchall())
print(database.sql("select rule, count(*) from (select unnest(rules)::varchar as rule from result) group by all order by all").fetchall())
