import { readFileSync } from "node:fs";

import { start } from "./bare.js";

start(readFileSync(new URL("./cleartosend.wasm", import.meta.url)));

export * from "./engine.js";
