/* Packs before they are put in force: read, looked at, tested, and added to a builder. The argument is the folder of the built-in packs. */
#include "check.h"

#define MANIFEST                                                                                                     \
  "name = \"house\"\nversion = \"1.0.0\"\nrequires = \">=1.0\"\ntitle = \"Rules of the house\"\npublished = 2026-01-01\n" \
  "[sources.house]\ntitle = \"The house\"\nurl = \"https://house.example/\"\nretrieved = 2026-01-01\nconfidence = \"official\"\n"
#define RULE                                                                                                            \
  "[[rule]]\nid = \"feedback.red\"\ntopic = \"feedback\"\ntitle = \"Not with a red rating\"\n"                              \
  "forbids = 'account.quality == \"red\"'\nverdict = \"deny\"\nfrom = 2018-01-01\nsource = { id = \"house\" }\n"             \
  "message = \"the rating is {account.quality}\"\nadvice = \"Wait.\"\nexposure = [\"warning\"]\n"
#define TEST(verdict)                                                                                     \
  "[[test]]\nname = \"red is not clear\"\nset = { send_at = 2026-03-02T15:00:00Z, account.quality = \"red\" }\n" \
  "expect = { verdict = \"" verdict "\", violated = [\"feedback.red\"] }\n"

static cts_error *error;

static cts_str str(const char *text)
{
  return cts_str_of(text, strlen(text));
}

static cts_status house(const char *rule, const char *tests, cts_pack **pack)
{
  cts_pack_file files[3];
  const char *texts[3];
  const char *paths[3] = {"pack.toml", "rules/house.toml", "tests/house.toml"};
  size_t i = 0;
  texts[0] = MANIFEST;
  texts[1] = rule;
  texts[2] = tests;
  for (i = 0; i < 3; i++) {
    files[i].path = str(paths[i]);
    files[i].data = texts[i];
    files[i].len = strlen(texts[i]);
  }
  return cts_pack_read_files(CTS_LIT("packs/house"), files, 3, pack, &error);
}

/* What a call says in JSON, which has to have a part. */
static void says(cts_text *json, const char *wanted)
{
  cts_str text = {0, 0};
  char *copy = NULL;
  CHECK(cts_text_read(json, &text) == CTS_OK);
  copy = (char *)calloc(1, text.len + 1);
  CHECK(copy != NULL);
  memcpy(copy, text.data, text.len);
  if (strstr(copy, wanted) == NULL) {
    fprintf(stderr, "%s\nhas no %s\n", copy, wanted);
    exit(1);
  }
  free(copy);
  cts_text_free(json);
}

static void tested(void)
{
  cts_pack *pack = NULL;
  cts_text *json = NULL;
  uint32_t passed = 7;
  OK(house(RULE, TEST("allow"), &pack));
  OK(cts_pack_test(pack, &passed, &json, &error));
  CHECK(passed == 0);
  says(json, "\"verdict: expected allow, got deny\"");
  cts_pack_free(pack);
  /* One test does not show what is not violated. */
  OK(house(RULE, TEST("deny"), &pack));
  OK(cts_pack_test(pack, &passed, &json, &error));
  CHECK(passed == 0);
  says(json, "\"failed\":[],\"not_covered\":[{");
  cts_pack_free(pack);
}

static void looked_at(const char *folder)
{
  char path[4096];
  cts_pack *pack = NULL;
  cts_text *json = NULL;
  size_t warnings = 7;
  uint32_t passed = 7;
  snprintf(path, sizeof path, "%s/messaging-law", folder);
  OK(cts_pack_read_folder(path, strlen(path), &pack, &error));
  OK(cts_pack_lint(pack, 1772463600, &warnings, &json, &error));
  CHECK(warnings == 0);
  says(json, "\"pack\":\"messaging-law\"");
  OK(cts_pack_test(pack, &passed, &json, &error));
  CHECK(passed == 1);
  says(json, "\"passed\":true");
  FAILS(cts_pack_lint(pack, INT64_MAX, &warnings, &json, &error), CTS_ERR_VALUE, "c/value");
  CHECK(warnings == 0 && json == NULL);
  cts_pack_free(pack);
}

/* A pack lives on in a builder and in the engine that is made of it. */
static void added(void)
{
  static const char red[] = "{\"send_at\": \"2026-03-02T15:00:00Z\", \"account\": {\"quality\": \"red\"}}";
  cts_pack *pack = NULL;
  cts_builder *builder = NULL;
  cts_engine *engine = NULL;
  cts_decision *decision = NULL;
  cts_verdict verdict = CTS_VERDICT_NONE;
  OK(house(RULE, TEST("deny"), &pack));
  CHECK(cts_builder_new(&builder) == CTS_OK);
  OK(cts_builder_without_built_in(builder, &error));
  OK(cts_builder_add_pack(builder, pack, &error));
  cts_pack_free(pack);
  OK(cts_engine_new(builder, &engine, &error));
  cts_builder_free(builder);
  OK(cts_engine_check_json(engine, red, strlen(red), CTS_FINDINGS, &decision, &error));
  CHECK(cts_decision_verdict(decision, &verdict) == CTS_OK && verdict == CTS_DENY);
  cts_decision_free(decision);
  cts_engine_free(engine);
}

static void refused(void)
{
  cts_pack *pack = NULL;
  cts_problem problem = CTS_PROBLEM_INIT;
  CHECK(house("[[rule]]\nid = \"feedback.red\"\n", TEST("deny"), &pack) == CTS_ERR_PACK && pack == NULL);
  CHECK(cts_error_problem(error, 0, &problem) == CTS_OK && problem.line == 1);
  cts_error_free(error);
  error = NULL;
  FAILS(cts_pack_read_folder(CTS_LIT("no/such/folder"), &pack, &error), CTS_ERR_FILE, "c/file");
  FAILS(cts_pack_test(NULL, NULL, NULL, &error), CTS_ERR_NULL, "c/null");
  cts_pack_free(NULL);
}

/* What a source tree installs: the folder of the packs installs nothing, and has nothing to read. */
static void scanned(const char *folder)
{
  char path[4096];
  cts_verdict verdict = CTS_VERDICT_NONE;
  cts_text *json = NULL;
  snprintf(path, sizeof path, "%s/../examples/who/hidden-baileys", folder);
  OK(cts_scan(path, strlen(path), NULL, 0, &verdict, &json, &error));
  CHECK(verdict == CTS_DENY);
  says(json, "baileys");
  snprintf(path, sizeof path, "%s/../examples/who/meta-sdk", folder);
  OK(cts_scan(path, strlen(path), CTS_LIT("2026-03-02"), &verdict, &json, &error));
  CHECK(verdict == CTS_ALLOW);
  says(json, "\"findings\"");
  FAILS(cts_scan(path, strlen(path), CTS_LIT("tomorrow"), &verdict, &json, &error), CTS_ERR_VALUE, "c/value");
  FAILS(cts_scan(CTS_LIT("no/such/tree"), NULL, 0, &verdict, &json, &error), CTS_ERR_FILE, "scan/unreadable-root");
  CHECK(verdict == CTS_VERDICT_NONE && json == NULL);
}

int main(int argc, char **argv)
{
  CHECK(argc == 2);
  tested();
  looked_at(argv[1]);
  added();
  scanned(argv[1]);
  refused();
  return 0;
}
