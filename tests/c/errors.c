/* Errors say what, where and by which name; packs and directories come from folders and from memory. */
#include "check.h"

static const char MANIFEST[] =
  "name = \"house\"\nversion = \"1.0.0\"\nrequires = \">=1.0.0, <2.0.0\"\ntitle = \"House rules\"\npublished = 2026-01-01\n"
  "[sources.house]\ntitle = \"House rules\"\nurl = \"https://example.com/rules\"\nretrieved = 2026-01-01\nconfidence = \"official\"\n";

static const char RULES[] =
  "[[rule]]\nid = \"feedback.red\"\ntopic = \"feedback\"\ntitle = \"No sending on red\"\n"
  "forbids = 'account.quality == \"red\"'\nverdict = \"deny\"\nfrom = 2018-01-01\nsource = { id = \"house\" }\n"
  "message = \"the quality is {account.quality}\"\nadvice = \"Wait.\"\nexposure = [\"warning\"]\n";

static const char WRONG[] =
  "[[rule]]\nid = \"feedback.red\"\ntopic = \"feedback\"\ntitle = \"No sending on red\"\n"
  "forbids = 'account.qualty == \"red\"'\nverdict = \"deny\"\nfrom = 2018-01-01\nsource = { id = \"home\" }\n"
  "message = \"red\"\nadvice = \"Wait.\"\nexposure = [\"warning\"]\n";

static const char DIRECTORY[] =
  "{\"source\": \"a test\", \"retrieved_at\": \"2026-03-01T00:00:00Z\", \"complete\": true,"
  " \"covers\": {\"from\": \"2018-08-01\", \"until\": null}, \"providers\": [{\"id\": \"acme\", \"name\": \"Acme\", \"aliases\": [],"
  " \"domains\": [\"acme.example\"], \"role\": \"solution_partner\", \"listed\": [{\"from\": \"2018-08-01\", \"until\": \"2026-01-01\"}],"
  " \"evidence\": \"seen\"}]}";

static const char RED[] = "{\"send_at\": \"2026-03-02T15:00:00Z\", \"account\": {\"quality\": \"red\"}}";

static cts_error *error;

static cts_pack_file file(const char *path, const char *text)
{
  cts_pack_file file;
  file.path = cts_str_of(path, strlen(path));
  file.data = text;
  file.len = strlen(text);
  return file;
}

static cts_listing listing(const cts_engine *engine, const char *name, const char *domain, int64_t at, const char *id)
{
  cts_identity who = CTS_IDENTITY_INIT;
  cts_provider *provider = NULL;
  cts_provider_info info = CTS_PROVIDER_INFO_INIT;
  if (name != NULL) {
    who.name = cts_str_of(name, strlen(name));
  }
  if (domain != NULL) {
    who.domain = cts_str_of(domain, strlen(domain));
  }
  OK(cts_engine_find_provider(engine, &who, at, 0, &provider, &error));
  CHECK(cts_provider_read(provider, &info) == CTS_OK);
  CHECK(id == NULL ? info.id.data == NULL : is(info.id, id) && is(info.name, "Acme") && is(info.evidence, "seen"));
  cts_provider_free(provider);
  return info.listing;
}

/* What an error code of WhatsApp means: known, not known, and as a subcode. */
static void codes(void)
{
  cts_text *json = NULL;
  cts_str text = {0, 0};
  OK(cts_code_explain(131049, &json, &error));
  CHECK(cts_text_read(json, &text) == CTS_OK && text.len > 20 && memcmp(text.data, "{\"code\":131049,", 15) == 0);
  cts_text_free(json);
  FAILS(cts_code_explain(-1, &json, &error), CTS_ERR_EMPTY, "account/unknown-code");
  CHECK(json == NULL);
  FAILS(cts_code_explain_subcode(131049, -1, &json, &error), CTS_ERR_EMPTY, "account/unknown-code");
  CHECK(json == NULL);
}

