/* New rules without a restart: the packs of a live engine are replaced, and a bad pack changes nothing. The argument is a pack's folder. */
#include <cleartosend.h>

#include <stdio.h>
#include <string.h>

static const char CAMPAIGN[] = "{\"send_at\": \"2026-03-02T15:00:00Z\", \"access\": {\"route\": \"unofficial\"}}";

/* Whether the campaign could be judged. */
static int tell(const char *when, const cts_engine *engine)
{
  cts_decision *decision = NULL;
  cts_error *error = NULL;
  cts_str message = {0, 0};
  cts_verdict verdict = CTS_VERDICT_NONE;
  size_t count = 0;
  int judged = cts_engine_check_json(engine, CTS_LIT(CAMPAIGN), CTS_FINDINGS, &decision, &error) == CTS_OK &&
               cts_decision_verdict(decision, &verdict) == CTS_OK &&
               cts_decision_finding_count(decision, &count) == CTS_OK;
  if (judged) {
    printf("%s: %s, %u findings\n", when, cts_verdict_name(verdict), (unsigned)count);
  } else if (cts_error_message(error, &message) == CTS_OK) {
    fprintf(stderr, "error: %.*s\n", CTS_STR_ARG(message));
  }
  cts_error_free(error);
  cts_decision_free(decision);
  return judged;
}

/* What a thread that watches a folder does when something changes; others may be checking meanwhile. */
static int reload(cts_engine *engine, const char *folder)
{
  cts_builder *builder = NULL;
  cts_error *error = NULL;
  cts_status status = cts_builder_new(&builder);
  if (status == CTS_OK) {
    /* These rules alone; without this line they lie on top of the built-in ones. */
    status = cts_builder_without_built_in(builder, &error);
  }
  if (status == CTS_OK) {
    status = cts_builder_add_pack_folder(builder, folder, strlen(folder), &error);
  }
  if (status == CTS_OK) {
    status = cts_engine_replace(engine, builder, &error);
  }
  if (status != CTS_OK) {
    size_t count = 0;
    size_t i = 0;
    if (cts_error_problem_count(error, &count) != CTS_OK) {
      printf("%s\n", cts_status_name(status));
    }
    for (i = 0; i < count; i++) {
      cts_problem problem = CTS_PROBLEM_INIT;
      if (cts_error_problem(error, i, &problem) != CTS_OK) {
        break;
      }
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
  if (!tell("built in", engine) || !reload(engine, argv[1]) || !tell("reloaded", engine)) {
    cts_engine_free(engine);
    return 1;
  }
  if (reload(engine, "/no/such/folder") || !tell("still the same", engine)) {
    cts_engine_free(engine);
    return 1;
  }
  cts_engine_free(engine);
  return 0;
}
