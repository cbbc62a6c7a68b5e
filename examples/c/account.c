/* An account kept by what WhatsApp sends of it, and a campaign judged by that. The arguments are a campaign document that says nothing of its
 * account, and events in files: bodies of webhooks, and answers of the Graph API. */
#include <cleartosend.h>

#include <stdio.h>
#include <stdlib.h>

static char bytes[1 << 20];

static size_t read_file(const char *path)
{
  size_t len = 0;
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    fprintf(stderr, "error: %s cannot be read\n", path);
    exit(2);
  }
  len = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  return len;
}

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

/* Which accounts it is about: whose rows to load, where they lie in a database. It needs no book. */
static void name_accounts(size_t len)
{
  cts_text *accounts = NULL;
  cts_error *error = NULL;
  cts_str json = {0, 0};
  must(cts_accounts_in(bytes, len, &accounts, &error), &error);
  must(cts_text_read(accounts, &json), NULL);
  printf("  accounts: %.*s\n", CTS_STR_ARG(json));
  cts_text_free(accounts);
}

/* What a webhook's handler does: the state is taken from where it is kept, and put back as `cts_account_json` gives it. */
static void apply(cts_account *account, const char *path)
{
  cts_changes *changes = NULL;
  cts_error *error = NULL;
  size_t count = 0;
  size_t i = 0;
  size_t j = 0;
  size_t len = read_file(path);
  must(cts_account_apply(account, bytes, len, &changes, &error), &error);
  must(cts_changes_count(changes, &count), NULL);
  for (i = 0; i < count; i++) {
    cts_change change = CTS_CHANGE_INIT;
    must(cts_changes_read(changes, i, &change), NULL);
    printf("%s %.*s\n", cts_change_outcome_name(change.outcome), CTS_STR_ARG(change.field));
    for (j = 0; j < change.says_count; j++) {
      printf("  %.*s\n", CTS_STR_ARG(change.says[j]));
    }
  }
  cts_changes_free(changes);
  name_accounts(len);
}

/* What is at stake: the steps that one more violation may bring. */
static void project(const cts_engine *engine, const cts_facts *facts, int64_t at)
{
  cts_projection *projection = NULL;
  cts_projection_info info = CTS_PROJECTION_INFO_INIT;
  cts_error *error = NULL;
  size_t i = 0;
  must(cts_engine_project_facts(engine, facts, CTS_LIT("spam"), at, 0, &projection, &error), &error);
  must(cts_projection_read(projection, &info), NULL);
  printf("after one more violation for %.*s:\n", CTS_STR_ARG(info.violation));
  for (i = 0; i < info.step_count; i++) {
    cts_projection_step step = CTS_PROJECTION_STEP_INIT;
    must(cts_projection_read_step(projection, i, &step), NULL);
    printf("  %.*s\n", CTS_STR_ARG(step.title));
  }
  cts_projection_free(projection);
}

int main(int argc, char **argv)
{
  cts_engine *engine = NULL;
  cts_account *account = NULL;
  cts_facts *facts = NULL;
  cts_decision *decision = NULL;
  cts_error *error = NULL;
  cts_verdict verdict = CTS_VERDICT_NONE;
  int64_t seconds = 0;
  uint32_t nanos = 0;
  size_t count = 0;
  size_t len = 0;
  size_t i = 0;
  int argument = 0;

  if (argc < 3) {
    fprintf(stderr, "usage: account CAMPAIGN.json EVENT.json...\n");
    return 2;
  }
  must(cts_engine_new_built_in(&engine, &error), &error);
  must(cts_account_new_from_json(CTS_LIT("{}"), &account, &error), &error);
  for (argument = 2; argument < argc; argument++) {
    apply(account, argv[argument]);
  }

  len = read_file(argv[1]);
  must(cts_facts_new_from_json(engine, bytes, len, &facts, &error), &error);
  must(cts_account_tell(account, facts, &error), &error);
  must(cts_engine_check(engine, facts, CTS_FINDINGS, &decision, &error), &error);
  must(cts_decision_verdict(decision, &verdict), NULL);
  must(cts_decision_finding_count(decision, &count), NULL);
  printf("%s\n", cts_verdict_name(verdict));
  for (i = 0; i < count; i++) {
    cts_finding finding = CTS_FINDING_INIT;
    must(cts_decision_finding(decision, i, &finding), NULL);
    printf("  %.*s: %.*s\n", CTS_STR_ARG(finding.rule), CTS_STR_ARG(finding.message));
  }
  must(cts_account_last_event_at(account, &seconds, &nanos), NULL);
  project(engine, facts, seconds);

  cts_decision_free(decision);
  cts_facts_free(facts);
  cts_account_free(account);
  cts_engine_free(engine);
  return verdict == CTS_ALLOW ? 0 : verdict == CTS_DENY ? 1 : 3;
}
