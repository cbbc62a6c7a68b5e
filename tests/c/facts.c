/* The typed path says what the document says. */
#include "check.h"

static const char DOCUMENT[] =
  "{\"send_at\": \"2026-03-02T15:00:00.5Z\","
  " \"provider\": {\"id\": null, \"name\": \"Hubtype\", \"role\": \"solution_partner\", \"claims_official\": true},"
  " \"access\": {\"route\": \"cloud_api\", \"clients\": [\"npm:@whiskeysockets/baileys\", \"pypi:neonize\"]},"
  " \"account\": {\"quality\": \"red\", \"daily_limit\": 10000, \"restrictions\": [{\"kind\": \"business_initiated\","
  "   \"since\": \"2026-03-01T00:00:00Z\", \"until\": null}], \"violations\": []},"
  " \"campaign\": {\"initiated_by\": \"business\", \"use_case\": \"marketing\", \"requests\": []},"
  " \"recipient\": {\"phone\": \"+34600000000\", \"opted_out\": false, \"marketing_received_24h\": 0}}";

static cts_engine *engine;
static cts_error *error;

static uint32_t attribute(const char *name)
{
  uint32_t found = 0;
  OK(cts_engine_attribute(engine, name, strlen(name), &found, &error));
  return found;
}

static void fill(cts_facts *facts)
{
  const cts_str clients[2] = {{"npm:@whiskeysockets/baileys", 27}, {"pypi:neonize", 12}};
  OK(cts_facts_set_instant(facts, attribute("send_at"), 1772463600, 500000000, &error));
  OK(cts_facts_set_null(facts, attribute("provider.id"), &error));
  OK(cts_facts_set_string(facts, attribute("provider.name"), CTS_LIT("Hubtype"), &error));
  OK(cts_facts_set_string(facts, attribute("provider.role"), CTS_LIT("solution_partner"), &error));
  OK(cts_facts_set_bool(facts, attribute("provider.claims_official"), 1, &error));
  OK(cts_facts_set_string(facts, attribute("access.route"), CTS_LIT("cloud_api"), &error));
  OK(cts_facts_set_strings(facts, attribute("access.clients"), clients, 2, &error));
  OK(cts_facts_set_string(facts, attribute("account.quality"), CTS_LIT("red"), &error));
  OK(cts_facts_set_int(facts, attribute("account.daily_limit"), 10000, &error));
  OK(cts_facts_set_json(facts, CTS_LIT("account.restrictions"),
                        CTS_LIT("[{\"kind\": \"business_initiated\", \"since\": \"2026-03-01T00:00:00Z\", \"until\": null}]"),
                        &error));
  OK(cts_facts_set_json(facts, CTS_LIT("account.violations"), CTS_LIT("[]"), &error));
  OK(cts_facts_set_json(facts, CTS_LIT("campaign.initiated_by"), CTS_LIT("\"business\""), &error));
  OK(cts_facts_set_string(facts, attribute("campaign.use_case"), CTS_LIT("marketing"), &error));
  OK(cts_facts_set_strings(facts, attribute("campaign.requests"), NULL, 0, &error));
  OK(cts_facts_set_string(facts, attribute("recipient.phone"), CTS_LIT("+34600000000"), &error));
  OK(cts_facts_set_bool(facts, attribute("recipient.opted_out"), 0, &error));
  OK(cts_facts_set_int(facts, attribute("recipient.marketing_received_24h"), 0, &error));
}

