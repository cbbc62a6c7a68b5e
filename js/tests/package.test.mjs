// The calls of the package, and what it refuses.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import vm from "node:vm";

import { INSTALLED, PACKAGE, cts, read, require, thrown } from "./installed.mjs";

const { CtsError, Directory, Engine, Pack } = cts;
const AT = "2026-03-02T15:00:00Z";
const engine = new Engine();

const PACK = {
  "pack.toml": `name = "house"
version = "1.0.0"
requires = ">=1.0"
title = "Rules of the house"
published = 2026-01-01
[sources.house]
title = "The house"
url = "https://house.example/"
retrieved = 2026-01-01
confidence = "official"
`,
  "rules/house.toml": `[[rule]]
id = "feedback.red"
topic = "feedback"
title = "Not with a red rating"
forbids = 'account.quality == "red"'
verdict = "deny"
from = 2018-01-01
source = { id = "house" }
message = "the rating is {account.quality}"
advice = "Wait."
exposure = ["warning"]
`,
};

test("a check tells the verdict, findings and what is missing", () => {
  const decision = engine.check({
    send_at: new Date(AT),
    campaign: { initiated_by: "business", category: "marketing" },
    recipient: { phone: "+34600000000", opted_out: true },
  });
  assert.equal(decision.verdict, "deny");
  assert.equal(decision.allowed, false);
  const violated = decision.findings.filter((finding) => finding.status === "violated");
  assert.deepEqual(violated.map((finding) => finding.rule), ["consent.opted-out"]);
  assert.ok(decision.missing.includes("access.clients"));
  assert.match(decision.text(), /^DENY {2}not clear to send/);
  assert.notEqual(decision.text("es"), decision.text());
  assert.equal(String(decision), decision.text("en"));
  assert.equal(JSON.stringify(decision), decision.json);
  assert.throws(() => { decision.verdict = "allow"; }, TypeError);
  assert.throws(() => decision.findings.pop(), TypeError);
  assert.equal(thrown(() => decision.text("fr")).code, "js/unknown-language");
});

test("`require` gives the same engine as `import`", () => {
  const common = require("cleartosend");
  const campaign = read("examples/clean-campaign.json");
  assert.equal(new common.Engine().check(campaign).json, engine.check(campaign).json);
  assert.deepEqual(Object.keys(common).sort(), Object.keys(cts).sort());
});

test("the entry without a host starts with the bytes of the module", async () => {
  const bare = await import(`file://${join(PACKAGE, "bare.js")}`);
  bare.start(new WebAssembly.Module(readFileSync(join(PACKAGE, "cleartosend.wasm"))));
  assert.equal(new bare.Engine().check({ send_at: AT }).verdict, "review");
});

test("the module asks its host for nothing but JavaScript's own", async () => {
  const module = await WebAssembly.compile(readFileSync(join(PACKAGE, "cleartosend.wasm")));
  const names = WebAssembly.Module.imports(module).map(({ name }) => name);
  assert.deepEqual(names.filter((name) => !name.startsWith("__wbindgen") && !name.startsWith("__wbg___wbindgen")), [], names.join());
});

test("instants are texts or dates, also by `at`", () => {
  const campaign = JSON.parse(read("examples/turkey-2024.json"));
  assert.equal(engine.check(campaign).verdict, "deny");
  const later = engine.check(campaign, { at: new Date("2024-05-15T00:00:00Z") });
  assert.equal(later.send_at, "2024-05-15T00:00:00Z");
  assert.equal(later.verdict, "allow");
  const temporal = { toJSON: () => "2024-05-15T02:00:00+02:00" };
  assert.equal(engine.check(campaign, { at: temporal }).json, later.json);
  assert.equal(thrown(() => engine.check(campaign, { at: "2024-05-15" })).path, "at");
  assert.equal(thrown(() => engine.check(campaign, { at: new Date("never") })).code, "js/value");
  assert.equal(thrown(() => engine.check(campaign, { at: 1715731200000 })).code, "js/value");
});

