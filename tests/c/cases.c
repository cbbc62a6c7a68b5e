/* Answers a script, so that any case can be put through the C door. Each line of the file given is one of
 *
 *   new                    start gathering packs and a directory
 *   built-in NAME          add a built-in pack
 *   pack FOLDER            add a pack
 *   directory FILE         set the directory
 *   engine                 make the engine
 *   check FILE             judge a document; prints the decision, or `error CODE PLACE`
 *   check-at SECONDS FILE  the same at another instant
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

int main(int argc, char **argv)
{
  cts_builder *builder = NULL;
  cts_engine *engine = NULL;
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
      char *path = NULL;
      int64_t at = strtoll(rest, &path, 10);
      CHECK(path != rest && *path == ' ');
      judge(engine, path + 1, 1, at);
    } else {
      fprintf(stderr, "not understood: %s\n", line);
      return 1;
    }
  }
  cts_engine_free(engine);
  cts_builder_free(builder);
  free(script);
  return 0;
}
