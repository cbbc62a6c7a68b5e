// The page: it asks the engine whenever the question changes, and shows what it says.

import { CtsError, Engine, Pack, start } from "cleartosend";
import wasm from "cleartosend.wasm";

import alcoholToSpain from "../../examples/alcohol-to-spain.json";
import aiAssistantItaly from "../../examples/ai-assistant-italy.json";
import cleanCampaign from "../../examples/clean-campaign.json";
import missingFacts from "../../examples/missing-facts.json";
import replyTooLate from "../../examples/reply-too-late.json";
import restrictedAccount from "../../examples/restricted-account.json";
import rogueProvider from "../../examples/rogue-provider.json";
import springSale from "../../examples/spring-sale.json";
import turkey2024 from "../../examples/turkey-2024.json";

const EXAMPLES = {
  "Turkey, the day before": turkey2024,
  "A clean campaign": cleanCampaign,
  "Spring sale": springSale,
  "Facts that are missing": missingFacts,
  "A reply too late": replyTooLate,
  "A restricted account": restrictedAccount,
  "A rogue provider": rogueProvider,
  "Alcohol to Spain": alcoholToSpain,
  "An AI assistant in Italy": aiAssistantItaly,
};

/** Days that the slider reaches; the field beside it takes any. */
const FIRST_DAY = "2018-08-01";
const LAST_DAY = "2027-12-31";
const DAY = 86_400_000;
/** So long nobody types or slides before the explanation, which takes longest, is made. */
const PAUSE = 200;

const OWN_PACK = `name = "own"
version = "1.0.0"
requires = ">=1.0"
title = "Rules of your own"
published = 2026-01-01
[sources.own]
title = "Your own rules"
url = "https://own.example/"
retrieved = 2026-01-01
confidence = "official"
`;

const OWN_RULE = `[[rule]]
id       = "timing.no-night"
topic    = "timing"
title    = "Nobody is written to before eight or after nine in the evening"
applies  = 'campaign.initiated_by == "business"'
requires = 'recipient.local_hour_min >= 8 && recipient.local_hour_max < 21'
verdict  = "review"
from     = 2018-01-01
source   = { id = "own" }
message  = "it is {recipient.local_hour_min}:00 where {recipient.phone} is"
advice   = "Send in the daytime."
exposure = ["warning"]
`;

const WORDS = {
  allow: "ALLOW: clear to send",
  review: "REVIEW: a person must decide, or something is missing",
  deny: "DENY: not clear to send",
};

const at = (id) => document.getElementById(id);

/** An element with its attributes and what is in it. */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

let engine;
/** The day that was asked for, in place of the document's; none if there is none. */
let askedDay;
let waiting;

function begin() {
  for (const name of Object.keys(EXAMPLES)) at("example").append(element("option", {}, name));
  for (const name of Pack.builtInNames()) {
    const isBeneath = name === "whatsapp";
    const box = element("input", { type: "checkbox", name: "pack", value: name });
    box.checked = isBeneath;
    at("packs").append(element("label", {}, box, name));
  }
  const slider = at("slider");
  slider.min = 0;
  slider.max = daysBetween(FIRST_DAY, LAST_DAY);

  at("example").addEventListener("change", () => open(at("example").value));
  at("document").addEventListener("input", ask);
  at("lang").addEventListener("change", ask);
  at("packs").addEventListener("change", rebuild);
  at("rules").addEventListener("input", rebuild);
  at("rules-example").addEventListener("click", () => {
    at("rules").value = OWN_RULE;
    rebuild();
  });
  slider.addEventListener("input", () => choose(dayAfter(FIRST_DAY, Number(slider.value))));
  at("day").addEventListener("change", () => choose(at("day").value || undefined));
  at("own-day").addEventListener("click", () => choose(undefined));

  at("document").value = EXAMPLES[at("example").value];
  rebuild();
}

function open(name) {
  at("document").value = EXAMPLES[name];
  choose(undefined);
}

function choose(day) {
  askedDay = day;
  ask();
}

/** Makes the engine of the packs that are ticked and of the rules that are written. */
function rebuild() {
  const names = [...document.querySelectorAll("input[name=pack]:checked")].map((box) => box.value);
  const rules = at("rules").value.trim();
  const own = rules === "" ? [] : [{ "pack.toml": OWN_PACK, "rules/own.toml": at("rules").value }];
  const before = engine;
  engine = undefined;
  try {
    engine = new Engine({ packs: [...names, ...own], builtIn: false });
  } catch (error) {
    refused(error, "rules");
    return;
  } finally {
    before?.free();
  }
  at("made").textContent = [
    ...engine.packs.map(({ name, version, digest }) => `${name} ${version} ${digest}`),
    `directory retrieved ${engine.directory.retrieved_at} ${engine.directory.digest}`,
  ].join(" · ");
  ask();
}

/** Judges the document, and after a pause explains it. */
function ask() {
  clearTimeout(waiting);
  if (engine === undefined) return;
  const text = at("document").value;
  const options = askedInstant(text);
  let decision;
  try {
    decision = engine.check(text, options);
  } catch (error) {
    refused(error, "document");
    return;
  }
  at("problems").replaceChildren();
  for (const id of ["document", "rules"]) at(id).removeAttribute("aria-invalid");
  showDay(decision.send_at);
  show(decision);
  at("explanation").setAttribute("aria-busy", "true");
  waiting = setTimeout(() => {
    explain(engine.explain(text, options));
    at("explanation").removeAttribute("aria-busy");
  }, PAUSE);
}

