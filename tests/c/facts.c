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
  cts_verdict verdict = CTS_VERDICT_NONE;
  cts_verdict fast = CTS_VERDICT_NONE;
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

/* One campaign for one recipient after the other. Somebody of whom something is not known is not judged by what is known of somebody else. */
static const char CAMPAIGN[] =
  "{\"provider\": {\"role\": \"self\"}, \"access\": {\"route\": \"cloud_api\", \"clients\": []},"
  " \"account\": {\"restrictions\": [], \"violations\": [], \"quality\": \"green\"},"
  " \"campaign\": {\"use_case\": \"marketing\", \"initiated_by\": \"business\", \"content\": \"template\", \"category\": \"marketing\"}}";

static const char STOPPED[] =
  "{\"object\": \"whatsapp_business_account\", \"entry\": [{\"id\": \"1\", \"time\": 1768035600, \"changes\": [{\"field\": \"user_preferences\","
  " \"value\": {\"messaging_product\": \"whatsapp\", \"metadata\": {\"display_phone_number\": \"34911000000\", \"phone_number_id\": \"7\"},"
  " \"user_preferences\": [{\"wa_id\": \"34600000001\", \"detail\": \"User requested to stop marketing messages\","
  " \"category\": \"marketing_messages\", \"value\": \"stop\", \"timestamp\": 1768035600}]}}]}]}";

struct recipient {
  const char *phone;
  const char *opt_in; /* NULL: not known */
  int opted_out;      /* -1: not known */
};

static void tell(cts_facts *facts, const struct recipient *to, const cts_account *account)
{
  if (to->phone != NULL) {
    OK(cts_facts_set_string(facts, attribute("recipient.phone"), to->phone, strlen(to->phone), &error));
  }
  if (to->opt_in != NULL) {
    OK(cts_facts_set_string(facts, attribute("recipient.opt_in"), to->opt_in, strlen(to->opt_in), &error));
  }
  if (to->opted_out >= 0) {
    OK(cts_facts_set_bool(facts, attribute("recipient.opted_out"), to->opted_out, &error));
  }
  OK(cts_account_tell(account, facts, &error));
}

static cts_decision *judged(const cts_facts *facts, cts_str *json)
{
  cts_decision *decision = NULL;
  OK(cts_engine_check(engine, facts, CTS_FINDINGS, &decision, &error));
  CHECK(cts_decision_json(decision, json) == CTS_OK);
  return decision;
}

static void check_equal(const cts_facts *facts, const cts_facts *alone)
{
  cts_str found = {0, 0};
  cts_str wanted = {0, 0};
  cts_decision *one = judged(facts, &found);
  cts_decision *other = judged(alone, &wanted);
  if (found.len != wanted.len || memcmp(found.data, wanted.data, found.len) != 0) {
    fprintf(stderr, "reused:\n%.*s\nalone:\n%.*s\n", CTS_STR_ARG(found), CTS_STR_ARG(wanted));
    exit(1);
  }
  cts_decision_free(one);
  cts_decision_free(other);
}

