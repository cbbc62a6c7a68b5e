/* A library without what it may do without: it judges, and says of all else that it was left out. The argument is a campaign document that is
 * clear to send. */
#include "check.h"

static cts_error *error;

#define LEFT_OUT(call) FAILS((call), CTS_ERR_VALUE, "c/not-built-in")

static void accounts(const cts_engine *engine)
{
  cts_account *account = NULL;
  cts_projection *projection = NULL;
  cts_text *json = NULL;
  LEFT_OUT(cts_account_new_from_json(CTS_LIT("{}"), &account, &error));
  LEFT_OUT(cts_accounts_in(CTS_LIT("{}"), &json, &error));
  LEFT_OUT(cts_code_explain(131049, &json, &error));
  LEFT_OUT(cts_code_explain_subcode(1, 2, &json, &error));
  LEFT_OUT(cts_engine_project(engine, account, CTS_LIT("spam"), 0, 0, &projection, &error));
  LEFT_OUT(cts_account_show(account, NULL, 0, &json, &error));
  CHECK(account == NULL && projection == NULL && json == NULL);
  cts_account_free(account);
}

static void audiences(const cts_engine *engine, const cts_facts *campaign)
{
  struct ArrowArrayStream audience;
  struct ArrowArrayStream rows;
  cts_screening *screening = NULL;
  cts_summary *summary = NULL;
  cts_bytes *bytes = NULL;
  memset(&audience, 0, sizeof audience);
  memset(&rows, 1, sizeof rows);
  LEFT_OUT(cts_engine_screen(engine, campaign, NULL, &audience, &rows, &screening, &error));
  CHECK(rows.release == NULL);
  LEFT_OUT(cts_summary_new_from_json(CTS_LIT("{}"), 1, &summary, &error));
  LEFT_OUT(cts_summary_merge(NULL, 0, &summary, &error));
  LEFT_OUT(cts_engine_screen_bytes(engine, campaign, NULL, CTS_LIT("id\n1\n"), CTS_CSV, CTS_NDJSON, &bytes, &summary, &error));
  LEFT_OUT(cts_engine_screen_file(engine, campaign, NULL, CTS_LIT("people.csv"), CTS_CSV, NULL, 0, 0, &summary, &error));
  CHECK(screening == NULL && summary == NULL && bytes == NULL);
}

static void the_rest(const cts_engine *engine, const cts_facts *facts, const char *document, size_t len)
{
  cts_text *json = NULL;
  cts_verdict verdict = CTS_ALLOW;
  LEFT_OUT(cts_engine_record(engine, facts, NULL, &json, &error));
  LEFT_OUT(cts_engine_record_json(engine, document, len, NULL, &json, &error));
  LEFT_OUT(cts_scan(CTS_LIT("."), NULL, 0, &verdict, &json, &error));
  CHECK(json == NULL && verdict == CTS_VERDICT_NONE);
}

/* A pack is read and stacked; only what its author asks is left out. */
static void packs(void)
{
  cts_pack *pack = NULL;
  cts_text *json = NULL;
  size_t warnings = 7;
  uint32_t passed = 7;
  OK(cts_pack_read_folder(CTS_LIT("packs/whatsapp"), &pack, &error));
  LEFT_OUT(cts_pack_lint(pack, 0, &warnings, &json, &error));
  LEFT_OUT(cts_pack_test(pack, &passed, &json, &error));
  CHECK(warnings == 0 && passed == 0 && json == NULL);
  cts_pack_free(pack);
}

int main(int argc, char **argv)
{
  cts_engine *engine = NULL;
  cts_facts *facts = NULL;
  cts_decision *decision = NULL;
  cts_verdict verdict = CTS_VERDICT_NONE;
  cts_explanation *explanation = NULL;
  char *document = NULL;
  size_t len = 0;
  CHECK(argc == 2);
  document = read_file(argv[1], &len);
  OK(cts_engine_new_built_in(&engine, &error));
  OK(cts_engine_check_json(engine, document, len, CTS_FINDINGS, &decision, &error));
  CHECK(cts_decision_verdict(decision, &verdict) == CTS_OK && verdict == CTS_ALLOW);
  OK(cts_engine_explain_json(engine, document, len, NULL, &explanation, &error));
  OK(cts_facts_new_from_json(engine, document, len, &facts, &error));
  accounts(engine);
  audiences(engine, facts);
  the_rest(engine, facts, document, len);
  packs();
  cts_explanation_free(explanation);
  cts_decision_free(decision);
  cts_facts_free(facts);
  cts_engine_free(engine);
  free(document);
  return 0;
}
