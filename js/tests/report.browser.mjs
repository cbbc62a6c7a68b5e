// Reports in a real browser, as an officer sees them: on a telephone, on a screen, in the dark, and on paper.
//
// `CLEARTOSEND_REPORTS` is a folder of pages; `CLEARTOSEND_SHOTS`, if given, one for pictures of them.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { difference, fits, launched, opened as openedBy, tooFaint } from "./browser.mjs";

const FOLDER = process.env.CLEARTOSEND_REPORTS;
const SHOTS = process.env.CLEARTOSEND_SHOTS;
const PAGES = readdirSync(FOLDER).filter((name) => name.endsWith(".html"));
const WIDTHS = [360, 768, 1280];
/** Of these the first window is compared with a picture of before. */
const GOLDEN = ["spring-sale", "audience", "month"];
/** Cells that may differ: letters are drawn a little differently by each release of a browser. */
const FAR_MAX = 0.04;
/** The font of the pictures: without it they say nothing. */
const FONT = "DejaVu Sans";
let browser;

before(async () => {
  browser = await launched();
});

after(() => browser?.close());

const opened = (name, options) => openedBy(browser, pathToFileURL(join(FOLDER, name)).href, options);

test("there are pages", () => assert.ok(PAGES.length >= 8, PAGES.join()));

test("what is wrong with a page is found", async () => {
  const { page } = await openedBy(browser, "about:blank", { viewport: { width: 360, height: 600 } });
  await page.setContent('<body><p style="color: #999; background: #fff">faint</p><p style="width: 500px">wide</p><svg><rect class="x" style="stroke: #eee" width="9" height="9"/></svg>');
  await assert.rejects(() => fits(page, "too wide"), /too wide/);
  const faint = await tooFaint(page);
  assert.equal(faint.length, 2, faint.join());
  assert.match(faint[0], /^P : 2\.8\d: faint$/);
  const shot = await page.screenshot();
  assert.equal(await difference(page, shot, shot), 0);
  await page.setContent("<body style='background: #345'>");
  assert.ok((await difference(page, shot, await page.screenshot())) > FAR_MAX);
  await page.context().close();
});

