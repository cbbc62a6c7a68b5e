// A campaign and an audience: who may be written to?
import { Engine } from "cleartosend";

export const campaign = {
  send_at: "2026-03-02T15:00:00Z",
  provider: { id: null, name: null, domain: null, role: "self", app_review: "passed", claims_official: false },
  intermediaries: [],
  access: { route: "cloud_api", endpoint: "https://graph.facebook.com/v23.0", clients: [] },
  account: {
    country: "ES", review: "approved", verification: "verified", display_name: "approved", quality: "green",
    daily_limit: 10000, approved_use_cases: ["marketing"], restrictions: [], violations: [],
    feedback: { delivered_7d: 5000, blocks_7d: 12, reports_7d: 3 },
  },
  campaign: {
    use_case: "marketing", initiated_by: "business", content: "template", category: "marketing",
    template: { status: "approved", quality: "green" }, vertical: "fashion", audience_size: 3,
    offers_opt_out: true, automated: false, human_handoff: true, general_purpose_ai: false, requests: [],
  },
};

const consent = { opt_in: "given", opt_in_at: "2025-06-14T09:30:00Z", last_inbound_at: null, marketing_received_24h: 0 };
const people = [
  { id: 1001, recipient: { phone: "+34600000001", opted_out: false, ...consent } },
  { id: 1002, recipient: { phone: "+34600000002", opted_out: true, ...consent } },
  { id: 1003, recipient: { phone: "34 600 000 003", opted_out: false, ...consent } },
];

const { rows, summary } = new Engine().screen(campaign, people, { keep: ["id"] });
console.table(rows, ["id", "verdict", "rules"]);
console.log(summary.verdicts);
console.log(summary.bad_values[0].reason.split(",")[0]);