int main(int argc, char **argv)
{
  cts_engine *engine = NULL;
  cts_builder *builder = NULL;
  cts_decision *decision = NULL;
  cts_problem problem = CTS_PROBLEM_INIT;
  cts_pack_file files[2];
  cts_verdict verdict = CTS_VERDICT_NONE;
  size_t count = 0;
  uint32_t attribute = 0;

  CHECK(argc == 2);
  codes();

  /* A document: code, place, message. */
  OK(cts_engine_new_built_in(&engine, &error));
  CHECK(cts_engine_check_json(engine, CTS_LIT("{\"account\": {\n  \"qualty\": \"red\"}}"), CTS_FINDINGS, &decision, &error) == CTS_ERR_FACTS);
  CHECK(decision == NULL && error != NULL);
  CHECK(cts_error_problem_count(error, &count) == CTS_OK && count == 2);
  CHECK(cts_error_problem(error, 0, &problem) == CTS_OK);
  CHECK(is(problem.code, "facts/unknown-member") && is(problem.place, "account.qualty"));
  CHECK(problem.message.len > 0);
  /* All that is wrong with it, by path. */
  CHECK(cts_error_problem(error, 1, &problem) == CTS_OK);
  CHECK(is(problem.code, "facts/missing-send-at") && is(problem.place, "send_at"));
  CHECK(cts_error_problem(error, 2, &problem) == CTS_ERR_INDEX);
  cts_error_free(error);
  error = NULL;
  FAILS(cts_engine_attribute(engine, CTS_LIT("account.qualty"), &attribute, &error), CTS_ERR_ATTRIBUTE, "c/unknown-attribute");
  CHECK(cts_engine_check_json(engine, CTS_LIT("{\"account\":\n  {\"quality\": red}}"), CTS_FINDINGS, &decision, &error) == CTS_ERR_FACTS);
  CHECK(cts_error_problem(error, 0, &problem) == CTS_OK);
  CHECK(is(problem.code, "facts/syntax") && problem.line == 2 && problem.column > 0);
  cts_error_free(error);
  error = NULL;
  /* Nobody has to want the error. */
  CHECK(cts_engine_check_json(engine, CTS_LIT("{"), CTS_FINDINGS, &decision, NULL) == CTS_ERR_FACTS);
  cts_engine_free(engine);
  engine = NULL;

  /* A pack of bytes, every problem of it at once. */
  CHECK(cts_builder_new(&builder) == CTS_OK);
  OK(cts_builder_without_built_in(builder, &error));
  FAILS(cts_engine_new(builder, &engine, &error), CTS_ERR_PACK, "c/no-pack");
  files[0] = file("pack.toml", MANIFEST);
  files[1] = file("rules/feedback.toml", WRONG);
  OK(cts_builder_add_pack_files(builder, CTS_LIT("house"), files, 2, &error));
  CHECK(cts_engine_new(builder, &engine, &error) == CTS_ERR_PACK);
  CHECK(engine == NULL && error != NULL);
  CHECK(cts_error_problem_count(error, &count) == CTS_OK && count == 2);
  CHECK(cts_error_problem(error, 0, &problem) == CTS_OK);
  CHECK(is(problem.place, "rules/feedback.toml") && problem.line == 5 && problem.column > 0);
  CHECK(cts_error_problem(error, 1, &problem) == CTS_OK);
  CHECK(is(problem.place, "rules/feedback.toml") && problem.line == 8);
  cts_error_free(error);
  error = NULL;
  cts_builder_free(builder);

  /* The same pack put right, and a directory: both judge. */
  CHECK(cts_builder_new(&builder) == CTS_OK);
  files[1] = file("rules/feedback.toml", RULES);
  OK(cts_builder_without_built_in(builder, &error));
  OK(cts_builder_add_pack_files(builder, CTS_LIT("house"), files, 2, &error));
  FAILS(cts_builder_set_directory(builder, CTS_LIT("{\"sauce\": 1}"), &error), CTS_ERR_DIRECTORY, "directory/unknown-member");
  OK(cts_builder_set_directory(builder, CTS_LIT(DIRECTORY), &error));
  OK(cts_engine_new(builder, &engine, &error));
  cts_builder_free(builder);
  OK(cts_engine_check_json(engine, CTS_LIT(RED), CTS_FINDINGS, &decision, &error));
  CHECK(cts_decision_verdict(decision, &verdict) == CTS_OK && verdict == CTS_DENY);
  CHECK(cts_decision_finding_count(decision, &count) == CTS_OK && count == 1);
  cts_decision_free(decision);
  CHECK(listing(engine, "ACME", NULL, 1735689600, "acme") == CTS_LISTED);
  CHECK(listing(engine, "Acme", "app.acme.example", 1772463600, "acme") == CTS_DELISTED);
  CHECK(listing(engine, "Somebody", NULL, 1772463600, NULL) == CTS_UNLISTED);
  CHECK(listing(engine, NULL, NULL, 1772463600, NULL) == CTS_LISTING_UNKNOWN);

  /* The packs are replaced and the directory stays; then something wrong, and everything stays. */
  CHECK(cts_builder_new(&builder) == CTS_OK);
  OK(cts_builder_add_pack_folder(builder, argv[1], strlen(argv[1]), &error));
  OK(cts_engine_replace(engine, builder, &error));
  CHECK(listing(engine, "Somebody", NULL, 1772463600, NULL) == CTS_UNLISTED);
  OK(cts_engine_check_json(engine, CTS_LIT(RED), CTS_FINDINGS, &decision, &error));
  CHECK(cts_decision_finding_count(decision, &count) == CTS_OK && count > 1);
  cts_decision_free(decision);
  OK(cts_builder_add_built_in_pack(builder, CTS_LIT("whatsapp"), &error));
  OK(cts_engine_replace(engine, builder, &error));
  OK(cts_builder_add_built_in_pack(builder, CTS_LIT("whatsap"), &error));
  FAILS(cts_engine_replace(engine, builder, &error), CTS_ERR_PACK, "engine/unknown-pack");
  OK(cts_engine_check_json(engine, CTS_LIT(RED), CTS_FINDINGS, &decision, &error));
  cts_decision_free(decision);
  FAILS(cts_builder_add_pack_folder(builder, CTS_LIT("/nowhere/at/all"), &error), CTS_ERR_FILE, "c/file");
  cts_builder_free(builder);
  cts_engine_free(engine);
  return 0;
}
