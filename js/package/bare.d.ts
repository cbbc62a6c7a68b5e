export * from "./index.js";

/** Starts the engine with a `WebAssembly.Module` or the bytes of `cleartosend.wasm`. */
export function start(module: WebAssembly.Module | ArrayBuffer | Uint8Array): void;
