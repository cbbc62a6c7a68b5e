// The classes of the package. They translate; what decides is the module.

import { CtsError, asked } from "./errors.js";
import * as glue from "./glue.js";
import { bytesOf, described, flagOf, instantOf, jsonOf, optionsOf, rawBytes } from "./values.js";

export { CtsError };

const encoder = new TextEncoder();
// What only the engine may do with packs and directories, which keep theirs to themselves.
let addPack;
let addDirectory;

/** The version of the engine. */
export function version() {
  return glue.version();
}

/** Members of a document as properties of an object that nobody changes. */
function told(object, json) {
  Object.assign(object, frozen(JSON.parse(json)));
  Object.defineProperty(object, "json", { value: json });
  return Object.freeze(object);
}

function frozen(value) {
  if (value !== null && typeof value === "object") {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

/** A document with a page for people, which is written when it is asked for. */
class Answer {
  #text;

  constructor(json, text) {
    this.#text = text;
    told(this, json);
  }

  /** The answer as a page for people, in English (`en`), Spanish (`es`) or Portuguese (`pt`). */
  text(lang = "en") {
    return asked(() => this.#text(String(lang)));
  }

  toString() {
    return this.text();
  }
}

/** What a check concludes. Every object is true: ask `allowed`, or compare `verdict`. */
export class Decision extends Answer {
  /** Whether the verdict is `allow`. */
  get allowed() {
    return this.verdict === "allow";
  }
}

/** Why, and what would help. */
export class Explanation extends Answer {}

/** What was found of a whole audience. */
export class Summary extends Answer {}

/** Dated, cited rules, read and checked. */
export class Pack {
  #pack;

  /** @private Use `Pack.fromFiles` or `Pack.builtIn`. */
  constructor(pack) {
    if (!(pack instanceof glue.Pack)) {
      throw new CtsError({ code: "js/value", message: "a pack is made by `Pack.fromFiles` or `Pack.builtIn`" });
    }
    this.#pack = pack;
  }

  /** Reads a pack from its files: text or bytes by path, such as `pack.toml`, `rules/consent.toml`. */
  static fromFiles(files, options) {
    const { called = "pack" } = optionsOf(options, ["called"], "options");
    return new Pack(asked(() => glue.Pack.load(String(called), filesOf(files, String(called)))));
  }

  /** A built-in pack by its name. */
  static builtIn(name) {
    return new Pack(asked(() => glue.Pack.builtIn(String(name))));
  }

  /** The names of the built-in packs. */
  static builtInNames() {
    return glue.builtInPackNames();
  }

  get name() {
    return this.#pack.name;
  }

  get version() {
    return this.#pack.version;
  }

  get title() {
    return this.#pack.title;
  }

  get digest() {
    return this.#pack.digest;
  }

  static {
    addPack = (builder, pack) => builder.pack(pack.#pack);
  }
}

/** A dated snapshot of the list of solution providers. */
export class Directory {
  #directory;

  /** Reads a directory: bytes or text of its JSON, or the object. */
  constructor(document) {
    this.#directory =
      document instanceof glue.Directory
        ? document
        : asked(() => glue.Directory.fromJson(bytesOf(document, "directory")));
  }

  /** The dated sample that ships with the engine. */
  static builtIn() {
    return new Directory(asked(() => glue.Directory.builtIn()));
  }

  /** This directory with your own on top, of providers that you vetted. */
  stack(own) {
    const top = own instanceof Directory ? own : new Directory(own);
    return new Directory(asked(() => this.#directory.stack(top.#directory)));
  }

  get source() {
    return this.#directory.source;
  }

  get retrieved_at() {
    return this.#directory.retrievedAt;
  }

  get complete() {
    return this.#directory.complete;
  }

  get digest() {
    return this.#directory.digest;
  }

  /** How many providers it names. */
  get size() {
    return this.#directory.size;
  }

  static {
    addDirectory = (builder, directory) => builder.directory(directory.#directory);
  }
}

/** Packs and a directory, ready to judge campaigns. It never changes: make it once and share it. */
export class Engine {
  #engine;
  #made;

  /** An engine of the built-in pack and directory, or of what is named instead. */
  constructor(options) {
    const known = ["packs", "directory", "builtIn", "base", "waivers"];
    const { packs = [], directory, builtIn, base, waivers } = optionsOf(options, known, "options");
    if (!Array.isArray(packs)) {
      throw new CtsError({ code: "js/options", path: "packs", message: `found ${described(packs)}, expected an array` });
    }
    const hasBuiltIn = flagOf(builtIn, true, "builtIn");
    if (!hasBuiltIn && packs.length === 0) {
      const message = "no pack was named: an engine without rules would allow everything";
      throw new CtsError({ code: "js/no-pack", path: "packs", message });
    }
    const builder = new glue.EngineBuilder();
    if (!hasBuiltIn) builder.withoutBuiltIn();
    packs.forEach((pack, place) => {
      if (typeof pack === "string") builder.builtInPack(pack);
      else if (pack instanceof Pack) addPack(builder, pack);
      else builder.files(`packs[${place}]`, filesOf(pack, `packs[${place}]`));
    });
    if (directory !== undefined) {
      addDirectory(builder, directory instanceof Directory ? directory : new Directory(directory));
    }
    if (base !== undefined) builder.base(bytesOf(base, "base"));
    if (waivers !== undefined) builder.waivers("waivers", fileOf(waivers, "waivers"));
    this.#engine = asked(() => builder.build());
    this.#made = frozen(JSON.parse(asked(() => this.#engine.made())));
  }

  /** Judges a campaign: JSON as text or bytes, or an object. */
  check(campaign, options) {
    const { at, everyRule } = optionsOf(options, ["at", "everyRule"], "options");
    const call = [bytesOf(campaign, ""), instantOf(at, "at"), flagOf(everyRule, false, "everyRule")];
    const json = asked(() => this.#engine.check(...call));
    return new Decision(json, (lang) => this.#engine.checkText(...call, lang));
  }

  /** Judges a campaign as `check` does, and gives the verdict and the rules behind it alone. */
  judge(campaign, options) {
    const { at } = optionsOf(options, ["at"], "options");
    const call = [bytesOf(campaign, ""), instantOf(at, "at")];
    return frozen(JSON.parse(asked(() => this.#engine.judge(...call))));
  }

  /** Explains a campaign: the decision, a checklist, what would help, from when, what to supply. */
  explain(campaign, options) {
    const known = ["at", "until", "fixesMax", "timeline"];
    const { at, until, fixesMax, timeline } = optionsOf(options, known, "options");
    if (fixesMax !== undefined && !(Number.isInteger(fixesMax) && fixesMax >= 0 && fixesMax <= 1e6)) {
      const message = `found ${typeof fixesMax === "number" ? fixesMax : described(fixesMax)}, expected how many, from 0`;
      throw new CtsError({ code: "js/options", path: "fixesMax", message });
    }
    if (until !== undefined && timeline === false) {
      const message = "found a timestamp, but there is to be no timeline; leave out one of both";
      throw new CtsError({ code: "js/options", path: "until", message });
    }
    const call = [
      bytesOf(campaign, ""),
      instantOf(at, "at"),
      instantOf(until, "until"),
      fixesMax,
      flagOf(timeline, true, "timeline"),
    ];
    const json = asked(() => this.#engine.explain(...call));
    return new Explanation(json, (lang) => this.#engine.explainText(...call, lang));
  }

  /**
   * Judges a campaign for every row of an audience, each as `check` would judge it. Rows are objects
   * with members by path, `{"recipient.phone": …}`, or within each other, `{recipient: {phone: …}}`.
   */
  screen(campaign, rows, options) {
    const known = ["at", "keep", "ignore", "names", "leftOutIsNull"];
    const asks = optionsOf(options, known, "options");
    if (!Array.isArray(rows)) {
      throw new CtsError({ code: "js/rows", path: "rows", message: `found ${described(rows)}, expected an array` });
    }
    const { keep = [], ignore = [], names = {} } = asks;
    const leftOutIsNull = flagOf(asks.leftOutIsNull, false, "leftOutIsNull");
    // Without rows there are no members.
    const columns = rows.length === 0 ? { keep: [], ignore: [], names: {} } : { keep, ignore, names };
    const screening = asked(() =>
      this.#engine.screen(
        bytesOf(campaign, ""),
        instantOf(asks.at, "at"),
        encoder.encode(jsonOf(rows, "", 0)),
        jsonOf({ ...columns, leftOutIsNull }, "options", 0),
      ),
    );
    const judged = JSON.parse(screening.takeRows());
    judged.forEach((row, place) => {
      for (const name of keep) row[name] = memberOf(rows[place], name);
    });
    return Object.freeze({
      rows: judged,
      summary: new Summary(screening.summary, (lang) => screening.text(lang)),
    });
  }

  /** Names, versions and digests of the packs, as decisions name them. */
  get packs() {
    return this.#made.packs;
  }

  /** What the directory is, as decisions name it. */
  get directory() {
    return this.#made.directory;
  }

  /** The JSON Schema of campaign documents, with the members that the packs declare. */
  campaignSchema() {
    return JSON.parse(asked(() => this.#engine.campaignSchema()));
  }

  /** Gives the memory back now, rather than when the engine is collected. */
  free() {
    this.#engine.free();
  }
}

/** The value of a member of a row, by its path. */
function memberOf(row, path) {
  if (Object.hasOwn(row, path)) return row[path];
  let value = row;
  for (const name of path.split(".")) value = value?.[name];
  return value;
}

/** The files of a pack. */
function filesOf(files, called) {
  if (files === null || typeof files !== "object" || Array.isArray(files) || rawBytes(files)) {
    const message = `found ${described(files)}, expected the name of a built-in pack, a \`Pack\`, or files by path`;
    throw new CtsError({ code: "js/value", path: called, message });
  }
  const gathered = new glue.PackFiles();
  for (const [path, content] of Object.entries(files)) gathered.add(path, fileOf(content, `${called}/${path}`));
  return gathered;
}

function fileOf(content, path) {
  if (typeof content === "string") return bytesOf(content, path);
  const bytes = rawBytes(content);
  if (bytes === undefined) {
    throw new CtsError({ code: "js/value", path, message: `found ${described(content)}, expected text or bytes` });
  }
  return bytes;
}
