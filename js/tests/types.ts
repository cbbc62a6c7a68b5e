// What TypeScript's checker says of the package: lines marked below must be errors.
import { CtsError, Directory, Engine, Pack, type CampaignDocument, type Verdict } from "../target/package/index.js";
import { start } from "../target/package/bare.js";

const campaign: CampaignDocument = {
  send_at: new Date(0),
  account: { quality: "green", daily_limit: "unlimited", restrictions: [{ kind: "number_banned", until: null }] },
  recipient: { phone: "+34600000000", opted_out: false, last_inbound_at: null },
  x: { score: 7 },
};
const engine = new Engine({ packs: ["messaging-law", Pack.builtIn("whatsapp"), { "pack.toml": "" }], directory: Directory.builtIn() });
const decision = engine.check(campaign, { at: "2026-03-02T15:00:00Z", everyRule: true });
const verdict: Verdict = decision.verdict;
const rules: string[] = engine.screen(campaign, [{ "recipient.phone": "+34600000000" }], { keep: ["id"] }).rows.flatMap((row) => row.rules);
const { basis, audience_size } = engine.screen(campaign, []).summary;
const restsOn: [string, number | undefined] = [basis.packs[0]?.digest ?? basis.campaign, audience_size];
const clear: string | null = engine.explain(campaign, { fixesMax: 2 }).clear_from;
if (campaign instanceof CtsError) console.log(campaign.problems[0]?.path, verdict, rules, restsOn, clear, start);

// @ts-expect-error a misspelt member
engine.check({ send_at: "2026-03-02T15:00:00Z", acount: {} });
// @ts-expect-error a word that is none of the list
engine.check({ send_at: "2026-03-02T15:00:00Z", account: { quality: "reed" } });
// @ts-expect-error an option that does not exist
engine.check(campaign, { everyrule: true });
// @ts-expect-error decisions do not change
decision.verdict = "allow";
// @ts-expect-error errors are the package's to make
new CtsError();
