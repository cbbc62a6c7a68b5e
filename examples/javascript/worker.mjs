// A gate as an edge worker: the body is a campaign document, the answer a decision.
// Runs where modules are WebAssembly modules already, such as on Cloudflare: `wrangler deploy`.
import { CtsError, Engine } from "cleartosend";

// Made once for each isolate, before the first request.
const engine = new Engine();

export default {
  async fetch(request) {
    if (request.method !== "POST") {
      return Response.json({ error: "send a campaign document by POST" }, { status: 405, headers: { Allow: "POST" } });
    }
    try {
      const decision = engine.check(await request.arrayBuffer());
      return new Response(decision.json, {
        status: decision.allowed ? 200 : 403,
        headers: { "Content-Type": "application/json" },
      });
    } catch (error) {
      if (!(error instanceof CtsError)) throw error;
      return Response.json({ problems: error.problems }, { status: 422 });
    }
  },
};