static void check_same(const cts_facts *facts, cts_report *report, cts_str wanted)
{
  cts_decision *decision = NULL;
  cts_str json = {0, 0};
  cts_verdict verdict = CTS_ALLOW;
  cts_verdict fast = CTS_ALLOW;
  size_t count = 0;
  size_t fast_count = 0;
  size_t i = 0;
  OK(cts_engine_check(engine, facts, CTS_FINDINGS, &decision, &error));
  CHECK(cts_decision_json(decision, &json) == CTS_OK);
  if (json.len != wanted.len || memcmp(json.data, wanted.data, json.len) != 0) {
    fprintf(stderr, "the typed path gives\n%.*s\nthe document gives\n%.*s\n", CTS_STR_ARG(json), CTS_STR_ARG(wanted));
    exit(1);
  }
  /* The fast call names the same rules in the same order. */
  OK(cts_engine_check_into(engine, facts, report, &error));
  CHECK(cts_decision_verdict(decision, &verdict) == CTS_OK);
  CHECK(cts_report_verdict(report, &fast) == CTS_OK);
  CHECK(verdict == fast);
  CHECK(cts_decision_finding_count(decision, &count) == CTS_OK);
  CHECK(cts_report_rule_count(report, &fast_count) == CTS_OK);
  CHECK(count == fast_count && count > 0);
  for (i = 0; i < count; i++) {
    cts_finding finding = CTS_FINDING_INIT;
    cts_rule rule = CTS_RULE_INIT;
    CHECK(cts_decision_finding(decision, i, &finding) == CTS_OK);
    CHECK(cts_report_rule(report, i, &rule) == CTS_OK);
    CHECK(finding.status == rule.status && finding.verdict == rule.verdict);
    CHECK(finding.rule.len == rule.rule.len && memcmp(finding.rule.data, rule.rule.data, rule.rule.len) == 0);
    CHECK(finding.pack.len == rule.pack.len && memcmp(finding.pack.data, rule.pack.data, rule.pack.len) == 0);
  }
  cts_decision_free(decision);
}

int main(void)
{
  cts_decision *decision = NULL;
  cts_facts *facts = NULL;
  cts_facts *from_json = NULL;
  cts_report *report = NULL;
  cts_str wanted = {0, 0};
  cts_verdict verdict = CTS_ALLOW;
  size_t count = 0;

  OK(cts_engine_new_built_in(&engine, &error));
  OK(cts_engine_check_json(engine, CTS_LIT(DOCUMENT), CTS_FINDINGS, &decision, &error));
  CHECK(cts_decision_json(decision, &wanted) == CTS_OK);
  CHECK(cts_report_new(&report) == CTS_OK);
  CHECK(cts_report_verdict(report, &verdict) == CTS_ERR_EMPTY);
  CHECK(cts_report_rule_count(report, &count) == CTS_ERR_EMPTY);

  OK(cts_facts_new(engine, &facts, &error));
  FAILS(cts_engine_check_into(engine, facts, report, &error), CTS_ERR_FACTS, "facts/missing-send-at");
  CHECK(cts_report_verdict(report, &verdict) == CTS_ERR_EMPTY);
  fill(facts);
  check_same(facts, report, wanted);

  /* Facts are used again: something else in between, taken back, or everything told anew. */
  OK(cts_facts_set_string(facts, attribute("account.quality"), CTS_LIT("green"), &error));
  OK(cts_facts_set_string(facts, attribute("account.name"), CTS_LIT("Somebody"), &error));
  OK(cts_facts_set_int(facts, attribute("account.daily_limit"), 7, &error));
  OK(cts_facts_unset(facts, attribute("account.name"), &error));
  fill(facts);
  check_same(facts, report, wanted);
  CHECK(cts_facts_clear(facts) == CTS_OK);
  FAILS(cts_engine_check(engine, facts, CTS_FINDINGS, &decision, &error), CTS_ERR_FACTS, "facts/missing-send-at");
  fill(facts);
  check_same(facts, report, wanted);

  /* What all recipients have in common comes from a document, the rest from setters. */
  OK(cts_facts_new_from_json(engine, CTS_LIT(DOCUMENT), &from_json, &error));
  check_same(from_json, report, wanted);
  OK(cts_facts_set_bool(from_json, attribute("recipient.opted_out"), 1, &error));
  OK(cts_engine_check_into(engine, from_json, report, &error));
  CHECK(cts_report_verdict(report, &verdict) == CTS_OK);
  CHECK(verdict == CTS_DENY);

  /* A recipient of whom nothing is known is a recipient. */
  CHECK(cts_facts_clear(facts) == CTS_OK);
  OK(cts_facts_set_instant(facts, attribute("send_at"), 1772463600, 0, &error));
  OK(cts_engine_check_into(engine, facts, report, &error));
  CHECK(cts_report_rule_count(report, &count) == CTS_OK);
  CHECK(cts_facts_with_recipient(facts) == CTS_OK);
  OK(cts_engine_check_into(engine, facts, report, &error));
  {
    size_t more = 0;
    CHECK(cts_report_rule_count(report, &more) == CTS_OK);
    CHECK(more > count);
  }

  cts_decision_free(decision);
  cts_report_free(report);
  cts_facts_free(facts);
  cts_facts_free(from_json);
  cts_engine_free(engine);
  return 0;
}