for (const name of PAGES) {
  test(`${name}: asks for nothing else, and holds no script`, async () => {
    const { page, asked, wrong } = await opened(name);
    assert.equal(asked.length, 1, asked.join());
    assert.deepEqual(wrong, []);
    const found = await page.evaluate(() => ({
      scripts: document.scripts.length,
      handlers: [...document.querySelectorAll("*")].flatMap((element) => [...element.attributes]).filter(({ name }) => name.startsWith("on")).length,
      others: document.querySelectorAll("img, link, iframe, object, embed, video, audio, form, base").length,
    }));
    assert.deepEqual(found, { scripts: 0, handlers: 0, others: 0 });
    const text = await page.locator("body").innerText();
    await page.context().close();
    const without = await opened(name, { javaScriptEnabled: false });
    assert.equal(await without.page.locator("body").innerText(), text);
    await without.page.context().close();
  });

  test(`${name}: fits and can be read at every width, by day and by night`, async () => {
    for (const width of WIDTHS) {
      for (const colorScheme of ["light", "dark"]) {
        const { page } = await opened(name, { viewport: { width, height: 900 }, colorScheme });
        await fits(page, `${width} ${colorScheme}`);
        assert.deepEqual(await tooFaint(page), [], `${width} ${colorScheme}`);
        const smallest = await page.evaluate(() => {
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          let least = Infinity;
          while (walker.nextNode()) {
            const element = walker.currentNode.parentElement;
            if (walker.currentNode.data.trim() && !element.closest("title, style")) least = Math.min(least, parseFloat(getComputedStyle(element).fontSize));
          }
          return least;
        });
        assert.ok(smallest >= 11, `${width}: letters of ${smallest} px`);
        if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}-${width}-${colorScheme}.png`), clip: { x: 0, y: 0, width, height: 2400 }, fullPage: true });
        await page.context().close();
      }
    }
  });

  test(`${name}: says in words what it shows, in an order that can be heard`, async () => {
    const { page } = await opened(name);
    const found = await page.evaluate(() => ({
      lang: document.documentElement.lang,
      title: document.title,
      // Every chart has a text of its own, and so has every shape in it.
      charts: [...document.querySelectorAll("svg")].filter((chart) => chart.getAttribute("role") !== "img" || !/\d/.test(chart.getAttribute("aria-label") ?? "")).length,
      shapes: [...document.querySelectorAll("svg rect")].filter((shape) => !(shape.querySelector("title") ?? shape.parentElement.querySelector("title"))?.textContent).length,
      headings: [...document.querySelectorAll("h1, h2, h3, h4")].map((heading) => Number(heading.tagName[1])),
      empty: [...document.querySelectorAll("h1, h2, h3, th, a")].filter((element) => !element.textContent.trim()).length,
      lost: [...document.querySelectorAll('a[href^="#"]')].filter((link) => !document.getElementById(link.getAttribute("href").slice(1))).length,
    }));
    assert.match(found.lang, /^(en|es|pt)$/);
    assert.ok(found.title);
    const { headings } = found;
    assert.equal(headings.filter((level) => level === 1).length, 1);
    assert.ok(headings.every((level, at) => at === 0 || level <= headings[at - 1] + 1), headings.join());
    assert.deepEqual([found.charts, found.shapes, found.empty, found.lost], [0, 0, 0, 0]);
    await page.context().close();
  });

  test(`${name}: comes out whole on paper`, async () => {
    for (const [format, inches] of [["A4", 8.27], ["Letter", 8.5]]) {
      // What is between the margins of 15 mm on both sides.
      const width = Math.floor((inches - 30 / 25.4) * 96);
      const { page } = await opened(name, { viewport: { width, height: 1000 }, colorScheme: "dark" });
      await page.emulateMedia({ media: "print" });
      await fits(page, format);
      const cut = await page.evaluate(() => [...document.querySelectorAll(".table")].filter((table) => table.scrollWidth > table.clientWidth + 1).map((table) => table.textContent.slice(0, 40)));
      assert.deepEqual(cut, [], format);
      assert.deepEqual(await tooFaint(page), [], format);
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(paper, "rgb(255, 255, 255)", "paper is white, whatever the screen is");
      const pdf = await page.pdf({ format, path: SHOTS && join(SHOTS, `${name}-${format}.pdf`) });
      const text = pdf.toString("latin1");
      const pages = text.match(/\/Type \/Page\b/g)?.length ?? 0;
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      assert.ok(pages >= Math.max(1, Math.floor(height / 1100)), `${pages} pages of ${height} px`);
      assert.ok([...text.matchAll(/\/MediaBox \[0 0 ([\d.]+)/g)].every(([, points]) => Math.abs(points / 72 - inches) < 0.05), "another paper");
      await page.context().close();
    }
  });
}

for (const name of GOLDEN) {
  test(`${name}.html looks as it did`, async (context) => {
    const { page } = await opened(`${name}.html`, { viewport: { width: 768, height: 1100 }, colorScheme: "light" });
    const has = await page.evaluate((font) => {
      const context = document.createElement("canvas").getContext("2d");
      const width = (family) => ((context.font = `40px ${family}`), context.measureText("Clear to send 2026").width);
      return width(`"${font}", monospace`) !== width("monospace");
    }, FONT);
    if (!has) return context.skip(`for want of the font ${FONT}`);
    await page.addStyleTag({ content: `.report { font-family: "${FONT}" !important } .report code { font-family: "${FONT} Mono" !important }` });
    const shot = await page.screenshot();
    await page.context().close();
    const place = fileURLToPath(new URL(`report/${name}.png`, import.meta.url));
    if (process.env.BLESS) writeFileSync(place, shot);
    assert.ok(existsSync(place), "no picture; BLESS=1 makes it");
    const blank = await openedBy(browser, "about:blank");
    const far = await difference(blank.page, readFileSync(place), shot);
    await blank.page.context().close();
    assert.ok(far <= FAR_MAX, `${(far * 100).toFixed(1)} % of the picture is another; BLESS=1 takes it`);
  });
}
