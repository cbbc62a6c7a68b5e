// Becomes `node.cjs`, which holds all but the module.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { start } from "./bare.js";

start(readFileSync(join(__dirname, "cleartosend.wasm")));

export * from "./engine.js";
