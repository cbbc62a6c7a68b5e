/* A document in, a decision out: everything that can be read from it. */
#include "check.h"

static const char ROGUE[] =
  "{\"send_at\": \"2026-03-02T15:00:00Z\", \"access\": {\"route\": \"unofficial\"}, \"campaign\": {\"use_case\": \"marketing\"}}";

static int has_nul_or_no_end(cts_str text)
{
  return text.data == NULL || text.len > 100000;
}

static int same(cts_str a, cts_str b)
{
  return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static int begins(const cts_decision *decision, int32_t language, const char *beginning)
{
  cts_str text = {0, 0};
  size_t len = strlen(beginning);
  CHECK(cts_decision_text(decision, language, &text) == CTS_OK);
  return text.len > len && memcmp(text.data, beginning, len) == 0 && text.data[text.len - 1] == '\n';
}

static size_t count_of(const cts_decision *decision)
{
  size_t count = 0;
  CHECK(cts_decision_finding_count(decision, &count) == CTS_OK);
  return count;
}

static int holds_text(cts_str text, cts_str wanted)
{
  size_t i = 0;
  for (i = 0; i + wanted.len <= text.len; i++) {
    if (memcmp(text.data + i, wanted.data, wanted.len) == 0) {
      return 1;
    }
  }
  return 0;
}

static int holds(cts_str text, const char *wanted)
{
  cts_str of = {wanted, strlen(wanted)};
  return holds_text(text, of);
}

/* A record has the decision as a check gives it; a key hides who the recipient is. */
static void records(void)
{
  static const char TO_SOMEBODY[] =
    "{\"send_at\": \"2026-03-02T15:00:00Z\", \"campaign\": {\"initiated_by\": \"business\"}, \"recipient\": {\"phone\": \"+34600112233\"}}";
  static const char NAMED[] =
    "{\"send_at\": \"2026-03-02T15:00:00Z\", \"campaign\": {\"name\": \"to 600 11 22 33\"}, \"recipient\": {\"phone\": \"+34600112233\"}}";
  static const char KEY[] = "cts-mask-key-1:000102030405060708090a0b0c0d0e0f\n";
  cts_record_options options = CTS_RECORD_OPTIONS_INIT;
  cts_engine *engine = NULL;
  cts_facts *facts = NULL;
  cts_decision *decision = NULL;
  cts_text *record = NULL;
  cts_text *again = NULL;
  cts_error *error = NULL;
  cts_str json = {0, 0};
  cts_str text = {0, 0};
  cts_str other = {0, 0};

  OK(cts_engine_new_built_in(&engine, &error));
  OK(cts_facts_new_from_json(engine, CTS_LIT(TO_SOMEBODY), &facts, &error));
  OK(cts_engine_check(engine, facts, CTS_FINDINGS, &decision, &error));
  CHECK(cts_decision_json(decision, &json) == CTS_OK);

  OK(cts_engine_record(engine, facts, NULL, &record, &error));
  OK(cts_engine_record_json(engine, CTS_LIT(TO_SOMEBODY), &options, &again, &error));
  CHECK(cts_text_read(record, &text) == CTS_OK && cts_text_read(again, &other) == CTS_OK);
  CHECK(same(text, other));
  CHECK(memcmp(text.data, "{\"record\":1,\"facts\":{", 21) == 0 && memchr(text.data, '\n', text.len) == NULL);
  CHECK(holds_text(text, json) && holds(text, "+34600112233"));
  CHECK(holds(text, "\"explanation\":null,\"screening\":null,\"masked\":null,\"rests_on\":{"));
  cts_text_free(again);
  cts_text_free(record);

  options.explain = 1;
  OK(cts_engine_record(engine, facts, &options, &record, &error));
  CHECK(cts_text_read(record, &text) == CTS_OK && holds(text, "\"explanation\":{\"checklist\":["));
  cts_text_free(record);

  options.mask_key.data = KEY;
  options.mask_key.len = sizeof KEY - 1;
  OK(cts_engine_record(engine, facts, &options, &record, &error));
  CHECK(cts_text_read(record, &text) == CTS_OK && holds(text, "\"by\":\"hmac-sha256\"") && !holds(text, "600112233"));
  cts_text_free(record);
  FAILS(cts_engine_record_json(engine, CTS_LIT(NAMED), &options, &record, &error), CTS_ERR_RECORD, "record/name-elsewhere");
  CHECK(record == NULL);
  options.mask_key.data = "a long line of text that is no key";
  options.mask_key.len = 34;
  FAILS(cts_engine_record(engine, facts, &options, &record, &error), CTS_ERR_RECORD, "record/mask-key");
  FAILS(cts_engine_record_json(engine, CTS_LIT("{}"), NULL, &record, &error), CTS_ERR_FACTS, "facts/missing-send-at");

  cts_decision_free(decision);
  cts_facts_free(facts);
  cts_engine_free(engine);
}

/* An exception lowers what a rule finds, and says why. */
static void waivers(void)
{
  static const char TEMPLATE[] =
    "{\"send_at\": \"2026-03-02T15:00:00Z\", \"campaign\": {\"content\": \"template\", \"template\": {\"status\": \"rejected\"}}}";
  static const char WAIVER[] =
    "[[waiver]]\nrule = \"whatsapp/template.not-approved\"\nlower_to = \"note\"\nreason = \"seen\"\nby = \"Ana\"\n"
    "from = 2026-01-01\nuntil = 2026-07-01\n";
  static const char OF_NO_RULE[] =
    "[[waiver]]\nrule = \"whatsapp/template.none\"\nlower_to = \"note\"\nreason = \"seen\"\nby = \"Ana\"\n"
    "from = 2026-01-01\nuntil = 2026-07-01\n";
  static const char OF_A_RULE_WITHOUT_EXCEPTIONS[] =
    "[[waiver]]\nrule = \"whatsapp/consent.opted-out\"\nlower_to = \"note\"\nreason = \"seen\"\nby = \"Ana\"\n"
    "from = 2026-01-01\nuntil = 2026-07-01\n";
  cts_builder *builder = NULL;
  cts_engine *engine = NULL;
  cts_decision *decision = NULL;
  cts_error *error = NULL;
  size_t i = 0;
  int waived = 0;

  CHECK(cts_builder_new(&builder) == CTS_OK);
  OK(cts_builder_add_waivers(builder, CTS_LIT("w.toml"), CTS_LIT(WAIVER), &error));
  OK(cts_engine_new(builder, &engine, &error));
  OK(cts_engine_check_json(engine, CTS_LIT(TEMPLATE), CTS_FINDINGS, &decision, &error));
  for (i = 0; i < count_of(decision); i++) {
    cts_finding finding = CTS_FINDING_INIT;
    CHECK(cts_decision_finding(decision, i, &finding) == CTS_OK);
    CHECK(finding.labels.data == NULL);
    if (!is(finding.rule, "template.not-approved")) {
      CHECK(finding.waiver_reason.data == NULL && finding.waiver_by.data == NULL && finding.waiver_until.data == NULL);
      continue;
    }
    waived = 1;
    CHECK(finding.status == CTS_VIOLATED && finding.verdict == CTS_NOTE && finding.exposure_count == 0);
    CHECK(is(finding.waiver_reason, "seen") && is(finding.waiver_by, "Ana") && is(finding.waiver_until, "2026-07-01"));
  }
  CHECK(waived);
  cts_decision_free(decision);
  cts_engine_free(engine);
  OK(cts_builder_add_waivers(builder, CTS_LIT("w.toml"), CTS_LIT(OF_NO_RULE), &error));
  FAILS(cts_engine_new(builder, &engine, &error), CTS_ERR_PACK, "pack/unknown-rule");
  cts_builder_free(builder);
  CHECK(cts_builder_new(&builder) == CTS_OK);
  OK(cts_builder_add_waivers(builder, CTS_LIT("w.toml"), CTS_LIT(OF_A_RULE_WITHOUT_EXCEPTIONS), &error));
  FAILS(cts_engine_new(builder, &engine, &error), CTS_ERR_PACK, "pack/not-waivable");
  cts_builder_free(builder);
}

int main(void)
{
  cts_engine *engine = NULL;
  cts_decision *decision = NULL;
  cts_decision *again = NULL;
  cts_error *error = NULL;
  cts_verdict verdict = CTS_VERDICT_NONE;
  cts_str json = {0, 0};
  cts_str digest = {0, 0};
  cts_str other = {0, 0};
  const cts_str *list = NULL;
  size_t count = 0;
  size_t every = 0;
  size_t i = 0;
  int violated = 0;

  CHECK(cts_abi_matches());
  CHECK(strcmp(cts_version(), CTS_VERSION) == 0);

  OK(cts_engine_new_built_in(&engine, &error));
  OK(cts_engine_check_json(engine, CTS_LIT(ROGUE), CTS_FINDINGS, &decision, &error));
  CHECK(cts_decision_verdict(decision, &verdict) == CTS_OK);
  CHECK(verdict == CTS_DENY);
  CHECK(strcmp(cts_verdict_name(verdict), "deny") == 0);

  CHECK(cts_decision_finding_count(decision, &count) == CTS_OK);
  CHECK(count > 1);
  for (i = 0; i < count; i++) {
    cts_finding finding = CTS_FINDING_INIT;
    size_t j = 0;
    CHECK(cts_decision_finding(decision, i, &finding) == CTS_OK);
    CHECK(finding.struct_size == sizeof finding);
    CHECK(finding.status == CTS_VIOLATED || finding.status == CTS_UNDETERMINED);
    CHECK(finding.status == CTS_VIOLATED || finding.verdict == CTS_REVIEW);
    CHECK(i > 0 || finding.verdict == verdict);
    CHECK(is(finding.pack, "whatsapp"));
    CHECK(finding.rule.len > finding.topic.len);
    CHECK(!has_nul_or_no_end(finding.title) && finding.title.len > 0);
    CHECK(!has_nul_or_no_end(finding.message) && finding.message.len > 0);
    CHECK(!has_nul_or_no_end(finding.advice) && finding.advice.len > 0);
    CHECK(finding.source_title.len > 0 && finding.source_url.len > 8 && finding.source_retrieved.len == 10);
    CHECK(finding.source_confidence.data == NULL || is(finding.source_confidence, "unconfirmed"));
    CHECK(finding.from.data == NULL || finding.from.len == 10);
    CHECK(finding.facts.len >= 2 && finding.facts.data[0] == '{' && finding.facts.data[finding.facts.len - 1] == '}');
    CHECK(finding.status != CTS_VIOLATED || (finding.facts.len > 4 && finding.facts.data[1] == '"'));
    CHECK(finding.error_code.data == NULL && finding.error_message.data == NULL);
    CHECK(finding.until.data == NULL || finding.until.len >= 10);
    CHECK(finding.status == CTS_VIOLATED || finding.missing_count > 0);
    CHECK(finding.status == CTS_VIOLATED || finding.exposure_count == 0);
    for (j = 0; j < finding.missing_count; j++) {
      CHECK(finding.missing[j].len > 0);
    }
    for (j = 0; j < finding.exposure_count; j++) {
      CHECK(finding.exposure[j].len > 0);
    }
    violated += finding.status == CTS_VIOLATED;
  }
  CHECK(violated > 0);

  CHECK(cts_decision_exposure(decision, &list, &count) == CTS_OK);
  CHECK(count > 0 && list[0].len > 0);
  CHECK(cts_decision_missing(decision, &list, &count) == CTS_OK);
  CHECK(count > 0 && list[count - 1].len > 0);

  CHECK(cts_decision_json(decision, &json) == CTS_OK);
  CHECK(json.len > 100 && json.data[0] == '{' && json.data[json.len - 1] == '}');
  CHECK(cts_decision_digest(decision, &digest) == CTS_OK);
  CHECK(digest.len == 7 + 64 && memcmp(digest.data, "sha256:", 7) == 0);

  /* People read it in their language; what programs read does not depend on it. */
  CHECK(begins(decision, CTS_ENGLISH, "DENY  not clear to send\n"));
  CHECK(begins(decision, CTS_SPANISH, "DENEGADO  no se puede enviar\n"));
  CHECK(begins(decision, CTS_PORTUGUESE, "NEGADO  o envio n\xc3\xa3o pode ser feito\n"));
  for (i = 0; i < count_of(decision); i++) {
    cts_finding finding = CTS_FINDING_INIT;
    cts_finding_texts english = CTS_FINDING_TEXTS_INIT;
    cts_finding_texts spanish = CTS_FINDING_TEXTS_INIT;
    CHECK(cts_decision_finding(decision, i, &finding) == CTS_OK);
    CHECK(cts_decision_finding_texts(decision, i, CTS_ENGLISH, &english) == CTS_OK);
    CHECK(cts_decision_finding_texts(decision, i, CTS_SPANISH, &spanish) == CTS_OK);
    CHECK(same(english.title, finding.title) && same(english.message, finding.message));
    CHECK(same(english.advice, finding.advice));
    CHECK(spanish.struct_size == sizeof spanish && spanish.title.len > 0 && spanish.message.len > 0);
    CHECK(finding.status == CTS_VIOLATED || !same(spanish.message, finding.message));
  }
  CHECK(cts_decision_json(decision, &other) == CTS_OK);
  CHECK(same(other, json));

  /* The same question has the same answer, and the decision outlives the engine. */
  OK(cts_engine_check_json(engine, CTS_LIT(ROGUE), CTS_EVERY_RULE, &again, &error));
  CHECK(cts_decision_finding_count(again, &every) == CTS_OK);
  CHECK(cts_decision_finding_count(decision, &count) == CTS_OK);
  CHECK(every > count);
  cts_decision_free(again);
  OK(cts_engine_check_json_at(engine, CTS_LIT(ROGUE), 1772463600, 0, CTS_FINDINGS, &again, &error));
  CHECK(cts_decision_json(again, &other) == CTS_OK);
  CHECK(other.len == json.len && memcmp(other.data, json.data, json.len) == 0);
  cts_engine_free(engine);
  CHECK(cts_decision_digest(again, &other) == CTS_OK);
  CHECK(other.len == digest.len && memcmp(other.data, digest.data, digest.len) == 0);
  CHECK(begins(again, CTS_SPANISH, "DENEGADO  no se puede enviar\n"));

  cts_decision_free(again);
  cts_decision_free(decision);
  waivers();
  records();
  return 0;
}
