"""Gates of chance in Polars and DuckDB, run when they are told to, so that they take turns with this engine.

    python gates.py

Each line that is read is an order in JSON, and each is answered by one line. {"load": FOLDER} reads FOLDER/audience.arrow and FOLDER/gate.json,
makes every form, runs it once and writes its answers to FOLDER: bits of which rows are denied, bits of which are open, and where the form
names rules, a number a row whose bits are the rules that are violated, and one of those that are open. {"run": FORM} runs one form and tells
the seconds that it took, by the clock and of the processor.
"""

import functools
import gc
import json
import operator
import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = "1"

import duckdb
import numpy
import polars as pl
import pyarrow

COMPARE = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def instant(milliseconds):
    return datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)


class InPolars:
    """Expressions over a frame whose few texts are enumerations, or the numbers that stand for them."""

    def __init__(self, columns, schema, by_code):
        self.words = {column["name"]: column["words"] for column in columns if column["words"] and not column["is_list"]}
        self.lists = {column["name"]: column["words"] for column in columns if column["is_list"]}
        self.schema, self.by_code = schema, by_code

    def few(self, node):
        """The texts of a column that has few."""
        return self.words.get(node[1]) if node[0] == "column" else None

    def one_of(self, node, words):
        """Whether a column of few texts has one of these: by comparing, which is what takes least of a few."""
        column, known = pl.col(node[1]), self.words[node[1]]
        words = [word for word in words if word in known]
        if self.by_code:
            constants = [pl.lit(known.index(word), dtype=self.schema[node[1]]) for word in words]
        else:
            constants = words
        if not words:
            return pl.when(column.is_not_null()).then(pl.lit(False))
        if len(words) > 8:
            return column.is_in(pl.Series([known.index(word) for word in words], dtype=self.schema[node[1]]) if self.by_code else words)
        return functools.reduce(operator.or_, (column == constant for constant in constants))

    def text(self, node):
        """A column of few texts as texts."""
        words = self.few(node)
        if not words:
            return self.of(node)
        if self.by_code:
            return pl.col(node[1]).cat.to(pl.Enum(words)).cast(pl.String)
        return pl.col(node[1]).cast(pl.String)

    def of(self, node):
        kind, *parts = node
        of = self.of
        if kind == "column":
            return pl.col(parts[0])
        if kind == "element":
            return pl.element()
        if kind in ("int", "double", "text"):
            return pl.lit(parts[0])
        if kind == "instant":
            return pl.lit(instant(parts[0]), dtype=pl.Datetime("ms"))
        if kind == "span":
            return pl.lit(timedelta(milliseconds=parts[0]), dtype=pl.Duration("ms"))
        if kind in COMPARE:
            one, other = parts
            words = self.few(one)
            if words and other[0] == "text":
                found = self.one_of(one, [other[1]])
                return found if kind == "==" else ~found
            if one[0] == "size" and self.few(one[1]) and other[0] == "int":
                return self.one_of(one[1], [word for word in self.few(one[1]) if COMPARE[kind](len(word), other[1])])
            return COMPARE[kind](of(one), of(other))
        if kind in ("+", "-", "*", "%"):
            return {"+": operator.add, "-": operator.sub, "*": operator.mul, "%": operator.mod}[kind](of(parts[0]), of(parts[1]))
        if kind == "/":
            return of(parts[0]) // of(parts[1]) if parts[1][0] == "int" else of(parts[0]) / of(parts[1])
        if kind == "among":
            item, members = parts
            if self.few(item):
                return self.one_of(item, [member[1] for member in members])
            constants = [member[1] for member in members]
            if len(constants) <= 4:
                return functools.reduce(operator.or_, (of(item) == constant for constant in constants))
            return of(item).is_in(constants)
        if kind in ("startsWith", "endsWith", "contains"):
            text, part = parts
            if part[0] == "text" and self.few(text):
                holds = {"startsWith": str.startswith, "endsWith": str.endswith, "contains": lambda text, part: part in text}[kind]
                return self.one_of(text, [word for word in self.few(text) if holds(word, part[1])])
            part = part[1] if part[0] == "text" else self.text(part)
            texts = self.text(text).str
            if kind == "contains":
                return texts.contains(part, literal=True)
            return texts.starts_with(part) if kind == "startsWith" else texts.ends_with(part)
        if kind == "lower":
            return self.text(parts[0]).str.to_lowercase()
        if kind == "joined":
            return self.text(parts[0]) + self.text(parts[1])
        if kind == "size":
            return self.text(parts[0]).str.len_chars().cast(pl.Int64)
        if kind == "list size":
            return of(parts[0]).list.len().cast(pl.Int64)
        if kind == "part":
            function, zone, at = parts
            at = of(at)
            if zone and zone.startswith("+"):
                at = at + timedelta(minutes=int(zone[1:3]) * 60 + int(zone[4:]))
            elif zone:
                at = at.dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
            return at.dt.hour() if function == "getHours" else at.dt.weekday() % 7
        if kind == "hours":
            return of(parts[0]).dt.total_hours()
        if kind == "widened":
            return of(parts[0]).cast(pl.Float64)
        if kind == "whole":
            return of(parts[0]).cast(pl.Int64)
        if kind == "written":
            return of(parts[0]).cast(pl.String)
        if kind in ("exists", "all"):
            name, body = parts
            held = pl.col(name).list.eval(of(body)).list
            return held.any() if kind == "exists" else held.all()
        if kind == "in list":
            return pl.col(parts[1]).list.contains(parts[0][1])
        if kind == "has":
            return pl.col(parts[0]).is_not_null()
        if kind == "not":
            return ~of(parts[0])
        if kind == "and":
            return functools.reduce(operator.and_, map(of, parts[0]))
        if kind == "or":
            return functools.reduce(operator.or_, map(of, parts[0]))
        if kind == "if":
            condition = of(parts[0])
            chosen = pl.when(condition).then(of(parts[1])).otherwise(of(parts[2]))
            return pl.when(condition.is_not_null()).then(chosen) if self.may_be_null(parts[0]) else chosen
        raise ValueError(f"no form of {kind}")

    def may_be_null(self, node):
        """Whether a column that is read has nulls; what chooses is then asked about first."""
        if node[0] in ("column", "has"):
            return self.nulls[node[1]]
        return any(self.may_be_null(part) for part in node[1:] if isinstance(part, list) and part and isinstance(part[0], str))


