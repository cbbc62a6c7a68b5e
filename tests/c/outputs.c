/* What is read after a call that failed is never good news, whatever was there before. */
#include "audience.h"

static const char DOCUMENT[] = "{\"send_at\": \"2026-03-02T15:00:00Z\", \"account\": {\"quality\": \"red\"}}";
static const char EVENT[] =
  "{\"entry\": [{\"id\": \"1\", \"time\": 1768035600, \"changes\": [{\"field\": \"account_review_update\","
  " \"value\": {\"decision\": \"APPROVED\"}}]}]}";

static cts_error *error;

/* A call that must not succeed, and what must be so after it. */
#define AFTER(call, so)             \
  do {                              \
    CHECK((call) != CTS_OK);        \
    CHECK(so);                      \
  } while (0)

/* A place that holds a good answer of another case, a call that fails, and what is there then. */
#define TEXT(call)                                     \
  do {                                                 \
    cts_str text = cts_str_of(CTS_LIT("allow"));       \
    AFTER(call, text.data == NULL && text.len == 0);   \
  } while (0)

#define NUMBER(call)       \
  do {                     \
    size_t count = 7;      \
    AFTER(call, count == 0); \
  } while (0)

/* Whether all of a structure but its size is zero. */
static int is_blank(const void *structure, size_t size)
{
  const unsigned char *bytes = (const unsigned char *)structure;
  size_t found = 0;
  size_t i = 0;
  memcpy(&found, structure, sizeof found);
  for (i = sizeof found; i < size; i++) {
    if (bytes[i] != 0) {
      return 0;
    }
  }
  return found == size;
}

#define STRUCTURE(type, call)                                                                                      \
  do {                                                                                                             \
    type one;                                                                                                      \
    memset(&one, 1, sizeof one);                                                                                   \
    one.struct_size = sizeof one;                                                                                  \
    AFTER(call, is_blank(&one, sizeof one));                                                                       \
  } while (0)

/* Reused for one case after the other: what was found of the last one is not read as of this one. */
static void reports(const cts_engine *engine)
{
  cts_report *report = NULL;
  cts_facts *facts = NULL;
  cts_facts *nothing = NULL;
  cts_verdict verdict = CTS_ALLOW;
  OK(cts_facts_new_from_json(engine, CTS_LIT(DOCUMENT), &facts, &error));
  OK(cts_facts_new(engine, &nothing, &error));
  CHECK(cts_report_new(&report) == CTS_OK);
  OK(cts_engine_check_into(engine, facts, report, &error));
  CHECK(cts_report_verdict(report, &verdict) == CTS_OK && verdict != CTS_VERDICT_NONE);
  FAILS(cts_engine_check_into(engine, nothing, report, &error), CTS_ERR_FACTS, "facts/missing-send-at");
  AFTER(cts_report_verdict(report, &verdict), verdict == CTS_VERDICT_NONE);
  NUMBER(cts_report_rule_count(report, &count));
  STRUCTURE(cts_rule, cts_report_rule(report, 0, &one));
  OK(cts_engine_check_into(engine, facts, report, &error));
  CHECK(cts_report_verdict(report, &verdict) == CTS_OK && verdict != CTS_VERDICT_NONE);
  FAILS(cts_engine_check_into(NULL, facts, report, &error), CTS_ERR_NULL, "c/null");
  AFTER(cts_report_verdict(report, &verdict), verdict == CTS_VERDICT_NONE);
  cts_report_free(report);
  cts_facts_free(facts);
  cts_facts_free(nothing);
}

