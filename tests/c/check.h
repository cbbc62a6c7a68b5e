/* What the C tests share: a check that says where it failed, and reading a file. */
#ifndef CHECK_H
#define CHECK_H

#include "cleartosend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                              \
  do {                                                                                \
    if (!(condition)) {                                                               \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);         \
      exit(1);                                                                        \
    }                                                                                 \
  } while (0)

/* For calls that must succeed: says what the error is if they do not. */
#define OK(call) check_ok((call), &error, #call, __FILE__, __LINE__)

static inline void check_ok(cts_status status, cts_error **error, const char *call, const char *file, int line)
{
  cts_str message = {0, 0};
  if (status == CTS_OK) {
    CHECK(*error == NULL);
    return;
  }
  if (*error != NULL) {
    CHECK(cts_error_message(*error, &message) == CTS_OK);
  }
  fprintf(stderr, "%s:%d: %s gives %s: %.*s\n", file, line, call, cts_status_name(status), CTS_STR_ARG(message));
  exit(1);
}

/* For calls that must fail so, with an error of that code, which is freed. */
#define FAILS(call, wanted_status, wanted_code) \
  check_fails((call), (wanted_status), (wanted_code), &error, #call, __FILE__, __LINE__)

static inline int is(cts_str text, const char *wanted)
{
  return text.data != NULL && text.len == strlen(wanted) && memcmp(text.data, wanted, text.len) == 0;
}

static inline void check_fails(cts_status status, cts_status wanted, const char *code, cts_error **error,
                               const char *call, const char *file, int line)
{
  cts_str found = {0, 0};
  cts_str message = {0, 0};
  if (*error != NULL) {
    CHECK(cts_error_code(*error, &found) == CTS_OK);
    CHECK(cts_error_message(*error, &message) == CTS_OK);
  }
  if (status != wanted || *error == NULL || !is(found, code) || message.len == 0) {
    fprintf(stderr, "%s:%d: %s gives %s [%.*s] %.*s, expected %s [%s]\n", file, line, call, cts_status_name(status),
            CTS_STR_ARG(found), CTS_STR_ARG(message), cts_status_name(wanted), code);
    exit(1);
  }
  cts_error_free(*error);
  *error = NULL;
}

/* All of a file; the caller frees it. */
static inline char *read_file(const char *path, size_t *len)
{
  FILE *file = fopen(path, "rb");
  char *data = NULL;
  long size = 0;
  CHECK(file != NULL);
  CHECK(fseek(file, 0, SEEK_END) == 0);
  size = ftell(file);
  CHECK(size >= 0);
  rewind(file);
  data = (char *)malloc((size_t)size + 1);
  CHECK(data != NULL);
  *len = fread(data, 1, (size_t)size, file);
  CHECK(*len == (size_t)size);
  data[*len] = '\0';
  fclose(file);
  return data;
}

#endif
