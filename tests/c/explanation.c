/* Facts or a document in, an explanation out. The argument is the campaign to Turkey of the examples. */
#include "check.h"

static int same(cts_str a, cts_str b)
{
  return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static int has(cts_str text, const char *wanted)
{
  size_t len = strlen(wanted);
  size_t i = 0;
  for (i = 0; i + len <= text.len; i++) {
    if (memcmp(text.data + i, wanted, len) == 0) {
      return 1;
    }
  }
  return 0;
}

static cts_str json_of(const cts_explanation *explanation)
{
  cts_str json = {0, 0};
  CHECK(cts_explanation_json(explanation, &json) == CTS_OK);
  return json;
}

static int begins(cts_str text, const char *beginning)
{
  size_t len = strlen(beginning);
  return text.len > len && memcmp(text.data, beginning, len) == 0 && text.data[text.len - 1] == '\n';
}

int main(int argc, char **argv)
{
  cts_engine *engine = NULL;
  cts_facts *facts = NULL;
  cts_decision *decision = NULL;
  cts_decision *checked = NULL;
  cts_explanation *explanation = NULL;
  cts_explanation *other = NULL;
  cts_error *error = NULL;
  cts_explain_options options = CTS_EXPLAIN_OPTIONS_INIT;
  cts_verdict verdict = CTS_VERDICT_NONE;
  cts_str text = {0, 0};
  cts_str of_check = {0, 0};
  cts_str of_explanation = {0, 0};
  size_t len = 0;
  char *document = read_file(argc == 2 ? argv[1] : "", &len);

  OK(cts_engine_new_built_in(&engine, &error));
  OK(cts_facts_new_from_json(engine, document, len, &facts, &error));

  /* Without options, with those that say nothing, of facts and of a document: the same. */
  OK(cts_engine_explain(engine, facts, NULL, &explanation, &error));
  OK(cts_engine_explain_json(engine, document, len, &options, &other, &error));
  CHECK(same(json_of(explanation), json_of(other)));
  CHECK(json_of(explanation).data == json_of(explanation).data);
  cts_explanation_free(other);

  /* The decision is that of a check, and lives on without the explanation. */
  OK(cts_engine_check(engine, facts, CTS_FINDINGS, &checked, &error));
  CHECK(cts_explanation_decision(explanation, &decision) == CTS_OK);
  CHECK(cts_decision_json(checked, &of_check) == CTS_OK);
  CHECK(cts_decision_json(decision, &of_explanation) == CTS_OK);
  CHECK(same(of_check, of_explanation));
  CHECK(cts_decision_verdict(decision, &verdict) == CTS_OK && verdict == CTS_DENY);

  CHECK(cts_explanation_text(explanation, CTS_ENGLISH, &text) == CTS_OK && begins(text, "DENY  not clear to send\n"));
  CHECK(has(text, "What would help"));
  CHECK(cts_explanation_text(explanation, CTS_SPANISH, &text) == CTS_OK && begins(text, "DENEGADO  no se puede enviar\n"));
  CHECK(cts_explanation_text(explanation, CTS_PORTUGUESE, &text) == CTS_OK && begins(text, "NEGADO  o envio"));

  /* Fewer fixes, no timeline, another end of it. */
  options.fixes_max = 1;
  options.timeline = CTS_TIMELINE_NONE;
  OK(cts_engine_explain(engine, facts, &options, &other, &error));
  CHECK(has(json_of(other), "\"timeline\":null") && has(json_of(other), "\"fixes\":[{"));
  cts_explanation_free(other);
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.timeline = CTS_TIMELINE_UNTIL;
  options.until_seconds = 4102444800;
  FAILS(cts_engine_explain(engine, facts, &options, &other, &error), CTS_ERR_VALUE, "explain/bad-horizon");
  CHECK(other == NULL);
  options.until_seconds = 1715731200; /* 2024-05-15T00:00:00Z */
  OK(cts_engine_explain(engine, facts, &options, &other, &error));
  CHECK(has(json_of(other), "\"until\":\"2024-05-15T00:00:00Z\"") && has(json_of(other), "\"clear_from\":null"));
  cts_explanation_free(other);

  cts_explanation_free(explanation);
  CHECK(cts_decision_json(decision, &of_explanation) == CTS_OK);
  CHECK(same(of_check, of_explanation));
  cts_decision_free(decision);
  cts_decision_free(checked);
  cts_facts_free(facts);
  cts_engine_free(engine);
  cts_explanation_free(NULL);
  free(document);
  return 0;
}
