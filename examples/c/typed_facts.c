/* One campaign, many recipients, no JSON in the loop: what they have in common is told once, what differs is set by number. */
#include <cleartosend.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char CAMPAIGN[] =
  "{\"send_at\": \"2026-03-02T15:00:00Z\","
  " \"provider\": {\"role\": \"self\"}, \"access\": {\"route\": \"cloud_api\", \"clients\": []},"
  " \"account\": {\"restrictions\": [], \"violations\": [], \"quality\": \"green\"},"
  " \"campaign\": {\"use_case\": \"marketing\", \"initiated_by\": \"business\", \"content\": \"template\", \"category\": \"marketing\"}}";

struct recipient {
  const char *phone;
  int opted_in;
  int opted_out;
  int64_t marketing_received_24h;
};

static const struct recipient RECIPIENTS[] = {
  {"+34600000001", 1, 0, 0},
  {"+34600000002", 0, 0, 0},
  {"+34600000003", 1, 1, 1},
};

static void must(cts_status status, cts_error *error)
{
  if (status != CTS_OK) {
    cts_str message = {0, 0};
    cts_error_message(error, &message);
    fprintf(stderr, "error: %s: %.*s\n", cts_status_name(status), CTS_STR_ARG(message));
    exit(2);
  }
}

int main(void)
{
  cts_engine *engine = NULL;
  cts_facts *facts = NULL;
  cts_report *report = NULL;
  cts_error *error = NULL;
  uint32_t phone = 0;
  uint32_t opt_in = 0;
  uint32_t opted_out = 0;
  uint32_t received = 0;
  size_t i = 0;

  must(cts_engine_new_built_in(&engine, &error), error);
  must(cts_engine_attribute(engine, CTS_LIT("recipient.phone"), &phone, &error), error);
  must(cts_engine_attribute(engine, CTS_LIT("recipient.opt_in"), &opt_in, &error), error);
  must(cts_engine_attribute(engine, CTS_LIT("recipient.opted_out"), &opted_out, &error), error);
  must(cts_engine_attribute(engine, CTS_LIT("recipient.marketing_received_24h"), &received, &error), error);
  must(cts_facts_new_from_json(engine, CTS_LIT(CAMPAIGN), &facts, &error), error);
  must(cts_report_new(&report), NULL);

  for (i = 0; i < sizeof RECIPIENTS / sizeof RECIPIENTS[0]; i++) {
    const struct recipient *to = &RECIPIENTS[i];
    cts_verdict verdict = CTS_REVIEW;
    size_t count = 0;
    size_t j = 0;
    must(cts_facts_set_string(facts, phone, to->phone, strlen(to->phone), &error), error);
    if (to->opted_in) {
      must(cts_facts_set_string(facts, opt_in, CTS_LIT("given"), &error), error);
    } else {
      must(cts_facts_set_string(facts, opt_in, CTS_LIT("none"), &error), error);
    }
    must(cts_facts_set_bool(facts, opted_out, to->opted_out, &error), error);
    must(cts_facts_set_int(facts, received, to->marketing_received_24h, &error), error);

    must(cts_engine_check_into(engine, facts, report, &error), error);
    cts_report_verdict(report, &verdict);
    cts_report_rule_count(report, &count);
    printf("%s %s", to->phone, cts_verdict_name(verdict));
    for (j = 0; j < count; j++) {
      cts_rule rule = CTS_RULE_INIT;
      cts_report_rule(report, j, &rule);
      if (rule.status == CTS_VIOLATED) {
        printf(" %.*s", CTS_STR_ARG(rule.rule));
      }
    }
    printf("\n");
  }

  cts_report_free(report);
  cts_facts_free(facts);
  cts_engine_free(engine);
  return 0;
}
