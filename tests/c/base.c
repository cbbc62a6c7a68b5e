/* A base document: what is the same for all campaigns of a sender. */
#include "check.h"

#define BASE "{\"account\": {\"quality\": \"green\", \"verification\": \"verified\"}, \"access\": {\"clients\": [\"npm:axios\"]}}"
#define CAMPAIGN "{\"send_at\": \"2026-03-02T15:00:00Z\", \"account\": {\"quality\": \"red\"}, \"access\": {\"clients\": []}}"
#define WHOLE                                                                                                      \
  "{\"send_at\": \"2026-03-02T15:00:00Z\", \"account\": {\"quality\": \"red\", \"verification\": \"verified\"}," \
  " \"access\": {\"clients\": []}}"

static cts_error *error;

static cts_engine *engine_over(const char *base)
{
  cts_builder *builder = NULL;
  cts_engine *engine = NULL;
  CHECK(cts_builder_new(&builder) == CTS_OK);
  if (base != NULL) {
    OK(cts_builder_base(builder, base, strlen(base), &error));
  }
  OK(cts_engine_new(builder, &engine, &error));
  cts_builder_free(builder);
  return engine;
}

/* The decision on a document, as bytes that the caller frees. */
static char *told(const cts_engine *engine, const char *document)
{
  cts_decision *decision = NULL;
  cts_str json = {0, 0};
  char *copy = NULL;
  OK(cts_engine_check_json(engine, document, strlen(document), CTS_FINDINGS, &decision, &error));
  CHECK(cts_decision_json(decision, &json) == CTS_OK);
  copy = (char *)malloc(json.len + 1);
  CHECK(copy != NULL);
  memcpy(copy, json.data, json.len);
  copy[json.len] = '\0';
  cts_decision_free(decision);
  return copy;
}

static void a_campaign_wins_member_by_member(void)
{
  cts_engine *over = engine_over(BASE);
  cts_engine *plain = engine_over(NULL);
  char *merged = told(over, CAMPAIGN);
  char *written = told(plain, WHOLE);
  char *alone = told(plain, CAMPAIGN);
  CHECK(strcmp(merged, written) == 0);
  CHECK(strcmp(merged, alone) != 0);
  free(merged);
  free(written);
  free(alone);
  cts_engine_free(over);
  cts_engine_free(plain);
}

static void facts_begin_with_it(void)
{
  cts_engine *over = engine_over(BASE);
  cts_engine *plain = engine_over(NULL);
  cts_facts *facts = NULL;
  cts_decision *decision = NULL;
  cts_str json = {0, 0};
  uint32_t send_at = 0;
  int times = 0;
  char *written = NULL;
  OK(cts_engine_attribute(over, CTS_LIT("send_at"), &send_at, &error));
  OK(cts_facts_new(over, &facts, &error));
  /* Cleared, they are what they were when they were new. */
  for (times = 0; times < 2; times++) {
    OK(cts_facts_set_instant(facts, send_at, 1772463600, 0, &error));
    OK(cts_facts_set_json(facts, CTS_LIT("account.quality"), CTS_LIT("\"red\""), &error));
    OK(cts_facts_set_json(facts, CTS_LIT("access.clients"), CTS_LIT("[]"), &error));
    OK(cts_engine_check(over, facts, CTS_FINDINGS, &decision, &error));
    CHECK(cts_decision_json(decision, &json) == CTS_OK);
    written = told(plain, WHOLE);
    CHECK(is(json, written));
    free(written);
    cts_decision_free(decision);
    CHECK(cts_facts_clear(facts) == CTS_OK);
  }
  cts_facts_free(facts);
  cts_engine_free(over);
  cts_engine_free(plain);
}

static void a_live_engine_keeps_what_is_not_named(void)
{
  cts_engine *engine = engine_over(BASE);
  cts_builder *builder = NULL;
  char *before = told(engine, CAMPAIGN);
  char *after = NULL;
  CHECK(cts_builder_new(&builder) == CTS_OK);
  OK(cts_engine_replace(engine, builder, &error));
  after = told(engine, CAMPAIGN);
  CHECK(strcmp(before, after) == 0);
  free(after);
  OK(cts_builder_base(builder, CTS_LIT("{}"), &error));
  OK(cts_engine_replace(engine, builder, &error));
  after = told(engine, CAMPAIGN);
  CHECK(strcmp(before, after) != 0);
  free(after);
  free(before);
  cts_builder_free(builder);
  cts_engine_free(engine);
}

static void what_is_wrong_with_it_is_told(void)
{
  cts_builder *builder = NULL;
  cts_engine *engine = NULL;
  cts_str message = {0, 0};
  cts_problem problem = CTS_PROBLEM_INIT;
  CHECK(cts_builder_new(&builder) == CTS_OK);
  OK(cts_builder_base(builder, CTS_LIT("{\"account\": {\"quality\": \"reed\"}}"), &error));
  CHECK(cts_engine_new(builder, &engine, &error) == CTS_ERR_FACTS && engine == NULL);
  CHECK(cts_error_message(error, &message) == CTS_OK && message.len > 15 && memcmp(message.data, "base document: ", 15) == 0);
  CHECK(cts_error_problem(error, 0, &problem) == CTS_OK);
  CHECK(is(problem.code, "facts/value-outside-list") && is(problem.place, "account.quality"));
  cts_error_free(error);
  error = NULL;
  OK(cts_builder_base(builder, CTS_LIT("{\"recipient\": {\"phone\": \"+34600000000\"}}"), &error));
  FAILS(cts_engine_new(builder, &engine, &error), CTS_ERR_FACTS, "facts/recipient-in-base");
  OK(cts_builder_base(builder, CTS_LIT("base.json"), &error));
  FAILS(cts_engine_new(builder, &engine, &error), CTS_ERR_FACTS, "facts/syntax");
  cts_builder_free(builder);
}

int main(void)
{
  a_campaign_wins_member_by_member();
  facts_begin_with_it();
  a_live_engine_keeps_what_is_not_named();
  what_is_wrong_with_it_is_told();
  return 0;
}
