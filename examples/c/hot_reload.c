/* New rules without a restart: the packs of a live engine are replaced, and a bad pack changes nothing. The argument is a pack's folder. */
#include <cleartosend.h>

#include <stdio.h>
#include <string.h>

static const char CAMPAIGN[] = "{\"send_at\": \"2026-03-02T15:00:00Z\", \"access\": {\"route\": \"unofficial\"}}";

static void tell(const char *when, const cts_engine *engine)
{
  cts_decision *decision = NULL;
  cts_verdict verdict = CTS_REVIEW;
  size_t count = 0;
  if (cts_engine_check_json(engine, CTS_LIT(CAMPAIGN), CTS_FINDINGS, &decision, NULL) == CTS_OK) {
    cts_decision_verdict(decision, &verdict);
    cts_decision_finding_count(decision, &count);
    printf("%s: %s, %u findings\n", when, cts_verdict_name(verdict), (unsigned)count);
  }
  cts_decision_free(decision);
}

/* What a thread that watches a folder does when something changes; others may be checking meanwhile. */
static int reload(cts_engine *engine, const char *folder)
{
  cts_builder *builder = NULL;
  cts_error *error = NULL;
  cts_status status = cts_builder_new(&builder);
  if (status == CTS_OK) {
    status = cts_builder_add_pack_folder(builder, folder, strlen(folder), &error);
  }
  if (status == CTS_OK) {
    status = cts_engine_replace(engine, builder, &error);
  }
  if (status != CTS_OK) {
    size_t count = 0;
    size_t i = 0;
    cts_error_problem_count(error, &count);
    for (i = 0; i < count; i++) {
      cts_problem problem = CTS_PROBLEM_INIT;
      cts_error_problem(error, i, &problem);
      printf("%.*s:%u:%u: %.*s [%.*s]\n", CTS_STR_ARG(problem.place), (unsigned)problem.line, (unsigned)problem.column,
             CTS_STR_ARG(problem.message), CTS_STR_ARG(problem.code));
    }
  }
  cts_error_free(error);
  cts_builder_free(builder);
  return status == CTS_OK;
}

int main(int argc, char **argv)
{
  cts_engine *engine = NULL;
  if (argc != 2 || cts_engine_new_built_in(&engine, NULL) != CTS_OK) {
    fprintf(stderr, "usage: hot_reload PACK-FOLDER\n");
    return 2;
  }
  tell("built in", engine);
  if (!reload(engine, argv[1])) {
    cts_engine_free(engine);
    return 1;
  }
  tell("reloaded", engine);
  if (!reload(engine, "/no/such/folder")) {
    tell("still the same", engine);
  }
  cts_engine_free(engine);
  return 0;
}
