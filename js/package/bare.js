/**
 * The engine, for hosts that load WebAssembly in a way of their own: `start` it with the module or
 * its bytes before anything else. The package's other entries have done so.
 */
import { initSync } from "./glue.js";

export * from "./engine.js";

/** Starts the engine with a `WebAssembly.Module` or the bytes of `cleartosend.wasm`. */
export function start(module) {
  initSync({ module });
}
