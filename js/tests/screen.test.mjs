// Screening: each row as `check` would judge it.

import assert from "node:assert/strict";
import test from "node:test";

import { cts, read, thrown } from "./installed.mjs";

const engine = new cts.Engine();
const campaign = JSON.parse(read("examples/campaign-only.json"));

/** Rows that differ in whatever rules ask of recipients. */
function people() {
  const phones = ["+34600000001", "+12025550123", "+905321234567", "+14165550123", null];
  const rows = [];
  for (const phone of phones) {
    for (const opt_in of ["given", "none"]) {
      for (const opted_out of [false, true, null]) {
        for (const last_inbound_at of [null, "2026-03-02T10:00:00Z", "2026-02-20T10:00:00Z"]) {
          for (const marketing_received_24h of [0, 2]) {
            rows.push({ phone, opt_in, opted_out, last_inbound_at, marketing_received_24h, opt_in_at: "2025-06-14T09:30:00Z" });
          }
        }
      }
    }
  }
  return rows;
}

function asCheck(recipient) {
  const decision = engine.check({ ...campaign, recipient });
  const counts = decision.findings.filter(({ verdict, status }) => verdict !== "note" && (status === "violated" || status === "undetermined"));
  return { verdict: decision.verdict, rules: counts.map(({ rule }) => rule), missing: [...decision.missing] };
}

test("each row is told what a check says", () => {
  const rows = people();
  const { rows: judged, summary } = engine.screen(campaign, rows.map((recipient) => ({ recipient })));
  assert.equal(judged.length, rows.length);
  judged.forEach((row, place) => assert.deepEqual(row, asCheck(rows[place]), JSON.stringify(rows[place])));
  assert.equal(summary.rows, rows.length);
  for (const verdict of ["allow", "review", "deny"]) {
    assert.equal(summary.verdicts[verdict], judged.filter((row) => row.verdict === verdict).length);
    assert.ok(verdict === "allow" || summary.verdicts[verdict] > 0);
  }
  assert.equal(JSON.stringify(summary), summary.json);
  assert.match(summary.text("en"), new RegExp(`^rows +${rows.length}`));
  assert.notEqual(summary.text("es"), summary.text("en"));
});

test("members stand by path or within each other, and by other names", () => {
  const nested = engine.screen(campaign, [{ recipient: { phone: "+34600000001", opted_out: true } }]);
  const flat = engine.screen(campaign, [{ "recipient.phone": "+34600000001", "recipient.opted_out": true }]);
  const named = engine.screen(campaign, [{ mobile: "+34600000001", unsubscribed: true }], {
    names: { mobile: "recipient.phone", unsubscribed: "recipient.opted_out" },
  });
  assert.deepEqual(flat.rows, nested.rows);
  assert.deepEqual(named.rows, nested.rows);
  assert.equal(flat.summary.json, nested.summary.json);
});

test("what is kept comes back as it was", () => {
  const tag = { a: [1] };
  const { rows } = engine.screen(campaign, [{ id: 7n, tag, recipient: { phone: "+34600000001" } }], {
    keep: ["id", "tag", "recipient.phone"],
  });
  assert.equal(rows[0].id, 7n);
  assert.equal(rows[0].tag, tag);
  assert.equal(rows[0]["recipient.phone"], "+34600000001");
});

test("a column that is no attribute is kept, ignored or refused", () => {
  const rows = [{ note: "x", recipient: { phone: "+34600000001" } }];
  assert.equal(thrown(() => engine.screen(campaign, rows)).code, "screen/unknown-column");
  assert.equal(engine.screen(campaign, rows, { ignore: ["note"] }).rows.length, 1);
  assert.match(thrown(() => engine.screen(campaign, [{ recipient: { opted_ut: true } }])).reason, /recipient\.opted_out/);
});

test("a value that cannot be read is told, and is no clearance", () => {
  const { rows, summary } = engine.screen(campaign, [{ recipient: { phone: "34 600 000 007" } }]);
  assert.notEqual(rows[0].verdict, "allow");
  assert.ok(rows[0].rules.includes("input.bad-value"));
  assert.equal(summary.bad_rows, 1);
  assert.equal(summary.bad_values[0].attribute, "recipient.phone");
});

test("what some rows leave out and others tell is refused where null says something else", () => {
  const rows = [{ recipient: { opted_out: false, last_inbound_at: null } }, { recipient: { opted_out: false } }];
  const error = thrown(() => engine.screen(campaign, rows));
  assert.deepEqual([error.code, error.path], ["js/rows", "[1].recipient.last_inbound_at"]);
  const later = thrown(() => engine.screen(campaign, [...rows].reverse()));
  assert.equal(later.path, "[0].recipient.last_inbound_at");
  const taken = engine.screen(campaign, rows, { leftOutIsNull: true });
  assert.deepEqual(taken.rows[0], taken.rows[1]);
  const unknown = engine.screen(campaign, [{ recipient: { opted_out: false } }, { recipient: { opt_in: "given" } }]);
  assert.deepEqual(unknown.rows[1], asCheck({ opt_in: "given" }));
});

test("rows that are none are refused with their place", () => {
  const refusals = [
    [[7], "[0]"], [[{}, []], "[1]"], [[{ recipient: { opted_out: NaN } }], "[0].recipient.opted_out"],
    [[{ "recipient.phone": "+1", recipient: { phone: "+1" } }], "[0].recipient.phone"], ["rows", "rows"],
  ];
  for (const [rows, path] of refusals) assert.equal(thrown(() => engine.screen(campaign, rows)).path, path);
  assert.match(thrown(() => engine.screen({ ...campaign, recipient: { phone: "+34600000000" } }, [{}])).code, /^screen\//);
  assert.equal(thrown(() => engine.screen(campaign, [], { kep: [] })).code, "js/options");
  assert.equal(thrown(() => engine.screen(campaign, [{}], { keep: [7] })).code, "js/options");
});

test("nobody is cleared where nobody is told of", () => {
  const { rows, summary } = engine.screen(campaign, [], { keep: ["id"] });
  assert.deepEqual([rows.length, summary.rows, summary.verdicts.allow], [0, 0, 0]);
});

test("more rows than one batch come in order", () => {
  const rows = Array.from({ length: 70_000 }, (_, id) => ({ id, recipient: { opted_out: id % 3 === 0 } }));
  const { rows: judged, summary } = engine.screen(campaign, rows, { keep: ["id"] });
  assert.equal(summary.rows, rows.length);
  assert.ok(judged.every((row, id) => row.id === id && (row.verdict === "deny") === (id % 3 === 0)));
});
