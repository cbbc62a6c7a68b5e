/* One campaign, many recipients, no JSON in the loop: what they have in common is told once, what differs is set by number, and before each
 * recipient the facts go back to the campaign, so that nobody is judged by what is known of somebody else. */
#include <cleartosend.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char CAMPAIGN[] =
  "{\"send_at\": \"2026-03-02T15:00:00Z\","
  " \"provider\": {\"role\": \"self\"}, \"access\": {\"route\": \"cloud_api\", \"clients\": []},"
  " \"account\": {\"restrictions\": [], \"violations\": [], \"quality\": \"green\"},"
  " \"campaign\": {\"use_case\": \"marketing\", \"initiated_by\": \"business\", \"content\": \"template\", \"category\": \"marketing\"}}";

/* A row as a database gives it: what is not known is not told. */
enum { NOT_KNOWN = -1 };

struct recipient {
  const char *phone;
  int opted_in;
  int opted_out;
  int marketing_received_24h;
};

static const struct recipient RECIPIENTS[] = {
  {"+34600000001", 1, 0, 0},
  {"+34600000002", 0, 0, 0},
  {"+34600000003", 1, 1, 1},
  {"+34600000004", 1, NOT_KNOWN, 0},
};

/* Every status is looked at. The error is given by its address: in `must(f(&error), error)`, C may read `error` before it calls `f`. */
static void must(cts_status status, cts_error **error)
{
  cts_str message = {0, 0};
  if (status == CTS_OK) {
    return;
  }
  fprintf(stderr, "error: %s", cts_status_name(status));
  if (error != NULL && cts_error_message(*error, &message) == CTS_OK) {
    fprintf(stderr, ": %.*s", CTS_STR_ARG(message));
    cts_error_free(*error);
  }
  fprintf(stderr, "\n");
  exit(2);
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

  must(cts_engine_new_built_in(&engine, &error), &error);
  must(cts_engine_attribute(engine, CTS_LIT("recipient.phone"), &phone, &error), &error);
  must(cts_engine_attribute(engine, CTS_LIT("recipient.opt_in"), &opt_in, &error), &error);
  must(cts_engine_attribute(engine, CTS_LIT("recipient.opted_out"), &opted_out, &error), &error);
  must(cts_engine_attribute(engine, CTS_LIT("recipient.marketing_received_24h"), &received, &error), &error);
  must(cts_facts_new_from_json(engine, CTS_LIT(CAMPAIGN), &facts, &error), &error);
  must(cts_report_new(&report), NULL);

  for (i = 0; i < sizeof RECIPIENTS / sizeof RECIPIENTS[0]; i++) {
    const struct recipient *to = &RECIPIENTS[i];
    cts_verdict verdict = CTS_VERDICT_NONE;
    size_t count = 0;
    size_t j = 0;
    must(cts_facts_reset(facts), NULL);
    must(cts_facts_set_string(facts, phone, to->phone, strlen(to->phone), &error), &error);
    if (to->opted_in == 1) {
      must(cts_facts_set_string(facts, opt_in, CTS_LIT("given"), &error), &error);
    } else if (to->opted_in == 0) {
      must(cts_facts_set_string(facts, opt_in, CTS_LIT("none"), &error), &error);
    }
    if (to->opted_out != NOT_KNOWN) {
      must(cts_facts_set_bool(facts, opted_out, to->opted_out, &error), &error);
    }
    if (to->marketing_received_24h != NOT_KNOWN) {
      must(cts_facts_set_int(facts, received, to->marketing_received_24h, &error), &error);
    }

    must(cts_engine_check_into(engine, facts, report, &error), &error);
    must(cts_report_verdict(report, &verdict), NULL);
    must(cts_report_rule_count(report, &count), NULL);
    printf("%s %s", to->phone, cts_verdict_name(verdict));
    for (j = 0; j < count; j++) {
      cts_rule rule = CTS_RULE_INIT;
      must(cts_report_rule(report, j, &rule), NULL);
      if (rule.status == CTS_VIOLATED || verdict == CTS_REVIEW) {
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
