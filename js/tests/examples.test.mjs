// What the guide and the examples show, run as they stand.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { INSTALLED, PACKAGE, ROOT, cts, read, require } from "./installed.mjs";

const folder = join(INSTALLED, "examples");
mkdirSync(folder, { recursive: true });
cpSync(fileURLToPath(new URL("examples/javascript/", ROOT)), folder, { recursive: true });

const run = (name) => execFileSync(process.execPath, [join(folder, name)], { encoding: "utf8", cwd: fileURLToPath(ROOT) });

/** The fences of a page, with their languages. */
function fences(page) {
  return [...read(page).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({ language, text }));
}

test("each program of the guide prints what stands below it", () => {
  const shown = fences("docs/guides/javascript.md");
  let ran = 0;
  shown.forEach(({ language, text }, place) => {
    const printed = shown[place + 1];
    if (language !== "js" || printed?.language !== "text") return;
    const name = `guide-${place}.mjs`;
    writeFileSync(join(folder, name), text);
    assert.equal(run(name), printed.text, text);
    ran += 1;
  });
  assert.ok(ran >= 4, `${ran} programs ran`);
});

test("the examples run", () => {
  assert.match(run("first-check.mjs"), /^deny false\n\[ 'consent.opted-out' \]/);
  const screened = run("screen.mjs");
  assert.match(screened, /allow: 1, review: 1, deny: 1/);
  assert.match(screened, /found `34 600 000 003`/);
});

/** The worker, with the module as the host of workers hands it over. */
async function worker() {
  const host = join(INSTALLED, "worker");
  cpSync(PACKAGE, host, { recursive: true });
  const module = "import { readFileSync } from 'node:fs';\nexport default new WebAssembly.Module(readFileSync(new URL('./cleartosend.wasm', import.meta.url)));\n";
  writeFileSync(join(host, "module.js"), module);
  const entry = readFileSync(join(host, "worker.js"), "utf8").replace("./cleartosend.wasm", "./module.js");
  writeFileSync(join(host, "worker.js"), entry);
  const source = readFileSync(join(folder, "worker.mjs"), "utf8").replace('"cleartosend"', '"./worker.js"');
  writeFileSync(join(host, "gate.js"), source);
  return (await import(pathToFileURL(join(host, "gate.js")).href)).default;
}

test("the worker answers with decisions", async () => {
  const gate = await worker();
  const post = (body) => gate.fetch(new Request("https://gate.example/", { method: "POST", body }));
  const clear = await post(read("examples/clean-campaign.json"));
  assert.equal(clear.status, 200);
  assert.equal(await clear.text(), new cts.Engine().check(read("examples/clean-campaign.json")).json);
  assert.equal((await post(read("examples/turkey-2024.json"))).status, 403);
  const bad = await post('{"send_at": "today"}');
  assert.equal(bad.status, 422);
  assert.equal((await bad.json()).problems[0].path, "send_at");
  assert.equal((await gate.fetch(new Request("https://gate.example/"))).status, 405);
});

test("the code of the n8n node parts contacts", () => {
  const campaign = JSON.parse(read("examples/campaign-only.json"));
  const contacts = [
    { phone: "+34600000001", opt_in: true, opt_in_at: "2025-06-14T09:30:00Z", unsubscribed: false, sent_today: 0 },
    { phone: "+34600000002", opt_in: true, opt_in_at: "2025-06-14T09:30:00Z", unsubscribed: true, sent_today: 0 },
  ].map((json) => ({ json }));
  const node = new Function("require", "$input", "$", "$now", readFileSync(join(folder, "n8n-code-node.js"), "utf8"));
  const items = node(require, { all: () => contacts }, () => ({ first: () => ({ json: campaign }) }), new Date());
  assert.deepEqual(items.map(({ json, pairedItem }) => [json.phone, json.verdict, pairedItem]), [
    ["+34600000001", "allow", 0],
    ["+34600000002", "deny", 1],
  ]);
});
