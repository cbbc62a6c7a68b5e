// Edge workers compile modules when they are deployed, and never from bytes.
import module from "./cleartosend.wasm";

import { start } from "./bare.js";

start(module);

export * from "./engine.js";