class InSql:
    def __init__(self, columns):
        self.words = {column["name"]: column["words"] for column in columns if column["words"] and not column["is_list"]}

    def text(self, node):
        return f"CAST({self.of(node)} AS VARCHAR)" if node[0] == "column" and node[1] in self.words else self.of(node)

    def of(self, node):
        kind, *parts = node
        of = self.of
        if kind == "column":
            return f'"{parts[0]}"'
        if kind == "element":
            return "e"
        if kind == "int":
            return str(parts[0])
        if kind == "double":
            return f"{parts[0]!r}::DOUBLE"
        if kind == "text":
            return f"'{parts[0]}'"
        if kind == "instant":
            return f"TIMESTAMP_MS '{instant(parts[0])}'"
        if kind == "span":
            return f"INTERVAL {parts[0]} MILLISECONDS"
        if kind in COMPARE:
            symbol = {"==": "=", "!=": "<>"}.get(kind, kind)
            return f"({of(parts[0])} {symbol} {of(parts[1])})"
        if kind in ("+", "-", "*", "%"):
            return f"({of(parts[0])} {kind} {of(parts[1])})"
        if kind == "/":
            return f"({of(parts[0])} {'//' if parts[1][0] == 'int' else '/'} {of(parts[1])})"
        if kind == "among":
            return f"({of(parts[0])} IN ({', '.join(map(of, parts[1]))}))"
        if kind in ("startsWith", "endsWith", "contains"):
            function = {"startsWith": "starts_with", "endsWith": "ends_with", "contains": "contains"}[kind]
            return f"{function}({self.text(parts[0])}, {self.text(parts[1])})"
        if kind == "lower":
            return f"lower({self.text(parts[0])})"
        if kind == "joined":
            return f"({self.text(parts[0])} || {self.text(parts[1])})"
        if kind == "size":
            return f"length({self.text(parts[0])})"
        if kind == "list size":
            return f"len({of(parts[0])})"
        if kind == "has":
            return f'("{parts[0]}" IS NOT NULL)'
        if kind == "widened":
            return f"({of(parts[0])})::DOUBLE"
        if kind == "whole":
            return f"trunc({of(parts[0])})::BIGINT"
        if kind == "written":
            return f"({of(parts[0])})::VARCHAR"
        if kind == "in list":
            return f'list_contains("{parts[1]}", {of(parts[0])})'
        if kind in ("exists", "all"):
            body = of(parts[1])
            found = f'list_filter("{parts[0]}", lambda e: {body if kind == "exists" else "NOT " + body})'
            return f"(len({found}) {'>' if kind == 'exists' else '='} 0)"
        if kind == "not":
            return f"(NOT {of(parts[0])})"
        if kind in ("and", "or"):
            return "(" + f" {kind.upper()} ".join(map(of, parts[0])) + ")"
        if kind == "if":
            condition = of(parts[0])
            return f"(CASE WHEN {condition} THEN {of(parts[1])} WHEN NOT {condition} THEN {of(parts[2])} END)"
        if kind == "part":
            function, zone, at = parts
            at = of(at)
            if zone and zone.startswith("+"):
                at = f"({at} + INTERVAL {int(zone[1:3]) * 60 + int(zone[4:])} MINUTES)"
            elif zone:
                at = f"(({at})::TIMESTAMP AT TIME ZONE 'UTC' AT TIME ZONE '{zone}')"
            return f"{'hour' if function == 'getHours' else 'dayofweek'}({at})"
        # DuckDB counts spans in months and days beside microseconds, of which hours would be another question.
        raise ValueError(f"no form of {kind}")


