"""The same rules over the same audience in Polars, DuckDB and DataFusion, each as its users would write them.

    python peers.py PEER FOLDER --threads N --samples N

FOLDER holds `audience.arrow` and `rules.json`. For every form that is tried: its answers are written to FOLDER, once, and one line of JSON
with the times of several runs is printed. Data lies in memory, in the peer's own form, before the first run; a run ends when the answer of
every row lies in memory.
"""

import argparse
import gc
import json
import os
import time
from datetime import datetime, timedelta
from pathlib import Path

# Once a form has taken so many seconds, it is not run again.
SECONDS_MAX = 20.0


def status(name):
    """A line of the process's status, in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    return None


class Bench:
    def __init__(self, peer, folder, threads, samples):
        self.peer, self.folder, self.threads, self.samples = peer, folder, threads, samples
        document = json.loads((folder / "rules.json").read_text())
        self.rules, self.columns = document["rules"], document["columns"]

    def table(self):
        import pyarrow

        with pyarrow.memory_map(str(self.folder / "audience.arrow")) as source:
            return pyarrow.ipc.open_file(source).read_all()

    def measure(self, form, gives, run, denied, rules=None):
        """`run` makes an answer; `denied` makes an array of bools of it, `rules` one of sets of rules as bits."""
        import numpy

        gc.collect()
        Path("/proc/self/clear_refs").write_text("5")
        before = status("VmRSS:")
        start = time.perf_counter()
        answer = run()
        first = time.perf_counter() - start
        memory = max(0, status("VmHWM:") - before)
        name = f"{self.peer}-{form}".replace(" ", "-").replace(",", "")
        bits = numpy.packbits(numpy.asarray(denied(answer), dtype=bool), bitorder="little")
        bits.tofile(self.folder / f"{name}.denied")
        if rules is not None:
            numpy.asarray(rules(answer), dtype="<u4").tofile(self.folder / f"{name}.rules")
        del answer, bits
        took, spent = [], first
        while len(took) < self.samples and (spent < SECONDS_MAX or not took):
            wall, processor = time.perf_counter(), time.process_time()
            answer = run()
            took.append([time.perf_counter() - wall, time.process_time() - processor])
            spent += took[-1][0]
            # What comes before is not to be freed on the clock of what comes after.
            del answer
        found = {"form": form, "gives": gives, "took": took, "memory": memory, "file": name, "has_rules": rules is not None}
        print(json.dumps(found), flush=True)


def instant(milliseconds):
    return datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)


# --- Polars


def polars(bench):
    os.environ["POLARS_MAX_THREADS"] = str(bench.threads)
    import functools
    import operator

    import polars as pl

    print(json.dumps({"version": f"Polars {pl.__version__}"}), flush=True)
    words = {column["name"]: column["words"] for column in bench.columns if column["kind"] == "words"}
    kinds = {column["name"]: column["kind"] for column in bench.columns}
    frame = pl.from_arrow(bench.table())
    as_enum = frame.with_columns(pl.col(name).cast(pl.Enum(known)) for name, known in words.items())
    # Words as the numbers that stand for them: what an enumeration is inside, without a check for each comparison.
    as_codes = as_enum.with_columns(pl.col(name).to_physical() for name in words)
    compare = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}

    def condition(condition, by_code):
        name, constants = condition["column"], condition["constants"]
        column = pl.col(name)
        if kinds[name] == "bool":
            return column if constants[0] else ~column
        if kinds[name] == "instant":
            constants = [pl.lit(instant(constant), dtype=pl.Datetime("ms")) for constant in constants]
        if kinds[name] == "words" and by_code:
            constants = [pl.lit(words[name].index(word), dtype=as_codes.schema[name]) for word in constants]
        if condition["operator"] == "in":
            return functools.reduce(operator.or_, (column == constant for constant in constants))
        if condition["operator"] == "not in":
            return functools.reduce(operator.and_, (column != constant for constant in constants))
        return compare[condition["operator"]](column, constants[0])

    def violated(rule, by_code):
        def together(conditions):
            return functools.reduce(operator.and_, (condition(one, by_code) for one in conditions))

        demand = together(rule["demand"])
        return together(rule["applies"]) & (~demand if rule["required"] else demand)

    def denied(answer):
        return answer["denied"].to_numpy() != 0

    def bits(answer):
        return answer["rules"].to_numpy()

    few = len(bench.rules) <= 32
    for data_name, data, by_code in [("enumerations", as_enum, False), ("codes", as_codes, True)]:
        rules = [violated(rule, by_code) for rule in bench.rules]
        lazy = data.lazy()
        forms = [
            ("any", "verdict", pl.any_horizontal(rules).alias("denied")),
            ("when", "verdict", pl.when(pl.any_horizontal(rules)).then(pl.lit(1, pl.UInt8)).otherwise(pl.lit(0, pl.UInt8)).alias("denied")),
        ]
        if few:
            either = functools.reduce(operator.or_, rules)
            forms.append(("or", "verdict", either.alias("denied")))
            first = pl.when(rules[0]).then(pl.lit(1, pl.UInt8))
            for number, rule in enumerate(rules[1:], 2):
                first = first.when(rule).then(pl.lit(number, pl.UInt8))
            forms.append(("when chain", "first rule", first.otherwise(pl.lit(0, pl.UInt8)).alias("denied")))
            bit = [pl.lit(1 << number, pl.UInt32) for number in range(len(rules))]
            bits_of = (pl.when(rule).then(one).otherwise(pl.lit(0, pl.UInt32)) for rule, one in zip(rules, bit))
            forms.append(("bits", "set of rules", functools.reduce(operator.or_, bits_of).alias("rules")))
        for form, gives, expression in forms:
            query = lazy.select(expression)
            for engine in ["in-memory", "streaming"]:
                # Large sets take the two best of the small one.
                if not few and (by_code or form == "when"):
                    continue
                run = functools.partial(query.collect, engine=engine)
                name = f"{form} {data_name} {engine}"
                if form == "bits":
                    bench.measure(name, gives, run, lambda answer: bits(answer) != 0, bits)
                else:
                    bench.measure(name, gives, run, denied)
            # A column for each rule, beside the verdict.
            if few and form == "or":
                columns = lazy.select(expression, *(rule.alias(str(number)) for number, rule in enumerate(rules)))
                bench.measure(f"columns {data_name} streaming", "a column a rule", lambda: columns.collect(engine="streaming"), denied)


# --- SQL


def sql(bench, instant_literal):
    kinds = {column["name"]: column["kind"] for column in bench.columns}

    def condition(condition):
        name, constants = condition["column"], condition["constants"]
        column = f'"{name}"'
        if kinds[name] == "bool":
            return column if constants[0] else f"NOT {column}"
        if kinds[name] == "words":
            constants = [f"'{word}'" for word in constants]
        if kinds[name] == "instant":
            constants = [instant_literal(instant(constant)) for constant in constants]
        if condition["operator"] in ["in", "not in"]:
            return f"{column} {condition['operator'].upper()} ({', '.join(map(str, constants))})"
        symbol = {"==": "=", "!=": "<>"}.get(condition["operator"], condition["operator"])
        return f"{column} {symbol} {constants[0]}"

    def violated(rule):
        def together(conditions):
            return " AND ".join(condition(one) for one in conditions)

        negated = "NOT " if rule["required"] else ""
        return f"({together(rule['applies'])} AND {negated}({together(rule['demand'])}))"

    return [violated(rule) for rule in bench.rules]


def duckdb(bench):
    import duckdb

    print(json.dumps({"version": f"DuckDB {duckdb.__version__}"}), flush=True)
    connection = duckdb.connect()
    connection.execute(f"SET threads = {bench.threads}")
    audience = bench.table()
    connection.register("arrow", audience)
    texts = ", ".join(f'CAST("{c["name"]}" AS VARCHAR) AS "{c["name"]}"' for c in bench.columns if c["kind"] == "words")
    for number, column in enumerate(bench.columns):
        if column["kind"] == "words":
            words = ", ".join(f"'{word}'" for word in column["words"])
            connection.execute(f"CREATE TYPE words{number} AS ENUM ({words})")
    enums = ", ".join(
        f'CAST("{c["name"]}" AS words{number}) AS "{c["name"]}"' for number, c in enumerate(bench.columns) if c["kind"] == "words"
    )
    connection.execute(f"CREATE TABLE enums AS SELECT * REPLACE ({enums}) FROM arrow")
    few = len(bench.rules) <= 32
    if few:
        connection.execute(f"CREATE TABLE texts AS SELECT * REPLACE ({texts}) FROM arrow")
    rules = sql(bench, lambda at: f"TIMESTAMP_MS '{at}'")
    any_rule = " OR ".join(rules)
    bits = " | ".join(f"(CASE WHEN {rule} THEN {1 << number}::UINTEGER ELSE 0::UINTEGER END)" for number, rule in enumerate(rules))

    def ask(query):
        return lambda: connection.sql(query).to_arrow_table()

    def denied(answer):
        return answer["denied"].to_numpy()

    def set_of_rules(answer):
        return answer["rules"].to_numpy()

    bench.measure("or enumerations", "verdict", ask(f"SELECT ({any_rule}) AS denied FROM enums"), denied)
    if few:
        bench.measure("or texts", "verdict", ask(f"SELECT ({any_rule}) AS denied FROM texts"), denied)
        bench.measure("or arrow", "verdict", ask(f"SELECT ({any_rule}) AS denied FROM arrow"), denied)
        bits = ask(f"SELECT ({bits}) AS rules FROM enums")
        bench.measure("bits enumerations", "set of rules", bits, lambda answer: set_of_rules(answer) != 0, set_of_rules)

        def into_a_table():
            connection.execute(f"CREATE OR REPLACE TEMP TABLE found AS SELECT ({any_rule}) AS denied FROM enums")
            return connection

        kept = lambda connection: connection.sql("SELECT denied FROM found").fetchnumpy()["denied"]
        bench.measure("or enumerations, into a table", "verdict", into_a_table, kept)


def datafusion(bench):
    os.environ["TOKIO_WORKER_THREADS"] = str(bench.threads)
    import datafusion
    import numpy
    import pyarrow

    print(json.dumps({"version": f"DataFusion {datafusion.__version__}"}), flush=True)
    audience = bench.table()
    context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(bench.threads).with_batch_size(8192))
    few = len(bench.rules) <= 32

    def register(name, table):
        batches = table.to_batches()
        half = -(-len(batches) // bench.threads)
        context.register_record_batches(name, [batches[at : at + half] for at in range(0, len(batches), half)])

    register("words", audience)
    if few:
        def with_texts(text):
            of = [(field.name, text if pyarrow.types.is_dictionary(field.type) else field.type) for field in audience.schema]
            return pyarrow.schema(of)

        register("texts", audience.cast(with_texts(pyarrow.string())).cast(with_texts(pyarrow.string_view())))
    rules = sql(bench, lambda at: f"arrow_cast('{at.isoformat()}', 'Timestamp(Millisecond, None)')")
    any_rule = " OR ".join(rules)
    bits = " | ".join(f"(CASE WHEN {rule} THEN {1 << number} ELSE 0 END)" for number, rule in enumerate(rules))

    def ask(query):
        # By partition: rows keep their order.
        return lambda: context.sql(query).collect_partitioned()

    def column(answer):
        return numpy.concatenate([batch.column(0).to_numpy(zero_copy_only=False) for partition in answer for batch in partition])

    bench.measure("or dictionaries", "verdict", ask(f"SELECT ({any_rule}) AS denied FROM words"), column)
    if few:
        bench.measure("or texts", "verdict", ask(f"SELECT ({any_rule}) AS denied FROM texts"), column)
        bits = ask(f"SELECT ({bits}) AS rules FROM words")
        bench.measure("bits dictionaries", "set of rules", bits, lambda answer: column(answer) != 0, column)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("peer", choices=["polars", "duckdb", "datafusion"])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--samples", type=int, default=5)
    chosen = arguments.parse_args()
    bench = Bench(chosen.peer, chosen.folder, chosen.threads, chosen.samples)
    {"polars": polars, "duckdb": duckdb, "datafusion": datafusion}[chosen.peer](bench)


if __name__ == "__main__":
    main()
