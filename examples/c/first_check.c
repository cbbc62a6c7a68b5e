/* Is this campaign clear to send? The document is the first argument. Exits with 0 for allow, 1 for deny, 3 for review, 2 for an error. */
#include <cleartosend.h>

#include <stdio.h>
#include <stdlib.h>

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

int main(int argc, char **argv)
{
  static char document[1 << 20];
  cts_engine *engine = NULL;
  cts_decision *decision = NULL;
  cts_error *error = NULL;
  cts_verdict verdict = CTS_VERDICT_NONE;
  cts_str digest = {0, 0};
  size_t len = 0;
  size_t count = 0;
  size_t i = 0;
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;

  if (file == NULL) {
    fprintf(stderr, "usage: first_check CAMPAIGN.json\n");
    return 2;
  }
  len = fread(document, 1, sizeof document, file);
  fclose(file);

  if (!cts_abi_matches()) {
    fprintf(stderr, "error: the library does not serve this header\n");
    return 2;
  }
  must(cts_engine_new_built_in(&engine, &error), &error);
  must(cts_engine_check_json(engine, document, len, CTS_FINDINGS, &decision, &error), &error);

  must(cts_decision_verdict(decision, &verdict), NULL);
  must(cts_decision_finding_count(decision, &count), NULL);
  printf("%s\n", cts_verdict_name(verdict));
  for (i = 0; i < count; i++) {
    cts_finding finding = CTS_FINDING_INIT;
    must(cts_decision_finding(decision, i, &finding), NULL);
    printf("  %s %.*s: %.*s\n", cts_verdict_name(finding.verdict), CTS_STR_ARG(finding.rule), CTS_STR_ARG(finding.message));
    printf("    %.*s\n", CTS_STR_ARG(finding.advice));
    printf("    %.*s, %.*s\n", CTS_STR_ARG(finding.source_title), CTS_STR_ARG(finding.source_url));
  }
  must(cts_decision_digest(decision, &digest), NULL);
  printf("%.*s\n", CTS_STR_ARG(digest));

  cts_decision_free(decision);
  cts_engine_free(engine);
  return verdict == CTS_ALLOW ? 0 : verdict == CTS_DENY ? 1 : 3;
}
