/* A program that was built for an older header, as such programs are: it asks whether the library serves it, and reads every structure. What lies
 * behind each structure is not touched. */
#include "../audience.h"

static const char DOCUMENT[] =
  "{\"send_at\": \"2026-03-02T15:00:00Z\", \"provider\": {\"name\": \"Hubtyp3\"}, \"access\": {\"route\": \"unofficial\"},"
  " \"account\": {\"quality\": \"red\"}}";
static const char EVENT[] =
  "{\"entry\": [{\"id\": \"1\", \"time\": 1768035600, \"changes\": [{\"field\": \"account_review_update\","
  " \"value\": {\"decision\": \"APPROVED\"}}]}]}";
static const struct customer CUSTOMERS[] = {{1, "+34600000001", "given", 0, 0}, {2, "34-600", "none", 1, 0}};

static cts_error *error;

enum { GUARD = 64 };

/* A structure with a guard behind it; reads it by the call, and looks at both. */
#define READ(type, init, call, so)                                            \
  do {                                                                        \
    struct {                                                                  \
      type one;                                                               \
      unsigned char guard[GUARD];                                             \
    } place;                                                                  \
    size_t i_ = 0;                                                            \
    memset(&place, 0xa5, sizeof place);                                       \
    place.one = init;                                                         \
    CHECK((call) == CTS_OK);                                                  \
    CHECK(place.one.struct_size == sizeof place.one);                         \
    CHECK(so);                                                                \
    for (i_ = 0; i_ < GUARD; i_++) {                                          \
      CHECK(place.guard[i_] == 0xa5);                                         \
    }                                                                         \
  } while (0)

int main(void)
{
  struct source source = source_of(CUSTOMERS, 2, 1);
  struct ArrowArrayStream audience = stream_of(&source);
  struct ArrowArrayStream rows;
  struct ArrowArray array;
  cts_engine *engine = NULL;
  cts_decision *decision = NULL;
  cts_decision *none = NULL;
  cts_facts *facts = NULL;
  cts_report *report = NULL;
  cts_provider *provider = NULL;
  cts_identity who = CTS_IDENTITY_INIT;
  cts_account *account = NULL;
  cts_changes *changes = NULL;
  cts_projection *projection = NULL;
  cts_screen_options *options = NULL;
  cts_screening *screening = NULL;
  cts_summary *summary = NULL;
  cts_error *told = NULL;
  cts_verdict verdict = CTS_VERDICT_NONE;

  CHECK(cts_abi_matches());
  CHECK(cts_abi_version() > CTS_ABI_VERSION && cts_abi_oldest() <= CTS_ABI_VERSION);

  OK(cts_engine_new_built_in(&engine, &error));
  OK(cts_engine_check_json(engine, CTS_LIT(DOCUMENT), CTS_FINDINGS, &decision, &error));
  CHECK(cts_decision_verdict(decision, &verdict) == CTS_OK && verdict == CTS_DENY);
  READ(cts_finding, CTS_FINDING_INIT, cts_decision_finding(decision, 0, &place.one),
       place.one.status == CTS_VIOLATED && place.one.verdict == CTS_DENY && place.one.rule.len > 0 && (place.one.from.len == 10 || place.one.from.data == NULL));

  CHECK(cts_engine_check_json(engine, CTS_LIT("{"), CTS_FINDINGS, &none, &told) == CTS_ERR_FACTS && none == NULL);
  READ(cts_problem, CTS_PROBLEM_INIT, cts_error_problem(told, 0, &place.one), place.one.message.len > 0);
  cts_error_free(told);

  OK(cts_facts_new_from_json(engine, CTS_LIT(DOCUMENT), &facts, &error));
  CHECK(cts_report_new(&report) == CTS_OK);
  OK(cts_engine_check_into(engine, facts, report, &error));
  READ(cts_rule, CTS_RULE_INIT, cts_report_rule(report, 0, &place.one), place.one.verdict == CTS_DENY && place.one.rule.len > 0);

  who.name = cts_str_of(CTS_LIT("Hubtype"));
  OK(cts_engine_find_provider(engine, &who, 1772463600, 0, &provider, &error));
  READ(cts_provider_info, CTS_PROVIDER_INFO_INIT, cts_provider_read(provider, &place.one), place.one.name.len > 0);

  OK(cts_account_new_from_json(CTS_LIT("{}"), &account, &error));
  OK(cts_account_apply(account, CTS_LIT(EVENT), &changes, &error));
  READ(cts_change, CTS_CHANGE_INIT, cts_changes_read(changes, 0, &place.one), place.one.outcome == CTS_CHANGE_APPLIED);
  OK(cts_engine_project(engine, account, CTS_LIT("spam"), 1772463600, 0, &projection, &error));
  READ(cts_projection_info, CTS_PROJECTION_INFO_INIT, cts_projection_read(projection, &place.one), place.one.step_count > 0);
  READ(cts_projection_step, CTS_PROJECTION_STEP_INIT, cts_projection_read_step(projection, 0, &place.one), place.one.id.len > 0);

  CHECK(cts_screen_options_new(&options) == CTS_OK);
  OK(cts_screen_options_keep(options, CTS_LIT("id"), &error));
  OK(cts_engine_screen(engine, facts, options, &audience, &rows, &screening, &error));
  for (;;) {
    CHECK(rows.get_next(&rows, &array) == 0);
    if (array.release == NULL) {
      break;
    }
    array.release(&array);
  }
  rows.release(&rows);
  all_released(&source);
  OK(cts_screening_summary(screening, &summary, &error));
  READ(cts_summary_info, CTS_SUMMARY_INFO_INIT, cts_summary_read(summary, &place.one),
       place.one.rows == 2 && place.one.worst == CTS_DENY && place.one.is_complete == 1);
  READ(cts_rule_rows, CTS_RULE_ROWS_INIT, cts_summary_rule(summary, 0, &place.one), place.one.rows == 2);
  READ(cts_missing_rows, CTS_MISSING_ROWS_INIT, cts_summary_missing(summary, 0, &place.one), place.one.path.len > 0);
  READ(cts_country_rows, CTS_COUNTRY_ROWS_INIT, cts_summary_country(summary, 0, &place.one), place.one.rows > 0);
  READ(cts_bad_value, CTS_BAD_VALUE_INIT, cts_summary_bad_value(summary, 0, &place.one), place.one.row == 1);

  cts_summary_free(summary);
  cts_screening_free(screening);
  cts_screen_options_free(options);
  cts_projection_free(projection);
  cts_changes_free(changes);
  cts_account_free(account);
  cts_provider_free(provider);
  cts_report_free(report);
  cts_decision_free(decision);
  cts_facts_free(facts);
  cts_engine_free(engine);
  return 0;
}
