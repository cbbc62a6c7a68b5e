export type Verdict = "allow" | "review" | "deny";
export type FindingVerdict = "allow" | "note" | "review" | "deny";
export type Status = "not_applicable" | "satisfied" | "violated" | "undetermined";
export type Scope = "campaign" | "recipient";
/** English, Spanish or Portuguese. */
export type Lang = "en" | "es" | "pt";

/** A campaign document: an object, or the text or bytes of its JSON. */
export type Campaign = CampaignDocument | string | Uint8Array | ArrayBuffer;

/** The version of the engine. */
export function version(): string;

/** One thing that is wrong with a call. */
export interface Problem {
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly help?: string;
}

/** What is wrong with a call. What is wrong with a campaign is a finding. */
export class CtsError extends Error {
  private constructor();
  /** A stable name, such as `facts/value-outside-list`. */
  readonly code: string;
  /** Where: a member's path, a pack's file with line and column, an argument. */
  readonly path: string;
  /** What is wrong, without place and code. */
  readonly reason: string;
  readonly help?: string;
  /** All that is wrong, this first. */
  readonly problems: readonly Problem[];
}

export interface Source {
  readonly title: string;
  readonly url: string;
  readonly section: string | null;
  readonly retrieved: string;
}

export interface Finding {
  readonly pack: string;
  readonly rule: string;
  readonly topic: string;
  readonly status: Status;
  readonly verdict: FindingVerdict;
  readonly title: string;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly missing: readonly string[];
  readonly exposure: readonly string[];
  readonly advice: string | null;
  readonly source: Source | null;
  readonly from: string | null;
  readonly until: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly waiver: { readonly reason: string; readonly by: string; readonly until: string } | null;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface PackStamp {
  readonly name: string;
  readonly version: string;
  readonly known_until: string | null;
  readonly digest: string;
}

export interface DirectoryStamp {
  readonly source: string;
  readonly retrieved_at: string;
  readonly complete: boolean;
  readonly digest: string;
}

interface Answer {
  /** The document, byte for byte as through every other binding. */
  readonly json: string;
  /** The answer as a page for people. */
  text(lang?: Lang): string;
  toString(): string;
}

/** What a check concludes. Every object is true: ask `allowed`, or compare `verdict`. */
export interface Decision extends Answer {
  readonly verdict: Verdict;
  /** Whether the verdict is `allow`. */
  readonly allowed: boolean;
  readonly send_at: string;
  readonly scope: Scope;
  readonly findings: readonly Finding[];
  readonly exposure: readonly string[];
  readonly missing: readonly string[];
  readonly packs: readonly PackStamp[];
  readonly directory: DirectoryStamp;
  readonly engine: string;
  readonly digest: string;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly rules: readonly {
    readonly pack: string;
    readonly rule: string;
    readonly status: Status;
    readonly verdict: FindingVerdict;
  }[];
}

/** A change of one fact, or of several that change together. */
export interface Change {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly by: string;
  readonly how: string;
}

/** Why, and what would help. */
export interface Explanation extends Answer {
  readonly decision: Omit<Decision, keyof Answer | "allowed">;
  readonly checklist: readonly {
    readonly topic: string;
    readonly pack: string;
    readonly rule: string;
    readonly status: Status;
  }[];
  readonly fixes: readonly { readonly leads_to: Verdict; readonly changes: readonly Change[] }[];
  readonly more_fixes: boolean;
  readonly timeline: {
    readonly from: string;
    readonly until: string;
    readonly intervals: readonly {
      readonly from: string;
      readonly until: string;
      readonly verdict: Verdict;
      readonly rules: readonly string[];
    }[];
  } | null;
  readonly clear_from: string | null;
  readonly clear_until: string | null;
  readonly missing: readonly {
    readonly path: string;
    readonly settles: number;
    readonly can_allow: boolean;
    readonly values: readonly (string | boolean)[] | string;
    readonly title: string;
    readonly comes_from: string;
  }[];
}

export interface VerdictCounts {
  readonly allow: number;
  readonly review: number;
  readonly deny: number;
}

/** What was found of a whole audience. */
export interface Summary extends Answer {
  readonly rows: number;
  /** Recipients that the campaign gives, `campaign.audience_size`; not there where that is not given, and of replies. */
  readonly audience_size?: number;
  /** Recipients that the campaign itself says to be without an open customer-service window; not there where that is not given, and of replies. */
  readonly audience_outside_window?: number;
  /** Rows that are not denied and are known to have no open window; not there where the campaign does not say how many there are. */
  readonly rows_outside_window?: number;
  readonly verdicts: VerdictCounts;
  readonly rules: readonly {
    readonly pack: string | null;
    readonly rule: string;
    readonly status: Status;
    readonly verdict: FindingVerdict;
    readonly waiver?: Finding["waiver"];
    readonly rows: number;
    readonly alone: number;
  }[];
  readonly missing: readonly { readonly path: string; readonly rows: number }[];
  readonly countries: readonly {
    readonly country: string | null;
    readonly rows: number;
    readonly verdicts: VerdictCounts;
  }[];
  readonly bad_rows: number;
  readonly bad_values: readonly {
    readonly row: number;
    readonly column: string;
    readonly attribute: string;
    readonly reason: string;
  }[];
  /** What it rests on, each by its digest: summaries of one basis can be merged. */
  readonly basis: {
    readonly campaign: string;
    readonly packs: readonly { readonly name: string; readonly version: string; readonly digest: string }[];
    readonly waivers: string;
    readonly directory: string;
    readonly bundled: string;
    readonly engine: string;
  };
}

/** The result of a row, and its kept members. */
export interface ScreenedRow {
  verdict: Verdict;
  rules: string[];
  missing: string[];
  [kept: string]: unknown;
}

export interface Screening {
  /** In the order of the audience. */
  readonly rows: ScreenedRow[];
  readonly summary: Summary;
}

/** The files of a pack: text or bytes by path, such as `pack.toml` and `rules/consent.toml`. */
export type PackFiles = Readonly<Record<string, string | Uint8Array>>;

/** Dated, cited rules, read and checked. */
export class Pack {
  private constructor();
  /** Reads a pack from its files. `called` is how errors call it. */
  static fromFiles(files: PackFiles, options?: { called?: string }): Pack;
  /** A built-in pack by its name. */
  static builtIn(name: string): Pack;
  static builtInNames(): string[];
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly digest: string;
}

/** A dated snapshot of the list of solution providers. */
export class Directory {
  /** Reads a directory: bytes or text of its JSON, or the object. */
  constructor(document: object | string | Uint8Array | ArrayBuffer);
  /** The dated sample that ships with the engine. */
  static builtIn(): Directory;
  /** This directory with your own on top, of providers that you vetted. */
  stack(own: Directory | object | string | Uint8Array | ArrayBuffer): Directory;
  readonly source: string;
  readonly retrieved_at: string;
  readonly complete: boolean;
  readonly digest: string;
  /** How many providers it names. */
  readonly size: number;
}

export interface EngineOptions {
  /** Stacked on the built-in pack `whatsapp`: names of built-in packs, packs, files of packs. */
  packs?: readonly (string | Pack | PackFiles)[];
  /** In place of the built-in sample. */
  directory?: Directory | object | string | Uint8Array | ArrayBuffer;
  /** Whether the built-in pack lies beneath; true by default. */
  builtIn?: boolean;
  /** What is the same for all campaigns of a sender; without a recipient. */
  base?: Partial<CampaignDocument> | string | Uint8Array | ArrayBuffer;
  /** Exceptions to rules: the text of a file in the form of a pack's `waivers.toml`. */
  waivers?: string | Uint8Array;
}

/** Packs and a directory, ready to judge campaigns. It never changes: make it once and share it. */
export class Engine {
  constructor(options?: EngineOptions);
  /** Judges a campaign. `at` is another instant of sending than the campaign's own. */
  check(campaign: Campaign | Partial<CampaignDocument>, options?: { at?: Instant; everyRule?: boolean }): Decision;
  /** The verdict and the rules behind it alone: no text and no digest is made. */
  judge(campaign: Campaign | Partial<CampaignDocument>, options?: { at?: Instant }): Judgement;
  /** The decision, a checklist, what would help, from when, and what to supply. */
  explain(
    campaign: Campaign | Partial<CampaignDocument>,
    options?: { at?: Instant; until?: Instant; fixesMax?: number; timeline?: boolean },
  ): Explanation;
  /**
   * Judges a campaign for every row of an audience, each as `check` would judge it. Rows have members
   * by path, `{"recipient.phone": …}`, or within each other, `{recipient: {phone: …}}`.
   */
  screen(
    campaign: Campaign | Partial<CampaignDocument>,
    rows: readonly object[],
    options?: {
      at?: Instant;
      /** Members that are repeated in the result. */
      keep?: readonly string[];
      /** Members that are left out of account. */
      ignore?: readonly string[];
      /** Attributes by the members that hold them: `{mobile: "recipient.phone"}`. */
      names?: Readonly<Record<string, string>>;
      /** What rows leave out is null, also where null says that there is none. */
      leftOutIsNull?: boolean;
    },
  ): Screening;
  /** Names, versions and digests of the packs, as decisions name them. */
  readonly packs: readonly PackStamp[];
  readonly directory: DirectoryStamp;
  /** The JSON Schema of campaign documents, with the members that the packs declare. */
  campaignSchema(): object;
  /** Gives the memory back now, rather than when the engine is collected. */
  free(): void;
}