def violated(of, rule):
    applies, demand = of.of(rule["applies"]), of.of(rule["demand"])
    if isinstance(of, InSql):
        return f"({applies} AND {'NOT ' if rule['required'] else ''}{demand})"
    return applies & (~demand if rule["required"] else demand)


class Gate:
    def __init__(self, folder):
        self.folder, self.forms, self.left_out = folder, {}, {}
        document = json.loads((folder / "gate.json").read_text())
        self.rules, self.columns = document["rules"], document["columns"]
        with pyarrow.memory_map(str(folder / "audience.arrow")) as source:
            self.table = pyarrow.ipc.open_file(source).read_all()

    def polars(self):
        words = [column for column in self.columns if column["words"] and not column["is_list"]]
        frame = pl.from_arrow(self.table).rechunk()
        enums = frame.with_columns(pl.col(column["name"]).cast(pl.Enum(column["words"])) for column in words)
        codes = enums.with_columns(pl.col(column["name"]).to_physical() for column in words)
        for name, data, by_code in [("enumerations", enums, False), ("codes", codes, True)]:
            of = InPolars(self.columns, data.schema, by_code)
            of.nulls = {column: data[column].null_count() > 0 for column in data.columns}
            rules = [violated(of, rule) for rule in self.rules]
            bits = [pl.lit(1 << number, pl.UInt32) for number in range(len(rules))]
            none = pl.lit(0, pl.UInt32)
            sets = [functools.reduce(operator.or_, (pl.when(rule).then(bit).otherwise(none) for rule, bit in zip(rules, bits))).alias("rules")]
            any_null = any(of.nulls.values())
            if any_null:
                opens = (pl.when(rule.is_null()).then(bit).otherwise(none) for rule, bit in zip(rules, bits))
                sets.append(functools.reduce(operator.or_, opens).alias("open"))
            lazy = data.lazy()
            for form, query in [("verdict", lazy.select(pl.any_horizontal(rules).alias("denied"))), ("rules", lazy.select(sets))]:
                for engine in ["in-memory", "streaming"]:
                    run = functools.partial(query.collect, engine=engine)
                    self.form(f"Polars {form} {name} {engine}", form, run, lambda answer: {name: answer[name].to_arrow() for name in answer.columns})

    def duckdb(self):
        connection = duckdb.connect()
        connection.execute("SET threads = 1")
        connection.register("arrow", self.table)
        casts = []
        for number, column in enumerate(self.columns):
            if column["words"] and not column["is_list"]:
                words = ", ".join(f"'{word}'" for word in column["words"])
                connection.execute(f"CREATE TYPE words{number} AS ENUM ({words})")
                casts.append(f'CAST("{column["name"]}" AS words{number}) AS "{column["name"]}"')
        connection.execute(f"CREATE TABLE audience AS SELECT * REPLACE ({', '.join(casts)}) FROM arrow")
        rules = [violated(InSql(self.columns), rule) for rule in self.rules]
        query = f"SELECT ({' OR '.join(rules)}) AS denied FROM audience"
        self.form("DuckDB verdict", "verdict", lambda: connection.sql(query).to_arrow_table(), lambda answer: {"denied": answer["denied"]})

    def form(self, name, gives, run, columns):
        answer = columns(run())
        file = name.replace(" ", "-")
        if gives == "verdict":
            array = pyarrow.chunked_array([answer["denied"]]) if not isinstance(answer["denied"], pyarrow.ChunkedArray) else answer["denied"]
            denied = array.fill_null(False).to_numpy().astype(bool)
            opened = array.is_null().to_numpy().astype(bool)
            numpy.packbits(denied, bitorder="little").tofile(self.folder / f"{file}.denied")
            numpy.packbits(opened, bitorder="little").tofile(self.folder / f"{file}.open")
        else:
            rules = numpy.asarray(answer["rules"], dtype="<u4")
            opened = numpy.asarray(answer["open"], dtype="<u4") if "open" in answer else numpy.zeros(len(rules), dtype="<u4")
            rules.tofile(self.folder / f"{file}.rules")
            opened.tofile(self.folder / f"{file}.open-rules")
        self.forms[name] = (gives, file, run)

    def run(self, name):
        run = self.forms[name][2]
        gc.collect()
        wall, processor = time.perf_counter(), time.process_time()
        answer = run()
        took = [time.perf_counter() - wall, time.process_time() - processor]
        del answer
        return took


def main():
    gate = None
    for line in sys.stdin:
        order = json.loads(line)
        if "load" in order:
            gate = Gate(Path(order["load"]))
            gate.polars()
            left_out = None
            try:
                gate.duckdb()
            except (ValueError, duckdb.Error) as problem:
                left_out = str(problem)
            forms = [{"form": name, "gives": gives, "file": file} for name, (gives, file, _) in gate.forms.items()]
            versions = [f"Polars {pl.__version__}", f"DuckDB {duckdb.__version__}"]
            print(json.dumps({"forms": forms, "versions": versions, "left_out": left_out}), flush=True)
        else:
            print(json.dumps(gate.run(order["run"])), flush=True)


if __name__ == "__main__":
    main()