test("what JSON would drop or change is refused", () => {
  const refusals = [
    [{ recipient: { opted_out: NaN } }, "recipient.opted_out"],
    [{ recipient: { last_inbound_at: new Date("never") } }, "recipient.last_inbound_at"],
    [{ recipient: { phone: () => "+34600000000" } }, "recipient.phone"],
    [{ recipient: new Map([["opted_out", true]]) }, "recipient"],
    [{ access: { clients: ["npm:x", undefined] } }, "access.clients[1]"],
    [{ access: { clients: new Set(["npm:x"]) } }, "access.clients"],
    [{ campaign: { offers_opt_out: new Boolean(true) } }, "campaign.offers_opt_out"],
    [{ campaign: { name: Symbol("name") } }, "campaign.name"],
    ["{\"campaign\": {\"name\": \"\uD800\"}}", ""],
    [undefined, ""],
  ];
  for (const [campaign, path] of refusals) {
    const error = thrown(() => engine.check(campaign, { at: AT }));
    assert.deepEqual([error.code, error.path], ["js/value", path]);
  }
  const circle = { x: {} };
  circle.x.x = circle;
  assert.equal(thrown(() => engine.check(circle, { at: AT })).code, "js/value");
  assert.equal(thrown(() => engine.check(["send_at"], { at: AT })).code, thrown(() => engine.check("[]", { at: AT })).code);
});

test("a member that is undefined was not told", () => {
  const told = { send_at: AT, recipient: { opted_out: undefined, opt_in: "given" } };
  assert.equal(engine.check(told).json, engine.check({ send_at: AT, recipient: { opt_in: "given" } }).json);
});

test("big whole numbers and objects of other realms are taken", () => {
  const campaign = vm.runInNewContext("({account: {daily_limit: 10000}, send_at: new Date(0)})");
  assert.equal(engine.check({ send_at: new Date(0), account: { daily_limit: 10000n } }).json, engine.check(campaign).json);
});

test("errors have code, path and all problems", () => {
  const error = thrown(() => engine.check({ send_at: AT, account: { quality: "reed", vrified: 1 } }));
  assert.ok(error instanceof Error);
  assert.equal(error.name, "CtsError");
  assert.equal(error.problems.length, 2);
  const quality = error.problems.find((problem) => problem.path === "account.quality");
  assert.equal(quality.code, "facts/value-outside-list");
  assert.match(quality.message, /did you mean `red`\?/);
  assert.ok(error.problems.some((problem) => problem.path.includes("vrified")));
  assert.ok(error.message.endsWith(`[${error.code}]`));
});

test("options that do not exist are refused", () => {
  assert.equal(thrown(() => engine.check({ send_at: AT }, { everyrule: true })).code, "js/options");
  assert.equal(thrown(() => engine.check({ send_at: AT }, { everyRule: "yes" })).path, "everyRule");
  assert.equal(thrown(() => new Engine({ pack: [] })).code, "js/options");
  assert.equal(thrown(() => new Engine({ packs: "whatsapp" })).path, "packs");
  assert.equal(thrown(() => new Engine({ builtIn: false })).code, "js/no-pack");
  assert.equal(thrown(() => engine.explain({ send_at: AT }, { fixesMax: -1 })).path, "fixesMax");
  assert.equal(thrown(() => engine.explain({ send_at: AT }, { until: AT, timeline: false })).path, "until");
});

test("every rule is told of on request", () => {
  const few = engine.check({ send_at: AT }).findings.length;
  const all = engine.check({ send_at: AT }, { everyRule: true });
  assert.ok(all.findings.length > few);
  assert.ok(all.findings.some((finding) => finding.status === "not_applicable"));
});

test("an explanation says what would help, and from when it is clear", () => {
  const explanation = engine.explain(read("examples/turkey-2024.json"));
  assert.equal(explanation.decision.verdict, "deny");
  assert.equal(explanation.clear_from, "2024-05-15T00:00:00Z");
  assert.deepEqual(explanation.fixes.map((fix) => fix.changes.map((change) => change.path)), [["recipient"], ["send_at"]]);
  assert.match(explanation.text("pt"), /2024-05-15/);
  const short = engine.explain(read("examples/turkey-2024.json"), { timeline: false, fixesMax: 1 });
  assert.equal(short.timeline, null);
  assert.equal(short.fixes.length, 1);
  const decision = engine.check(read("examples/turkey-2024.json"));
  assert.ok(explanation.json.startsWith(`{"decision":${decision.json},`));
});

