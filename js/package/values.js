// What a caller hands over becomes the bytes of JSON, exactly or not at all.

import { CtsError } from "./errors.js";

/** Deeper than any document that the engine reads. */
const DEPTH_MAX = 64;

const encoder = new TextEncoder();

/** The bytes of a document: a text or bytes of JSON, or an object that JSON can hold. */
export function bytesOf(value, path) {
  if (typeof value === "string") {
    if (hasLoneSurrogate(value)) refuse(path, "a text with half of a surrogate pair", "text of Unicode");
    return encoder.encode(value);
  }
  const bytes = rawBytes(value);
  return bytes ?? encoder.encode(jsonOf(value, path, 0));
}

/** The bytes that a value is, if it is bytes. */
export function rawBytes(value) {
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (tagOf(value) === "ArrayBuffer") return new Uint8Array(value);
  return undefined;
}

/** The text of an instant; none if there is none. */
export function instantOf(value, path) {
  if (value === undefined) return undefined;
  if (typeof value === "string") return value;
  const text = value !== null && typeof value === "object" ? textOf(value, path) : undefined;
  return text ?? refuse(path, described(value), "a `Date`, or text as RFC 3339 has it");
}

/** The JSON of a value. What JSON would drop or change is refused. */
export function jsonOf(value, path, depth) {
  switch (typeof value) {
    case "string":
    case "boolean":
      return JSON.stringify(value);
    case "number":
      return Number.isFinite(value) ? JSON.stringify(value) : refuse(path, String(value), "a number");
    case "bigint":
      return String(value);
    case "object":
      break;
    default:
      refuse(path, described(value), "what JSON can hold; leave out what is not known");
  }
  if (value === null) return "null";
  if (depth > DEPTH_MAX) refuse(path, "objects in each other without an end", "a document");
  if (Array.isArray(value)) {
    const items = Array.from(value, (item, place) => jsonOf(item, `${path}[${place}]`, depth + 1));
    return `[${items.join(",")}]`;
  }
  const text = textOf(value, path);
  if (text !== undefined) return JSON.stringify(text);
  if (!isPlain(value)) refuse(path, described(value), "a plain object, an array, a `Date` or a value");
  const members = [];
  for (const name of Object.keys(value)) {
    const member = value[name];
    // As with an optional property: it was not given.
    if (member === undefined) continue;
    const within = path === "" ? name : `${path}.${name}`;
    members.push(`${JSON.stringify(name)}:${jsonOf(member, within, depth + 1)}`);
  }
  return `{${members.join(",")}}`;
}

/** Refuses options that do not exist. */
export function optionsOf(options, known, path) {
  if (options === undefined) return {};
  if (options === null || typeof options !== "object" || Array.isArray(options)) {
    throw new CtsError({ code: "js/options", path, message: `found ${described(options)}, expected an object` });
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      const message = `there is no option \`${name}\`; expected one of ${known.join(", ")}`;
      throw new CtsError({ code: "js/options", path, message });
    }
  }
  return options;
}

/** A boolean option. */
export function flagOf(value, fallback, path) {
  if (value === undefined) return fallback;
  if (typeof value === "boolean") return value;
  throw new CtsError({ code: "js/options", path, message: `found ${described(value)}, expected true or false` });
}

/** What was found, in words. */
export function described(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value !== "object") return typeof value === "undefined" ? "nothing" : `a ${typeof value}`;
  const name = value.constructor?.name;
  return name && name !== "Object" ? `an object of class \`${name}\`` : "an object";
}

/** The text that an object stands for, as instants do; none if it stands for itself. */
function textOf(value, path) {
  if (tagOf(value) === "Date" && Number.isNaN(value.getTime())) {
    refuse(path, "a `Date` that is no instant", "an instant, or null where there is none");
  }
  if (typeof value.toJSON !== "function") return undefined;
  const text = value.toJSON();
  return typeof text === "string" ? text : refuse(path, described(value), "an object that stands for a text");
}

/** Whether an object is a plain one. It may be of another realm than this code. */
function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function tagOf(value) {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function hasLoneSurrogate(text) {
  return /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}

function refuse(path, found, expected) {
  throw new CtsError({ code: "js/value", path, message: `found ${found}, expected ${expected}` });
}
