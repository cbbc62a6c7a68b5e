// The JavaScript of an n8n Code node, "Run Once for All Items": it goes between the node that reads
// contacts and the one that sends. The package has to be installed beside n8n and allowed by
// NODE_FUNCTION_ALLOW_EXTERNAL=cleartosend.
const { Engine } = require("cleartosend");

const items = $input.all();
const campaign = $("Campaign").first().json;

const { rows } = new Engine().screen(
  { ...campaign, send_at: campaign.send_at ?? $now },
  items.map(({ json }) => ({
    "recipient.phone": json.phone,
    "recipient.opt_in": json.opt_in === true ? "given" : "none",
    "recipient.opt_in_at": json.opt_in_at ?? null,
    "recipient.opted_out": json.unsubscribed === true,
    "recipient.last_inbound_at": json.last_reply_at ?? null,
    "recipient.marketing_received_24h": json.sent_today,
  })),
);

// Only `verdict: "allow"` goes on to be sent; an IF node after this one parts them.
return items.map((item, place) => ({ json: { ...item.json, ...rows[place] }, pairedItem: place }));
