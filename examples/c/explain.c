/* What would make this campaign clear to send, and from when is it? The document is the first argument. Exits with 0 for allow, 1 for deny, 3 for
 * review, 2 for an error. */
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
  cts_explanation *explanation = NULL;
  cts_decision *decision = NULL;
  cts_error *error = NULL;
  cts_explain_options options = CTS_EXPLAIN_OPTIONS_INIT;
  cts_verdict verdict = CTS_VERDICT_NONE;
  cts_str text = {0, 0};
  cts_str json = {0, 0};
  size_t len = 0;
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;

  if (file == NULL) {
    fprintf(stderr, "usage: explain CAMPAIGN.json\n");
    return 2;
  }
  len = fread(document, 1, sizeof document, file);
  fclose(file);

  if (!cts_abi_matches()) {
    fprintf(stderr, "error: the library does not serve this header\n");
    return 2;
  }
  must(cts_engine_new_built_in(&engine, &error), &error);

  /* NULL in place of the options does as well: 8 fixes, and 30 days. */
  options.fixes_max = 3;
  must(cts_engine_explain_json(engine, document, len, &options, &explanation, &error), &error);

  /* A page for people, and a document for programs. */
  must(cts_explanation_text(explanation, CTS_ENGLISH, &text), NULL);
  printf("%.*s", CTS_STR_ARG(text));
  must(cts_explanation_json(explanation, &json), NULL);
  printf("\nthe document for programs: %.60s…, %lu bytes\n", json.data, (unsigned long)json.len);

  /* The decision is that of a check. */
  must(cts_explanation_decision(explanation, &decision), NULL);
  must(cts_decision_verdict(decision, &verdict), NULL);

  cts_decision_free(decision);
  cts_explanation_free(explanation);
  cts_engine_free(engine);
  return verdict == CTS_ALLOW ? 0 : verdict == CTS_DENY ? 1 : 3;
}