static void decisions(const cts_engine *engine)
{
  cts_decision *decision = NULL;
  cts_verdict verdict = CTS_ALLOW;
  const cts_str *list = (const cts_str *)engine;
  size_t many = 7;
  OK(cts_engine_check_json(engine, CTS_LIT(DOCUMENT), CTS_FINDINGS, &decision, &error));
  AFTER(cts_decision_verdict(NULL, &verdict), verdict == CTS_VERDICT_NONE);
  verdict = CTS_ALLOW;
  AFTER(cts_decision_verdict((cts_decision *)engine, &verdict), verdict == CTS_VERDICT_NONE);
  TEXT(cts_decision_json(NULL, &text));
  TEXT(cts_decision_digest(NULL, &text));
  TEXT(cts_decision_text(NULL, CTS_SPANISH, &text));
  TEXT(cts_decision_text(decision, 99, &text));
  AFTER(cts_decision_exposure(NULL, &list, &many), list == NULL && many == 0);
  /* One place that is wrong does not save the other. */
  many = 7;
  AFTER(cts_decision_exposure(decision, NULL, &many), many == 0);
  list = (const cts_str *)engine;
  AFTER(cts_decision_missing(decision, &list, NULL), list == NULL);
  NUMBER(cts_decision_finding_count(NULL, &count));
  STRUCTURE(cts_finding, cts_decision_finding(NULL, 0, &one));
  STRUCTURE(cts_finding, cts_decision_finding(decision, 1000, &one));
  STRUCTURE(cts_finding_texts, cts_decision_finding_texts(NULL, 0, CTS_SPANISH, &one));
  STRUCTURE(cts_finding_texts, cts_decision_finding_texts(decision, 0, 99, &one));
  STRUCTURE(cts_finding_texts, cts_decision_finding_texts(decision, 1000, CTS_SPANISH, &one));
  cts_decision_free(decision);
}

static void explanations(const cts_engine *engine)
{
  cts_explanation *explanation = NULL;
  cts_explanation *other = (cts_explanation *)engine;
  cts_decision *decision = (cts_decision *)engine;
  OK(cts_engine_explain_json(engine, CTS_LIT(DOCUMENT), NULL, &explanation, &error));
  AFTER(cts_engine_explain_json(engine, CTS_LIT("{"), NULL, &other, NULL), other == NULL);
  other = explanation;
  AFTER(cts_engine_explain(engine, NULL, NULL, &other, NULL), other == NULL);
  AFTER(cts_explanation_decision(NULL, &decision), decision == NULL);
  TEXT(cts_explanation_json(NULL, &text));
  TEXT(cts_explanation_text(NULL, CTS_SPANISH, &text));
  TEXT(cts_explanation_text(explanation, 99, &text));
  cts_explanation_free(explanation);
}

static void records(const cts_engine *engine)
{
  cts_text *record = (cts_text *)engine;
  cts_summary *summary = (cts_summary *)engine;
  AFTER(cts_engine_record_json(engine, CTS_LIT("{"), NULL, &record, NULL), record == NULL);
  record = (cts_text *)engine;
  AFTER(cts_engine_record(engine, NULL, NULL, &record, NULL), record == NULL);
  AFTER(cts_summary_merge(NULL, 1, &summary, NULL), summary == NULL);
  summary = (cts_summary *)engine;
  AFTER(cts_summary_new_from_json(CTS_LIT("{"), 1, &summary, NULL), summary == NULL);
}

static void errors(const cts_engine *engine)
{
  cts_decision *decision = (cts_decision *)engine;
  cts_error *told = NULL;
  AFTER(cts_engine_check_json(engine, CTS_LIT("{"), CTS_FINDINGS, &decision, &told), decision == NULL && told != NULL);
  TEXT(cts_error_code(NULL, &text));
  TEXT(cts_error_message(NULL, &text));
  NUMBER(cts_error_problem_count(NULL, &count));
  STRUCTURE(cts_problem, cts_error_problem(NULL, 0, &one));
  STRUCTURE(cts_problem, cts_error_problem(told, 1, &one));
  cts_error_free(told);
}

static void accounts(const cts_engine *engine)
{
  cts_account *account = NULL;
  cts_changes *changes = NULL;
  cts_projection *projection = NULL;
  cts_provider *provider = NULL;
  cts_identity nobody = CTS_IDENTITY_INIT;
  int64_t seconds = 7;
  uint32_t nanos = 7;
  OK(cts_account_new_from_json(CTS_LIT("{}"), &account, &error));
  AFTER(cts_account_last_event_at(account, &seconds, &nanos), seconds == 0 && nanos == 0);
  seconds = 7;
  AFTER(cts_account_last_event_at(account, &seconds, NULL), seconds == 0);
  NUMBER(cts_account_event_count(NULL, &count));
  OK(cts_account_apply(account, CTS_LIT(EVENT), &changes, &error));
  NUMBER(cts_changes_count(NULL, &count));
  STRUCTURE(cts_change, cts_changes_read(changes, 1, &one));
  OK(cts_engine_project(engine, account, CTS_LIT("spam"), 1768035600, 0, &projection, &error));
  STRUCTURE(cts_projection_info, cts_projection_read(NULL, &one));
  STRUCTURE(cts_projection_step, cts_projection_read_step(projection, 1000, &one));
  OK(cts_engine_find_provider(engine, &nobody, 0, 0, &provider, &error));
  STRUCTURE(cts_provider_info, cts_provider_read(NULL, &one));
  TEXT(cts_text_read(NULL, &text));
  cts_provider_free(provider);
  cts_projection_free(projection);
  cts_changes_free(changes);
  cts_account_free(account);
}

