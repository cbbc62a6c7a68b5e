// The playground in a real browser, as a file and as from a host of files.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import test, { after, before } from "node:test";
import { pathToFileURL } from "node:url";

import { fits, launched, opened as openedBy } from "./browser.mjs";

const FOLDER = process.env.CLEARTOSEND_PLAYGROUND;
const SHOTS = process.env.CLEARTOSEND_SHOTS;
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
let browser;
let server;

before(async () => {
  browser = await launched();
  server = createServer((request, response) => {
    const name = request.url === "/" ? "index.html" : request.url.slice(1);
    try {
      response.setHeader("Content-Type", TYPES[extname(name)] ?? "application/octet-stream");
      response.end(readFileSync(join(FOLDER, name)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** The page, once it has its first answer. */
async function opened(address, options) {
  const found = await openedBy(browser, address, options);
  await found.page.waitForFunction(() => /^(ALLOW|REVIEW|DENY)/.test(document.getElementById("verdict").textContent), null, { timeout: 60_000 });
  return found;
}

const verdict = (page) => page.locator("#verdict").textContent();
const changed = (page, word) => page.waitForFunction((word) => document.getElementById("verdict").textContent.startsWith(word), word);

async function used({ page, asked, wrong }, address) {
  assert.match(await verdict(page), /^DENY/);
  await page.waitForSelector("#explanation ol li");
  assert.match(await page.locator("#page").textContent(), /^DENY {2}not clear to send/);
  assert.match(await page.locator("#explanation").textContent(), /leave this recipient out/);

  // Another day, by the slider's keys.
  await page.locator("#slider").press("ArrowRight");
  await changed(page, "ALLOW");
  assert.equal(await page.locator("#day").inputValue(), "2024-05-15");
  await page.locator("#own-day").click();
  await changed(page, "DENY");

  // Another document, by hand.
  const text = await page.locator("#document").inputValue();
  await page.locator("#document").fill(text.replace("+905321234567", "+34600000000"));
  await page.waitForFunction(() => !document.getElementById("findings").textContent.includes("turkey-barred"));
  await page.locator("#document").fill(text.replace('"send_at"', '"send_att"'));
  await changed(page, "No answer");
  assert.match(await page.locator("#problems").textContent(), /send_att/);
  assert.equal(await page.locator("#document").getAttribute("aria-invalid"), "true");

  // Other rules.
  await page.locator("#example").selectOption("A clean campaign");
  await changed(page, "ALLOW");
  await page.locator("#own > summary").click();
  await page.locator("#rules").fill("[[rule]]\nid = \"timing.x\"");
  await changed(page, "No answer: the rules");
  await page.locator("#rules-example").click();
  await page.waitForFunction(() => document.getElementById("made").textContent.includes("own 1.0.0"));
  await page.locator("#day").fill("2026-03-03");
  await page.locator("#lang").selectOption("es");
  await page.waitForFunction(() => /Cuándo|cuándo|clara|envi/.test(document.getElementById("page").textContent));

  const base = address.slice(0, address.lastIndexOf("/") + 1);
  assert.deepEqual(asked.filter((url) => !url.startsWith(base) && !url.startsWith("data:")), []);
  assert.ok(asked.filter((url) => !url.startsWith("data:")).length <= 3, asked.join());
  assert.deepEqual(wrong, []);
}

test("the page works as a file, and asks for nothing but its own two files", async () => {
  const address = pathToFileURL(join(FOLDER, "index.html")).href;
  await used(await opened(address), address);
});

test("the page works from a host of files", async () => {
  const address = `http://127.0.0.1:${server.address().port}/`;
  await used(await opened(address), address);
});

test("nothing is wider than the window, in either scheme", async () => {
  const address = pathToFileURL(join(FOLDER, "index.html")).href;
  for (const width of [360, 820, 1400]) {
    for (const colorScheme of ["light", "dark"]) {
      const { page } = await opened(address, { viewport: { width, height: 900 }, colorScheme });
      await page.waitForSelector("#explanation ol li");
      await fits(page, `${width} ${colorScheme}`);
      const unnamed = await page.evaluate(() =>
        [...document.querySelectorAll("input, select, textarea, button")].filter((field) => !field.labels?.length && !field.textContent.trim()).map((field) => field.id),
      );
      assert.deepEqual(unnamed, []);
      if (SHOTS) await page.screenshot({ path: join(SHOTS, `playground-${width}-${colorScheme}.png`), fullPage: true });
      await page.context().close();
    }
  }
});
