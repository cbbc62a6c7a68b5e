/* Audiences whose length costs their sender nothing: columns of nulls, of one run, of values without bytes, and no column at all. The argument
 * is a campaign. */
#include "check.h"

#include <errno.h>

static cts_engine *engine;
static cts_facts *campaign;
static cts_error *error;

/* What the next audience is. */
static const char *format;
static int64_t rows_told;
static int batches_left;

static const int32_t run_end[1] = {INT32_MAX};
static const int32_t offsets[2] = {0, 5};
static const char word[] = "given";
static const void *no_buffers[3] = {NULL, NULL, NULL};
static const void *run_end_buffers[2] = {NULL, run_end};
static const void *word_buffers[3] = {NULL, offsets, word};

static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static void release_array(struct ArrowArray *array) { array->release = NULL; }
static void release_stream(struct ArrowArrayStream *stream) { stream->release = NULL; }
static const char *last_error(struct ArrowArrayStream *stream) { (void)stream; return NULL; }

static void a_schema(struct ArrowSchema *schema, const char *of, const char *name)
{
  memset(schema, 0, sizeof *schema);
  schema->format = of;
  schema->name = name;
  schema->flags = ARROW_FLAG_NULLABLE;
  schema->release = release_schema;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
  static struct ArrowSchema column;
  static struct ArrowSchema parts[2];
  static struct ArrowSchema *columns[1] = {&column};
  static struct ArrowSchema *children[2] = {&parts[0], &parts[1]};
  (void)stream;
  a_schema(out, "+s", "");
  if (format == NULL) {
    return 0;
  }
  a_schema(&column, format, "recipient.opt_in");
  if (strcmp(format, "+r") == 0) {
    a_schema(&parts[0], "i", "run_ends");
    parts[0].flags = 0;
    a_schema(&parts[1], "u", "values");
    column.n_children = 2;
    column.children = children;
  } else if (format[0] == '+') {
    a_schema(&parts[0], "i", "item");
    column.n_children = 1;
    column.children = children;
  }
  if (strcmp(format, "n") != 0 && strcmp(format, "+r") != 0) {
    column.name = "id";
  }
  out->n_children = 1;
  out->children = columns;
  return 0;
}

static void an_array(struct ArrowArray *array, int64_t length, int64_t n_buffers, const void **buffers)
{
  memset(array, 0, sizeof *array);
  array->length = length;
  array->n_buffers = n_buffers;
  array->buffers = buffers;
  array->release = release_array;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
  static struct ArrowArray column;
  static struct ArrowArray parts[2];
  static struct ArrowArray *columns[1] = {&column};
  static struct ArrowArray *children[2] = {&parts[0], &parts[1]};
  (void)stream;
  memset(out, 0, sizeof *out);
  if (batches_left == 0) {
    return 0;
  }
  batches_left--;
  an_array(out, rows_told, 1, no_buffers);
  if (format == NULL) {
    return 0;
  }
  out->n_children = 1;
  out->children = columns;
  if (strcmp(format, "n") == 0) {
    an_array(&column, rows_told, 0, NULL);
    column.null_count = rows_told;
  } else if (strcmp(format, "+r") == 0) {
    an_array(&column, rows_told, 0, NULL);
    an_array(&parts[0], 1, 2, run_end_buffers);
    an_array(&parts[1], 1, 3, word_buffers);
    column.n_children = 2;
    column.children = children;
  } else if (strcmp(format, "w:0") == 0) {
    an_array(&column, rows_told, 2, no_buffers);
  } else {
    an_array(&column, rows_told, 1, no_buffers);
    an_array(&parts[0], 0, 2, no_buffers);
    column.n_children = 1;
    column.children = children;
  }
  return 0;
}

/* Begins, and gives the rows. */
static struct ArrowArrayStream begun(const char *of, int64_t told, int batches, size_t threads, uint64_t rows_max, cts_screening **screening)
{
  struct ArrowArrayStream audience = {get_schema, get_next, last_error, release_stream, NULL};
  struct ArrowArrayStream rows;
  cts_screen_options *options = NULL;
  format = of;
  rows_told = told;
  batches_left = batches;
  CHECK(cts_screen_options_new(&options) == CTS_OK);
  OK(cts_screen_options_threads(options, threads, &error));
  if (rows_max != 0) {
    OK(cts_screen_options_rows_max(options, rows_max, &error));
  }
  if (of != NULL && strcmp(of, "n") != 0 && strcmp(of, "+r") != 0) {
    OK(cts_screen_options_keep(options, CTS_LIT("id"), &error));
  }
  OK(cts_engine_screen(engine, campaign, options, &audience, &rows, screening, &error));
  cts_screen_options_free(options);
  return rows;
}

static void refused(const char *of, int64_t told, int batches, size_t threads, uint64_t rows_max)
{
  cts_screening *screening = NULL;
  struct ArrowArrayStream rows = begun(of, told, batches, threads, rows_max, &screening);
  struct ArrowArray array;
  int number = 0;
  do {
    number = rows.get_next(&rows, &array);
    if (number == 0) {
      CHECK(array.release != NULL);
      array.release(&array);
    }
  } while (number == 0);
  CHECK(number == EINVAL && strstr(rows.get_last_error(&rows), "screen/too-many-rows") != NULL && array.release == NULL);
  rows.release(&rows);
  cts_screening_free(screening);
}

/* Long batches come out in pieces. */
static void cut(const char *of, size_t threads)
{
  const int64_t told = 65536 + 3;
  cts_screening *screening = NULL;
  cts_summary *summary = NULL;
  cts_summary_info info = CTS_SUMMARY_INFO_INIT;
  struct ArrowArrayStream rows = begun(of, told, 2, threads, 0, &screening);
  struct ArrowArray array;
  int64_t lengths[4] = {65536, 3, 65536, 3};
  size_t i = 0;
  for (i = 0; i < 4; i++) {
    CHECK(rows.get_next(&rows, &array) == 0 && array.length == lengths[i]);
    array.release(&array);
  }
  CHECK(rows.get_next(&rows, &array) == 0 && array.release == NULL);
  rows.release(&rows);
  OK(cts_screening_summary(screening, &summary, &error));
  CHECK(cts_summary_read(summary, &info) == CTS_OK && info.rows == 2 * (uint64_t)told && info.is_complete == 1);
  CHECK(info.verdicts.allow == 0 && info.worst != CTS_ALLOW);
  cts_summary_free(summary);
  cts_screening_free(screening);
}

int main(int argc, char **argv)
{
  static const char *const kinds[] = {NULL, "n", "w:0", "+w:0", "+r"};
  size_t threads = 0;
  size_t len = 0;
  size_t i = 0;
  char *document = NULL;
  CHECK(argc == 2);
  document = read_file(argv[1], &len);
  OK(cts_engine_new_built_in(&engine, &error));
  OK(cts_facts_new_from_json(engine, document, len, &campaign, &error));
  free(document);
  for (threads = 1; threads <= 2; threads++) {
    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
      cut(kinds[i], threads);
      /* A run has a length of 31 bits. */
      if (i < 4) {
        refused(kinds[i], (int64_t)1 << 33, 1, threads, 0);
        refused(kinds[i], (int64_t)1 << 36, 1, threads, 0);
        refused(kinds[i], (int64_t)1 << 55, 1, threads, 0);
      }
      refused(kinds[i], INT32_MAX, 1, threads, 1000000);
      refused(kinds[i], 400, 3, threads, 1000);
    }
  }
  cts_facts_free(campaign);
  cts_engine_free(engine);
  return 0;
}
