// A first check: is this message clear to send, and what would make it so?
import { Engine } from "cleartosend";

const engine = new Engine();

const campaign = {
  send_at: new Date("2026-03-02T15:00:00Z"),
  campaign: { initiated_by: "business", category: "marketing" },
  recipient: { phone: "+34600000000", opted_out: true },
};

const decision = engine.check(campaign);
console.log(decision.verdict, decision.allowed);
console.log(decision.findings.filter(({ status }) => status === "violated").map(({ rule }) => rule));
console.log(decision.missing.slice(0, 2));
