// The package as it was installed.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export const INSTALLED = process.env.CLEARTOSEND_INSTALLED;
if (!INSTALLED) throw new Error("CLEARTOSEND_INSTALLED names no folder; `cargo xtask js` makes it");

/** The folder of the package. */
export const PACKAGE = join(INSTALLED, "node_modules/cleartosend");

export const cts = await import(pathToFileURL(join(INSTALLED, "entry.mjs")).href);

export const require = createRequire(join(INSTALLED, "entry.cjs"));

export const ROOT = new URL("../../", import.meta.url);

export const read = (path) => readFileSync(new URL(path, ROOT), "utf8");

/** What a call throws. */
export function thrown(call) {
  try {
    call();
  } catch (error) {
    if (error instanceof cts.CtsError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
