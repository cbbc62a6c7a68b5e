/* Answers a script, so that any case can be put through the C door. Each line of the file given is one of
 *
 *   new                    start gathering packs and a directory
 *   built-in NAME          add a built-in pack
 *   pack FOLDER            add a pack
 *   directory FILE         set the directory
 *   engine                 make the engine
 *   check FILE             judge a document; prints the decision, or `error CODE PLACE`
 *   check-at SECONDS FILE  the same at another instant
 *   explain FILE           explain a document; prints the explanation, or `error CODE PLACE`
 *   account FILE           read the state of an account; may print `error CODE PLACE`, as all below
 *   apply FILE             take in an event; prints what became of it
 *   apply-at SECONDS FILE  the same, with the instant at which it was read
 *   state                  print the state
 *   show NUMBER            print the account as of the last event; `-` is no number
 *   show-at SECONDS NUMBER the same as of an instant
 *   tell FILE              judge a document, told what the state knows; prints the decision
 *   project SECONDS KIND   print what a violation would bring
 */
#include "check.h"

static void judge(const cts_engine *engine, const char *path, int at_other, int64_t at)
{
  size_t len = 0;
  char *document = read_file(path, &len);
  cts_decision *decision = NULL;
  cts_error *error = NULL;
  cts_status status = CTS_OK;
  cts_str text = {0, 0};
  if (at_other) {
    status = cts_engine_check_json_at(engine, document, len, at, 0, CTS_FINDINGS, &decision, &error);
  } else {
    status = cts_engine_check_json(engine, document, len, CTS_FINDINGS, &decision, &error);
  }
  if (status == CTS_OK) {
    CHECK(cts_decision_json(decision, &text) == CTS_OK);
    printf("%.*s\n", CTS_STR_ARG(text));
  } else {
    cts_problem problem = CTS_PROBLEM_INIT;
    CHECK(cts_error_problem(error, 0, &problem) == CTS_OK);
    printf("error %.*s %.*s\n", CTS_STR_ARG(problem.code), CTS_STR_ARG(problem.place));
  }
  cts_decision_free(decision);
  cts_error_free(error);
  free(document);
}

static void explain(const cts_engine *engine, const char *path)
{
  size_t len = 0;
  char *document = read_file(path, &len);
  cts_explanation *explanation = NULL;
  cts_error *error = NULL;
  cts_str text = {0, 0};
  if (cts_engine_explain_json(engine, document, len, NULL, &explanation, &error) == CTS_OK) {
    CHECK(cts_explanation_json(explanation, &text) == CTS_OK);
    printf("%.*s\n", CTS_STR_ARG(text));
  } else {
    cts_problem problem = CTS_PROBLEM_INIT;
    CHECK(cts_error_problem(error, 0, &problem) == CTS_OK);
    printf("error %.*s %.*s\n", CTS_STR_ARG(problem.code), CTS_STR_ARG(problem.place));
  }
  cts_explanation_free(explanation);
  cts_error_free(error);
  free(document);
}

/* Prints what a call gave, and frees it, or its error. */
static void print(cts_status status, cts_text *text, cts_error *error)
{
  if (status == CTS_OK) {
    cts_str read = {0, 0};
    CHECK(cts_text_read(text, &read) == CTS_OK);
    printf("%.*s\n", CTS_STR_ARG(read));
  } else {
    cts_problem problem = CTS_PROBLEM_INIT;
    CHECK(cts_error_problem(error, 0, &problem) == CTS_OK);
    printf("error %.*s %.*s\n", CTS_STR_ARG(problem.code), CTS_STR_ARG(problem.place));
  }
  cts_text_free(text);
  cts_error_free(error);
}

static void apply(cts_account *account, const char *path, int read_at, int64_t at)
{
  size_t len = 0;
  char *event = read_file(path, &len);
  cts_changes *changes = NULL;
  cts_text *json = NULL;
  cts_error *error = NULL;
  cts_status status = read_at ? cts_account_apply_read_at(account, event, len, at, 0, &changes, &error)
                              : cts_account_apply(account, event, len, &changes, &error);
  if (status == CTS_OK) {
    OK(cts_changes_json(changes, &json, &error));
  }
  print(status, json, error);
  cts_changes_free(changes);
  free(event);
}

static void tell(const cts_engine *engine, const cts_account *account, const char *path)
{
  size_t len = 0;
  char *document = read_file(path, &len);
  cts_facts *facts = NULL;
  cts_decision *decision = NULL;
  cts_error *error = NULL;
  cts_str json = {0, 0};
  cts_status status = cts_facts_new_from_json(engine, document, len, &facts, &error);
  if (status == CTS_OK) {
    status = cts_account_tell(account, facts, &error);
  }
  if (status == CTS_OK) {
    status = cts_engine_check(engine, facts, CTS_FINDINGS, &decision, &error);
  }
  if (status == CTS_OK) {
    CHECK(cts_decision_json(decision, &json) == CTS_OK);
    printf("%.*s\n", CTS_STR_ARG(json));
  } else {
    print(status, NULL, error);
  }
  cts_decision_free(decision);
  cts_facts_free(facts);
  free(document);
}