/** The chosen day, at the time of day of the document. */
function askedInstant(text) {
  if (askedDay === undefined) return {};
  const time = /"send_at"\s*:\s*"[^"T]*(T[^"]*)"/.exec(text)?.[1];
  return { at: `${askedDay}${time ?? "T12:00:00Z"}` };
}

function showDay(instant) {
  const day = askedDay ?? instant.slice(0, 10);
  at("day").value = day;
  at("slider").value = daysBetween(FIRST_DAY, day);
  at("slider").setAttribute("aria-valuetext", day);
  at("own-day").disabled = askedDay === undefined;
}

function refused(error, field) {
  if (!(error instanceof CtsError)) throw error;
  clearTimeout(waiting);
  const problems = error.problems.map(({ path, message, help }) =>
    element("p", { class: "problem" }, path === "" ? "" : element("code", {}, path), ` ${message}${help ? `; ${help}` : ""}`),
  );
  at("problems").replaceChildren(...problems);
  at(field).setAttribute("aria-invalid", "true");
  at("verdict").className = "verdict note";
  at("verdict").textContent = field === "rules" ? "No answer: the rules have problems" : "No answer: the document has problems";
  for (const id of ["findings", "explanation", "page", "json"]) at(id).replaceChildren();
}

function show(decision) {
  at("verdict").className = `verdict ${decision.verdict}`;
  at("verdict").textContent = WORDS[decision.verdict];
  at("json").textContent = JSON.stringify(decision, null, 2);
  const cards = decision.findings.map((finding) =>
    element(
      "li",
      { class: `is-${finding.verdict}` },
      element("h3", {}, tag(finding.verdict), ` ${finding.title}`),
      element("p", {}, finding.message),
      finding.advice === null ? null : element("p", {}, element("strong", {}, "What to do: "), finding.advice),
      element("p", { class: "soft" }, element("code", {}, `${finding.pack}/${finding.rule}`), ` ${finding.status}`, source(finding)),
    ),
  );
  at("findings").replaceChildren(
    cards.length === 0 ? element("p", {}, "No rule stands against it, and nothing is missing.") : element("ul", { class: "cards" }, ...cards),
  );
}

function source({ source, from, until }) {
  const period = `${from === null ? "" : `, from ${from}`}${until === null ? "" : `, until ${until}`}`;
  return source === null ? period : `${period}; by ${source.title}`;
}

function tag(verdict) {
  return element("span", { class: `tag ${verdict}` }, verdict);
}

function explain(explanation) {
  at("page").lang = at("lang").value;
  at("page").textContent = explanation.text(at("lang").value);
  const parts = [];
  if (explanation.fixes.length > 0) {
    const fixes = explanation.fixes.map(({ leads_to, changes }) =>
      element("li", {}, ...changes.flatMap(({ how, path, to }, place) => [
        place === 0 ? "" : "; ", how, " (", element("code", {}, path), `${written(to)})`,
      ]), " leads to ", tag(leads_to)),
    );
    parts.push(element("h3", {}, "What would help"), element("ol", {}, ...fixes));
  }
  if (explanation.timeline !== null) parts.push(...timeline(explanation.timeline));
  if (explanation.missing.length > 0) {
    const missing = explanation.missing.map(({ path, title, comes_from }) =>
      element("li", {}, element("code", {}, path), ` ${title} Comes from: ${comes_from}.`),
    );
    parts.push(element("h3", {}, "Supply first"), element("ol", {}, ...missing));
  }
  at("explanation").replaceChildren(...parts);
}

function written(to) {
  if (to === "removed" || to === null) return "";
  return typeof to === "string" || typeof to === "number" ? ` to ${to}` : ` to ${JSON.stringify(to)}`;
}

/** When it is clear, as a bar and in words. */
function timeline({ from, until, intervals }) {
  const length = Date.parse(until) - Date.parse(from) || 1;
  const pieces = intervals.map((interval) => {
    const share = (Date.parse(interval.until) - Date.parse(interval.from)) / length;
    const piece = element("span", { class: interval.verdict }, share > 0.12 ? interval.verdict : "");
    piece.style.flexGrow = share;
    piece.style.flexBasis = "0";
    return piece;
  });
  const words = intervals.map(({ verdict, from, rules }) =>
    element("li", {}, tag(verdict), ` from ${from} `, rules.length === 0 ? null : element("code", {}, rules.join(", "))),
  );
  return [
    element("h3", {}, "When, everything else as given"),
    element("div", { class: "bar", "aria-hidden": "true" }, ...pieces),
    element("ul", {}, ...words),
  ];
}

function daysBetween(first, day) {
  return Math.round((Date.parse(day) - Date.parse(first)) / DAY);
}

function dayAfter(first, days) {
  return new Date(Date.parse(first) + days * DAY).toISOString().slice(0, 10);
}

WebAssembly.compile(wasm).then(
  (module) => {
    start(module);
    begin();
  },
  (error) => {
    at("verdict").textContent = `The engine did not start: ${error.message}`;
  },
);