static void one_after_the_other(void)
{
  static const struct recipient recipients[] = {
    {"+34600000001", "given", 0}, {"+34600000002", "none", 1}, {"+34600000003", NULL, -1}, {"+34600000001", "given", -1},
    {"+34600000004", "given", -1}, {NULL, NULL, 0},            {"+34600000005", NULL, 0},
  };
  cts_account *account = NULL;
  cts_changes *changes = NULL;
  cts_facts *reused = NULL;
  cts_facts *campaign = NULL;
  cts_facts *with_somebody = NULL;
  size_t i = 0;
  OK(cts_account_new_from_json(CTS_LIT("{}"), &account, &error));
  OK(cts_account_apply(account, CTS_LIT(STOPPED), &changes, &error));
  cts_changes_free(changes);

  /* The campaign is a document, and what a setter tells. */
  OK(cts_facts_new_from_json(engine, CTS_LIT(CAMPAIGN), &campaign, &error));
  OK(cts_facts_set_instant(campaign, attribute("send_at"), 1772463600, 0, &error));
  OK(cts_facts_clone(campaign, &reused, &error));
  OK(cts_facts_new_from_json(engine, CTS_LIT(CAMPAIGN), &with_somebody, &error));
  OK(cts_facts_set_instant(with_somebody, attribute("send_at"), 1772463600, 0, &error));
  for (i = 0; i < sizeof recipients / sizeof recipients[0]; i++) {
    cts_facts *alone = NULL;
    OK(cts_facts_clone(campaign, &alone, &error));
    tell(alone, &recipients[i], account);
    CHECK(cts_facts_reset(reused) == CTS_OK);
    check_equal(reused, campaign);
    tell(reused, &recipients[i], account);
    check_equal(reused, alone);
    /* A copy of facts that had somebody else goes back to the same campaign. */
    CHECK(cts_facts_reset(with_somebody) == CTS_OK);
    tell(with_somebody, &recipients[(i + 1) % 3], account);
    {
      cts_facts *copy = NULL;
      OK(cts_facts_clone(with_somebody, &copy, &error));
      check_equal(copy, with_somebody);
      CHECK(cts_facts_reset(copy) == CTS_OK);
      tell(copy, &recipients[i], account);
      check_equal(copy, alone);
      cts_facts_free(copy);
    }
    cts_facts_free(alone);
  }

  /* What is told of the campaign beside a recipient goes with the recipient, what is told before stays. */
  CHECK(cts_facts_reset(reused) == CTS_OK);
  OK(cts_facts_set_string(reused, attribute("account.quality"), CTS_LIT("red"), &error));
  OK(cts_facts_set_string(campaign, attribute("account.quality"), CTS_LIT("red"), &error));
  OK(cts_facts_set_string(reused, attribute("recipient.phone"), CTS_LIT("+34600000001"), &error));
  OK(cts_facts_set_string(reused, attribute("account.name"), CTS_LIT("Somebody"), &error));
  CHECK(cts_facts_reset(reused) == CTS_OK && cts_facts_reset(reused) == CTS_OK);
  check_equal(reused, campaign);

  /* The recipient of the document that facts were made from is not the campaign's. */
  cts_facts_free(reused);
  cts_facts_free(campaign);
  OK(cts_facts_new_from_json(engine, CTS_LIT("{\"send_at\": \"2026-03-02T15:00:00Z\", \"recipient\": {\"opted_out\": false}}"), &reused, &error));
  OK(cts_facts_new_from_json(engine, CTS_LIT("{\"send_at\": \"2026-03-02T15:00:00Z\"}"), &campaign, &error));
  CHECK(cts_facts_reset(reused) == CTS_OK);
  check_equal(reused, campaign);
  CHECK(cts_facts_clear(reused) == CTS_OK && cts_facts_reset(reused) == CTS_OK);
  OK(cts_facts_set_instant(reused, attribute("send_at"), 1772463600, 0, &error));
  check_equal(reused, campaign);
  cts_facts_free(reused);
  cts_facts_free(campaign);
  cts_facts_free(with_somebody);
  cts_account_free(account);
}

int main(void)
{
  cts_decision *decision = NULL;
  cts_decision *none = NULL;
  cts_facts *facts = NULL;
  cts_facts *from_json = NULL;
  cts_report *report = NULL;
  cts_str wanted = {0, 0};
  cts_verdict verdict = CTS_VERDICT_NONE;
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
  FAILS(cts_engine_check(engine, facts, CTS_FINDINGS, &none, &error), CTS_ERR_FACTS, "facts/missing-send-at");
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

  one_after_the_other();

  cts_decision_free(decision);
  cts_report_free(report);
  cts_facts_free(facts);
  cts_facts_free(from_json);
  cts_engine_free(engine);
  return 0;
}