static void project(const cts_engine *engine, const cts_account *account, int64_t at, const char *kind)
{
  cts_projection *projection = NULL;
  cts_text *json = NULL;
  cts_error *error = NULL;
  cts_status status = cts_engine_project(engine, account, kind, strlen(kind), at, 0, &projection, &error);
  if (status == CTS_OK) {
    OK(cts_projection_json(projection, &json, &error));
  }
  print(status, json, error);
  cts_projection_free(projection);
}

/* The seconds that a line's rest begins with; `*rest` is then what comes after the space behind them. */
static int64_t seconds_of(char **rest)
{
  char *end = NULL;
  int64_t at = strtoll(*rest, &end, 10);
  CHECK(end != *rest && *end == ' ');
  *rest = end + 1;
  return at;
}

int main(int argc, char **argv)
{
  cts_builder *builder = NULL;
  cts_engine *engine = NULL;
  cts_account *account = NULL;
  cts_error *error = NULL;
  size_t len = 0;
  char *script = NULL;
  char *line = NULL;
  CHECK(argc == 2);
  script = read_file(argv[1], &len);
  for (line = strtok(script, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    char *rest = strchr(line, ' ');
    if (rest != NULL) {
      *rest++ = '\0';
    }
    if (strcmp(line, "new") == 0) {
      cts_builder_free(builder);
      CHECK(cts_builder_new(&builder) == CTS_OK);
    } else if (strcmp(line, "engine") == 0) {
      cts_engine_free(engine);
      engine = NULL;
      OK(cts_engine_new(builder, &engine, &error));
    } else if (strcmp(line, "built-in") == 0 && rest != NULL) {
      OK(cts_builder_add_built_in_pack(builder, rest, strlen(rest), &error));
    } else if (strcmp(line, "pack") == 0 && rest != NULL) {
      OK(cts_builder_add_pack_folder(builder, rest, strlen(rest), &error));
    } else if (strcmp(line, "directory") == 0 && rest != NULL) {
      size_t size = 0;
      char *directory = read_file(rest, &size);
      OK(cts_builder_set_directory(builder, directory, size, &error));
      free(directory);
    } else if (strcmp(line, "check") == 0 && rest != NULL) {
      judge(engine, rest, 0, 0);
    } else if (strcmp(line, "check-at") == 0 && rest != NULL) {
      int64_t at = seconds_of(&rest);
      judge(engine, rest, 1, at);
    } else if (strcmp(line, "explain") == 0 && rest != NULL) {
      explain(engine, rest);
    } else if (strcmp(line, "account") == 0 && rest != NULL) {
      size_t size = 0;
      char *state = read_file(rest, &size);
      cts_status status = CTS_OK;
      cts_account_free(account);
      account = NULL;
      status = cts_account_new_from_json(state, size, &account, &error);
      if (status != CTS_OK) {
        print(status, NULL, error);
        error = NULL;
      }
      free(state);
    } else if (strcmp(line, "apply") == 0 && rest != NULL) {
      apply(account, rest, 0, 0);
    } else if (strcmp(line, "apply-at") == 0 && rest != NULL) {
      int64_t at = seconds_of(&rest);
      apply(account, rest, 1, at);
    } else if (strcmp(line, "state") == 0) {
      cts_text *json = NULL;
      cts_status status = cts_account_json(account, &json, &error);
      print(status, json, error);
    } else if (strcmp(line, "show") == 0 && rest != NULL) {
      cts_text *json = NULL;
      size_t size = strcmp(rest, "-") == 0 ? 0 : strlen(rest);
      cts_status status = cts_account_show(account, size == 0 ? NULL : rest, size, &json, &error);
      print(status, json, error);
    } else if (strcmp(line, "show-at") == 0 && rest != NULL) {
      cts_text *json = NULL;
      int64_t at = seconds_of(&rest);
      size_t size = strcmp(rest, "-") == 0 ? 0 : strlen(rest);
      cts_status status = cts_account_show_at(account, at, 0, size == 0 ? NULL : rest, size, &json, &error);
      print(status, json, error);
    } else if (strcmp(line, "tell") == 0 && rest != NULL) {
      tell(engine, account, rest);
    } else if (strcmp(line, "project") == 0 && rest != NULL) {
      int64_t at = seconds_of(&rest);
      project(engine, account, at, rest);
    } else {
      fprintf(stderr, "not understood: %s\n", line);
      return 1;
    }
  }
  cts_account_free(account);
  cts_engine_free(engine);
  cts_builder_free(builder);
  free(script);
  return 0;
}
