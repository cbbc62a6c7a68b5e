/* Eight threads check while a ninth swaps the packs: every answer is wholly that of one pack or the other.
 * How many swaps is the argument. */
#include "check.h"

#include <pthread.h>

#define CHECKERS 8

static const char MANIFEST[] =
  "name = \"whatsapp\"\nversion = \"1.0.0\"\nrequires = \">=1.0.0, <2.0.0\"\ntitle = \"House rules\"\npublished = 2026-01-01\n"
  "[sources.house]\ntitle = \"House rules\"\nurl = \"https://example.com/rules\"\nretrieved = 2026-01-01\nconfidence = \"official\"\n";

/* The rules of a pack: both deny, or both leave it to a person. */
#define RULE(id, verdict)                                                                                             \
  "[[rule]]\nid = \"feedback." id "\"\ntopic = \"feedback\"\ntitle = \"t\"\nforbids = 'account.quality == \"red\"'\n" \
  "verdict = \"" verdict "\"\nfrom = 2018-01-01\nsource = { id = \"house\" }\nmessage = \"m\"\nadvice = \"a\"\n"      \
  "exposure = [\"warning\"]\n"

static const char STRICT[] = RULE("strict-one", "deny") RULE("strict-two", "deny");
static const char MILD[] = RULE("mild-one", "review") RULE("mild-two", "review");

static cts_engine *engine;
static int stop;
static pthread_mutex_t stop_lock = PTHREAD_MUTEX_INITIALIZER;

static int stopped(void)
{
  int now = 0;
  pthread_mutex_lock(&stop_lock);
  now = stop;
  pthread_mutex_unlock(&stop_lock);
  return now;
}

static cts_builder *builder_of(const char *rules, size_t len)
{
  cts_builder *builder = NULL;
  cts_error *error = NULL;
  cts_pack_file files[2];
  files[0].path = cts_str_of(CTS_LIT("pack.toml"));
  files[0].data = MANIFEST;
  files[0].len = sizeof MANIFEST - 1;
  files[1].path = cts_str_of(CTS_LIT("rules/feedback.toml"));
  files[1].data = rules;
  files[1].len = len;
  CHECK(cts_builder_new(&builder) == CTS_OK);
  OK(cts_builder_add_pack_files(builder, CTS_LIT("whatsapp"), files, 2, &error));
  return builder;
}

struct tally {
  long strict;
  long mild;
};

static void count(struct tally *tally, cts_verdict verdict, cts_str first, cts_str second)
{
  if (verdict == CTS_DENY) {
    CHECK(is(first, "feedback.strict-one") && is(second, "feedback.strict-two"));
    tally->strict++;
  } else {
    CHECK(verdict == CTS_REVIEW);
    CHECK(is(first, "feedback.mild-one") && is(second, "feedback.mild-two"));
    tally->mild++;
  }
}

static void *checks(void *argument)
{
  struct tally *tally = (struct tally *)argument;
  static const char RED[] = "{\"send_at\": \"2026-03-02T15:00:00Z\", \"account\": {\"quality\": \"red\"}}";
  cts_error *error = NULL;
  cts_facts *facts = NULL;
  cts_report *report = NULL;
  OK(cts_facts_new_from_json(engine, CTS_LIT(RED), &facts, &error));
  CHECK(cts_report_new(&report) == CTS_OK);
  while (!stopped()) {
    cts_decision *decision = NULL;
    cts_finding first = CTS_FINDING_INIT;
    cts_finding second = CTS_FINDING_INIT;
    cts_rule one = CTS_RULE_INIT;
    cts_rule two = CTS_RULE_INIT;
    cts_verdict verdict = CTS_VERDICT_NONE;
    OK(cts_engine_check_json(engine, CTS_LIT(RED), CTS_FINDINGS, &decision, &error));
    CHECK(cts_decision_verdict(decision, &verdict) == CTS_OK);
    CHECK(cts_decision_finding(decision, 0, &first) == CTS_OK);
    CHECK(cts_decision_finding(decision, 1, &second) == CTS_OK);
    count(tally, verdict, first.rule, second.rule);
    cts_decision_free(decision);

    OK(cts_engine_check_into(engine, facts, report, &error));
    CHECK(cts_report_verdict(report, &verdict) == CTS_OK);
    CHECK(cts_report_rule(report, 0, &one) == CTS_OK);
    CHECK(cts_report_rule(report, 1, &two) == CTS_OK);
    count(tally, verdict, one.rule, two.rule);
  }
  cts_report_free(report);
  cts_facts_free(facts);
  return NULL;
}

int main(int argc, char **argv)
{
  cts_error *error = NULL;
  cts_builder *strict = builder_of(STRICT, sizeof STRICT - 1);
  cts_builder *mild = builder_of(MILD, sizeof MILD - 1);
  pthread_t threads[CHECKERS];
  struct tally tallies[CHECKERS];
  struct tally all = {0, 0};
  long swaps = argc == 2 ? strtol(argv[1], NULL, 10) : 10000;
  long i = 0;
  CHECK(swaps > 0);
  memset(tallies, 0, sizeof tallies);
  OK(cts_engine_new(strict, &engine, &error));
  for (i = 0; i < CHECKERS; i++) {
    CHECK(pthread_create(&threads[i], NULL, checks, &tallies[i]) == 0);
  }
  for (i = 0; i < swaps; i++) {
    OK(cts_engine_replace(engine, i % 2 == 0 ? mild : strict, &error));
  }
  pthread_mutex_lock(&stop_lock);
  stop = 1;
  pthread_mutex_unlock(&stop_lock);
  for (i = 0; i < CHECKERS; i++) {
    CHECK(pthread_join(threads[i], NULL) == 0);
    all.strict += tallies[i].strict;
    all.mild += tallies[i].mild;
  }
  printf("%ld swaps; %ld strict and %ld mild answers\n", swaps, all.strict, all.mild);
  CHECK(all.strict > 0 && all.mild > 0);
  cts_engine_free(engine);
  cts_builder_free(strict);
  cts_builder_free(mild);
  return 0;
}
