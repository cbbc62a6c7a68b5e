// A browser for tests of pages: what it is started with, and what a page is held to.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";

import { chromium } from "playwright-core";

// Only what the page asks for is to be seen, and nothing that a browser asks for itself.
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** The browser that `CLEARTOSEND_BROWSER` names. */
export function launched() {
  const executablePath = execFileSync("which", [process.env.CLEARTOSEND_BROWSER], { encoding: "utf8" }).trim();
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A page with what it asked for and what went wrong. */
export async function opened(browser, address, options = {}) {
  const page = await (await browser.newContext(options)).newPage();
  const asked = [];
  const wrong = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  await page.goto(address);
  return { page, asked, wrong };
}

/** Nothing is wider than the window. */
export async function fits(page, what) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(over, 0, what);
}

/**
 * Every text with too little contrast to what is behind it, by WCAG 2.1, 1.4.3: 4.5, or 3 where it is large; and every edge of a chart with
 * less than 3, by 1.4.11.
 */
export function tooFaint(page) {
  return page.evaluate(() => {
    // Colours in whatever notation, as the browser paints them.
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const painted = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = ([red, green, blue]) => {
      const [r, g, b] = [red, green, blue].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one, other) => {
      const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    };
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const colour = painted(getComputedStyle(at).backgroundColor);
        if (colour[3] === 255) return colour;
      }
      return [255, 255, 255, 255];
    };
    const seen = new Map();
    const note = (element, colour, ground, least, what) => {
      const ratio = contrast(painted(colour), ground);
      if (ratio < least) seen.set(`${element.tagName} ${element.className.baseVal ?? element.className}: ${ratio.toFixed(2)}`, what);
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || element.closest("svg, style")) continue;
      const style = getComputedStyle(element);
      const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
      note(element, style.color, behind(element), large ? 3 : 4.5, walker.currentNode.data.trim().slice(0, 40));
    }
    for (const shape of document.querySelectorAll("svg rect")) note(shape, getComputedStyle(shape).stroke, behind(shape.closest("svg")), 3, "an edge");
    return [...seen].map(([where, what]) => `${where}: ${what}`);
  });
}

/** How far two pictures are from each other: the share of cells of 8 × 8 pixels whose mean colour differs by more than 24 of 255. */
export function difference(page, one, other) {
  return page.evaluate(
    async ([one, other]) => {
      const CELL = 8;
      const FAR = 24;
      const picture = async (bytes) => {
        const image = new Image();
        image.src = `data:image/png;base64,${bytes}`;
        await image.decode();
        return image;
      };
      const [first, second] = [await picture(one), await picture(other)];
      const [width, height] = [Math.ceil(first.width / CELL), Math.ceil(first.height / CELL)];
      const cells = (image) => {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [width, height];
        const context = canvas.getContext("2d");
        context.imageSmoothingQuality = "high";
        context.drawImage(image, 0, 0, image.width / CELL, image.height / CELL);
        return context.getImageData(0, 0, width, height).data;
      };
      if (first.width !== second.width || Math.abs(first.height - second.height) > first.height / 20) return 1;
      const [a, b] = [cells(first), cells(second)];
      let far = 0;
      for (let at = 0; at < a.length; at += 4) far += [0, 1, 2].some((part) => Math.abs(a[at + part] - b[at + part]) > FAR);
      return far / (a.length / 4);
    },
    [one.toString("base64"), other.toString("base64")],
  );
}
