import { start } from "./bare.js";

const place = new URL("./cleartosend.wasm", import.meta.url);
const response = await fetch(place);
if (!response.ok) throw new Error(`${place} was not loaded: ${response.status}`);
start(await WebAssembly.compile(await response.arrayBuffer()));

export * from "./engine.js";