static void screenings(const cts_engine *engine)
{
  static const struct customer somebody[] = {{1, "+34600000001", "given", 0, 0}};
  struct source source = source_of(somebody, 1, 1);
  struct ArrowArrayStream audience = stream_of(&source);
  struct ArrowArrayStream rows;
  struct ArrowArray array;
  struct ArrowSchema schema;
  cts_facts *campaign = NULL;
  cts_screening *screening = (cts_screening *)engine;
  cts_screen_options *options = NULL;
  cts_summary *summary = NULL;
  cts_summary_info info = CTS_SUMMARY_INFO_INIT;
  OK(cts_facts_new_from_json(engine, CTS_LIT(DOCUMENT), &campaign, &error));
  CHECK(cts_screen_options_new(&options) == CTS_OK);
  OK(cts_screen_options_keep(options, CTS_LIT("id"), &error));

  /* Rows that are not there are released ones; where they were to replace the audience, that stays. */
  memset(&rows, 1, sizeof rows);
  AFTER(cts_engine_screen(engine, campaign, NULL, &audience, &rows, &screening, NULL), rows.release == NULL && screening == NULL);
  AFTER(cts_engine_screen(engine, campaign, NULL, &audience, &audience, &screening, NULL), audience.release != NULL);
  CHECK(source.streams_released == 0);

  OK(cts_engine_screen(engine, campaign, options, &audience, &rows, &screening, &error));
  OK(cts_screening_summary(screening, &summary, &error));
  info.worst = CTS_ALLOW;
  CHECK(cts_summary_read(summary, &info) == CTS_OK && info.rows == 0 && info.worst == CTS_VERDICT_NONE && info.is_complete == 0);
  STRUCTURE(cts_summary_info, cts_summary_read(NULL, &one));
  STRUCTURE(cts_rule_rows, cts_summary_rule(summary, 1000, &one));
  STRUCTURE(cts_missing_rows, cts_summary_missing(summary, 1000, &one));
  STRUCTURE(cts_country_rows, cts_summary_country(summary, 1000, &one));
  STRUCTURE(cts_bad_value, cts_summary_bad_value(summary, 1000, &one));
  TEXT(cts_summary_json(NULL, &text));
  TEXT(cts_summary_help_json(NULL, &text));
  TEXT(cts_summary_text(NULL, &text));
  cts_summary_free(summary);
  summary = (cts_summary *)engine;
  AFTER(cts_screening_summary(NULL, &summary, NULL), summary == NULL);

  rows.release(&rows);
  memset(&array, 1, sizeof array);
  memset(&schema, 1, sizeof schema);
  CHECK(rows.get_next(&rows, &array) != 0 && array.release == NULL);
  CHECK(rows.get_schema(&rows, &schema) != 0 && schema.release == NULL);
  all_released(&source);
  cts_screening_free(screening);
  cts_screen_options_free(options);
  cts_facts_free(campaign);
}

int main(void)
{
  cts_engine *engine = NULL;
  cts_verdict nobody_wrote = CTS_VERDICT_NONE;
  CHECK(nobody_wrote == 0 && CTS_ALLOW == 1 && CTS_REVIEW == 2 && CTS_DENY == 3 && CTS_NOTE == 4);
  OK(cts_engine_new_built_in(&engine, &error));
  reports(engine);
  decisions(engine);
  explanations(engine);
  records(engine);
  errors(engine);
  accounts(engine);
  screenings(engine);
  cts_engine_free(engine);
  return 0;
}
