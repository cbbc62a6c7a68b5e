// The cases of `tests/cases/` and changes of the examples: the same bytes as Rust, from JSON and from
// objects.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";

import { ROOT, cts, read } from "./installed.mjs";

const answers = readFileSync(process.env.CLEARTOSEND_ANSWERS, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));

const encoder = new TextEncoder();
const engines = new Map();

/** The engine of a case; those of built-in packs alone are made once. */
function engineOf({ packs, directory }) {
  const key = JSON.stringify([packs, directory]);
  if (!engines.has(key)) {
    const options = { packs: packs.map(([name, files]) => files ?? name), builtIn: false };
    engines.set(key, new cts.Engine(directory === null ? options : { ...options, directory }));
  }
  return engines.get(key);
}

function answer(engine, campaign, at) {
  try {
    return { Ok: engine.check(campaign, at === null ? {} : { at }).json };
  } catch (error) {
    if (!(error instanceof cts.CtsError)) throw error;
    return { Err: [error.code, error.path] };
  }
}

/** The object of a document that was decided, if no number of it is rounded. */
function objectOf(document, wanted) {
  return "Err" in wanted || /\d{16}/.test(document) ? undefined : JSON.parse(document);
}

test("every case has the same answer", () => {
  assert.ok(answers.length > 400, `${answers.length} cases`);
  let decided = 0;
  for (const { name, packs, directory, document, at, answer: wanted } of answers) {
    const engine = engineOf({ packs, directory });
    const fromText = answer(engine, document, at);
    // An error without a path: here it is line and column.
    if ("Err" in wanted && wanted.Err[1] === "") wanted.Err[1] = fromText.Err?.[1];
    assert.deepEqual(fromText, wanted, name);
    assert.deepEqual(answer(engine, encoder.encode(document), at), wanted, name);
    const object = objectOf(document, wanted);
    if (object !== undefined) {
      assert.deepEqual(answer(engine, object, at), wanted, name);
      decided += 1;
    }
  }
  assert.ok(decided > 100, `${decided} decisions`);
});

test("a judgement has the verdict and the rules of the decision", () => {
  const engine = new cts.Engine();
  for (const name of examples()) {
    const decision = engine.check(read(`examples/${name}`));
    const { verdict, rules } = engine.judge(read(`examples/${name}`));
    assert.equal(verdict, decision.verdict, name);
    const told = decision.findings.map(({ pack, rule, status, verdict }) => ({ pack, rule, status, verdict }));
    assert.deepEqual(rules, told, name);
  }
});

test("the examples have the golden decisions", () => {
  const engine = new cts.Engine();
  for (const name of examples()) {
    const decision = engine.check(read(`examples/${name}`));
    assert.equal(decision.json, JSON.stringify(JSON.parse(read(`tests/golden/${name}`))), name);
    assert.deepEqual({ ...decision }, JSON.parse(decision.json), name);
  }
});

function examples() {
  const golden = readdirSync(new URL("tests/golden/", ROOT));
  const names = readdirSync(new URL("examples/", ROOT)).filter((name) => golden.includes(name));
  assert.ok(names.length > 8);
  return names;
}