test("packs come from files, by text and by bytes", () => {
  const bytes = Object.fromEntries(Object.entries(PACK).map(([path, text]) => [path, new TextEncoder().encode(text)]));
  const pack = Pack.fromFiles(bytes);
  assert.deepEqual([pack.name, pack.version, pack.title], ["house", "1.0.0", "Rules of the house"]);
  const campaign = { send_at: AT, account: { quality: "red" } };
  const stacked = new Engine({ packs: [PACK] });
  assert.deepEqual(stacked.packs.map(({ name }) => name), ["whatsapp", "house"]);
  assert.equal(stacked.packs[1].digest, pack.digest);
  assert.equal(new Engine({ packs: [pack] }).check(campaign).json, stacked.check(campaign).json);
  const alone = new Engine({ packs: [pack], builtIn: false });
  assert.deepEqual(alone.check(campaign).findings.map(({ message }) => message), ["the rating is red"]);
  assert.ok(Pack.builtInNames().includes("whatsapp"));
  assert.equal(Pack.builtIn("whatsapp").digest, engine.packs[0].digest);
});

test("a pack with problems is refused whole, with all of them", () => {
  const bad = { ...PACK, "rules/house.toml": PACK["rules/house.toml"].replace("account.quality", "account.qualty").replace('topic = "feedback"', 'topic = "feedbak"') };
  const error = thrown(() => Pack.fromFiles(bad, { called: "mine" }));
  assert.ok(error.problems.length >= 2, error.message);
  assert.match(error.path, /^mine\/rules\/house\.toml:\d+:\d+$/);
  assert.match(thrown(() => new Engine({ packs: [bad] })).path, /^packs\[0\]\/rules/);
  assert.equal(thrown(() => new Engine({ packs: ["whatsap"] })).code, "engine/unknown-pack");
  assert.equal(thrown(() => new Engine({ packs: [7] })).code, "js/value");
  assert.equal(thrown(() => Pack.fromFiles({ "pack.toml": 7 })).path, "pack/pack.toml");
  assert.equal(thrown(() => new Pack()).code, "js/value");
});

test("directories, base documents and waivers are taken", () => {
  const own = {
    source: "our own list", retrieved_at: AT, complete: false, covers: { from: "2018-08-01", until: null },
    providers: [{ id: "acme", name: "Acme", aliases: [], domains: ["acme.example"], role: "solution_partner", listed: [{ from: "2018-08-01", until: null }], evidence: "a letter" }],
  };
  const directory = new Directory(own);
  assert.deepEqual([directory.size, directory.complete, directory.source], [1, false, "our own list"]);
  assert.equal(new Directory(JSON.stringify(own)).digest, directory.digest);
  assert.equal(new Engine({ directory: own }).directory.digest, directory.digest);
  const stacked = Directory.builtIn().stack(directory);
  assert.equal(stacked.size, Directory.builtIn().size + 1);
  assert.match(thrown(() => new Directory({ ...own, complete: 1 })).code, /^directory\//);

  const based = new Engine({ base: { account: { quality: "red" } } });
  assert.equal(based.check({ send_at: AT }).json, engine.check({ send_at: AT, account: { quality: "red" } }).json);
  assert.match(thrown(() => new Engine({ base: { recipient: {} } })).path, /^base/);

  const waivers = `[[waiver]]
rule = "whatsapp/template.not-approved"
lower_to = "review"
reason = "approved on the phone"
by = "Ana"
from = 2026-01-01
until = 2026-07-01
`;
  const campaign = { send_at: AT, campaign: { content: "template", template: { status: "rejected" } } };
  const waived = new Engine({ waivers }).check(campaign).findings.find(({ waiver }) => waiver !== null);
  assert.deepEqual([waived.rule, waived.waiver.by], ["template.not-approved", "Ana"]);
});

test("versions, digests and the schema are told", () => {
  const decision = engine.check({ send_at: AT });
  assert.equal(cts.version(), decision.engine);
  assert.equal(cts.version(), JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")).version);
  assert.deepEqual(engine.packs, decision.packs);
  assert.deepEqual(engine.directory, decision.directory);
  for (const line of [engine.packs[0].digest, engine.directory.digest]) assert.ok(read("DIGESTS").includes(line));
  assert.deepEqual(engine.campaignSchema(), JSON.parse(read("docs/reference/campaign.schema.json")));
});

test("an engine that was freed says so", () => {
  const short = new Engine();
  short.free();
  assert.throws(() => short.check({ send_at: AT }));
  assert.equal(engine.check({ send_at: AT }).verdict, "review");
});

assert.ok(INSTALLED);
