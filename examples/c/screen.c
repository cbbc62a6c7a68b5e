/* A campaign judged for a whole audience, which goes in and comes out as an Arrow stream. A program with an Arrow library has such streams
 * already; here one is made by hand, of four customers in memory that lives as long as the program. The argument is a campaign document that
 * tells of no recipient. */
#include <cleartosend.h>

#include <stdio.h>
#include <stdlib.h>

/* The columns, as Arrow lays them out. */
static const int64_t ids[4] = {1001, 1002, 1003, 1004};

static const char phones[] = "+34600000001" "+34600000002" "+34600000003" "+12125550123";
static const int32_t phone_ends[5] = {0, 12, 24, 36, 48};

static const char opt_ins[] = "given" "given" "none" "given";
static const int32_t opt_in_ends[5] = {0, 5, 10, 14, 19};

static const unsigned char opted_out[1] = {1U << 1}; /* a bit a row: the second */

/* Instants in seconds; a bit a row says which are there: the third customer never opted in. */
static const int64_t opt_in_ats[4] = {1749893400, 1730570700, 0, 1737381600};
static const unsigned char opt_in_at_is_there[1] = {1U << 0 | 1U << 1 | 1U << 3};

enum { COLUMNS = 5, ROWS = 4 };

static const void *id_buffers[2] = {NULL, ids};
static const void *phone_buffers[3] = {NULL, phone_ends, phones};
static const void *opt_in_buffers[3] = {NULL, opt_in_ends, opt_ins};
static const void *opted_out_buffers[2] = {NULL, opted_out};
static const void *opt_in_at_buffers[2] = {opt_in_at_is_there, opt_in_ats};
static const void *row_buffers[1] = {NULL};

/* Nothing to free: a release only says that it was called. */
static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static void release_array(struct ArrowArray *array) { array->release = NULL; }
static void release_stream(struct ArrowArrayStream *stream) { stream->release = NULL; }

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
  static const char *const names[COLUMNS] = {"id", "recipient.phone", "recipient.opt_in", "recipient.opted_out",
                                               "recipient.opt_in_at"};
  static const char *const formats[COLUMNS] = {"l", "u", "u", "b", "tss:UTC"};
  static struct ArrowSchema columns[COLUMNS];
  static struct ArrowSchema *children[COLUMNS];
  size_t i = 0;
  (void)stream;
  for (i = 0; i < COLUMNS; i++) {
    memset(&columns[i], 0, sizeof columns[i]);
    columns[i].name = names[i];
    columns[i].format = formats[i];
    columns[i].flags = ARROW_FLAG_NULLABLE;
    columns[i].release = release_schema;
    children[i] = &columns[i];
  }
  memset(out, 0, sizeof *out);
  out->format = "+s";
  out->name = "";
  out->n_children = COLUMNS;
  out->children = children;
  out->release = release_schema;
  return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
  static const void **const buffers[COLUMNS] = {id_buffers, phone_buffers, opt_in_buffers, opted_out_buffers,
                                                opt_in_at_buffers};
  static const int64_t n_buffers[COLUMNS] = {2, 3, 3, 2, 2};
  static const int64_t null_counts[COLUMNS] = {0, 0, 0, 0, 1};
  static struct ArrowArray columns[COLUMNS];
  static struct ArrowArray *children[COLUMNS];
  int *given = (int *)stream->private_data;
  size_t i = 0;
  memset(out, 0, sizeof *out);
  if (*given) {
    return 0; /* A released array is the end. */
  }
  *given = 1;
  for (i = 0; i < COLUMNS; i++) {
    memset(&columns[i], 0, sizeof columns[i]);
    columns[i].length = ROWS;
    columns[i].null_count = null_counts[i];
    columns[i].n_buffers = n_buffers[i];
    columns[i].buffers = buffers[i];
    columns[i].release = release_array;
    children[i] = &columns[i];
  }
  out->length = ROWS;
  out->n_buffers = 1;
  out->buffers = row_buffers;
  out->n_children = COLUMNS;
  out->children = children;
  out->release = release_array;
  return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
  (void)stream;
  return NULL;
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

/* A text of a dictionary. */
static cts_str word(const struct ArrowArray *array, int64_t key)
{
  const int32_t *ends = (const int32_t *)array->dictionary->buffers[1] + array->dictionary->offset;
  return cts_str_of((const char *)array->dictionary->buffers[2] + ends[key], (size_t)(ends[key + 1] - ends[key]));
}

/* What each row is told: the columns kept, here one, then `verdict`, `rules` and `missing`. */
static void print_rows(const struct ArrowArray *rows)
{
  const struct ArrowArray *verdicts = rows->children[1];
  const struct ArrowArray *rules = rows->children[2];
  const struct ArrowArray *rule_ids = rules->children[0];
  const int64_t *row_ids = (const int64_t *)rows->children[0]->buffers[1] + rows->children[0]->offset;
  const int8_t *verdict_keys = (const int8_t *)verdicts->buffers[1] + verdicts->offset;
  const int32_t *ends = (const int32_t *)rules->buffers[1] + rules->offset;
  const int32_t *rule_keys = (const int32_t *)rule_ids->buffers[1] + rule_ids->offset;
  int64_t row = 0;
  int32_t at = 0;
  for (row = 0; row < rows->length; row++) {
    printf("%d %.*s", (int)row_ids[row], CTS_STR_ARG(word(verdicts, verdict_keys[row])));
    for (at = ends[row]; at < ends[row + 1]; at++) {
      printf(" %.*s", CTS_STR_ARG(word(rule_ids, rule_keys[at])));
    }
    printf("\n");
  }
}

int main(int argc, char **argv)
{
  static char document[1 << 16];
  int given = 0;
  struct ArrowArrayStream audience = {get_schema, get_next, get_last_error, release_stream, NULL};
  struct ArrowArrayStream rows;
  struct ArrowArray batch;
  cts_engine *engine = NULL;
  cts_facts *campaign = NULL;
  cts_screen_options *options = NULL;
  cts_screening *screening = NULL;
  cts_summary *summary = NULL;
  cts_summary_info info = CTS_SUMMARY_INFO_INIT;
  cts_error *error = NULL;
  FILE *file = NULL;
  size_t len = 0;
  size_t i = 0;

  if (argc != 2 || (file = fopen(argv[1], "rb")) == NULL) {
    fprintf(stderr, "usage: screen CAMPAIGN.json\n");
    return 2;
  }
  len = fread(document, 1, sizeof document, file);
  fclose(file);
  audience.private_data = &given;

  must(cts_engine_new_built_in(&engine, &error), &error);
  must(cts_facts_new_from_json(engine, document, len, &campaign, &error), &error);
  must(cts_screen_options_new(&options), NULL);
  must(cts_screen_options_keep(options, CTS_LIT("id"), &error), &error);
  must(cts_engine_screen(engine, campaign, options, &audience, &rows, &screening, &error), &error);

  /* Rows are judged as they are asked for. */
  for (;;) {
    if (rows.get_next(&rows, &batch) != 0) {
      const char *message = rows.get_last_error(&rows);
      fprintf(stderr, "error: %s\n", message == NULL ? "the rows failed" : message);
      return 2;
    }
    if (batch.release == NULL) {
      break;
    }
    print_rows(&batch);
    batch.release(&batch);
  }
  rows.release(&rows);

  must(cts_screening_summary(screening, &summary, &error), &error);
  must(cts_summary_read(summary, &info), NULL);
  printf("allow %u, review %u, deny %u\n", (unsigned)info.verdicts.allow, (unsigned)info.verdicts.review,
         (unsigned)info.verdicts.deny);
  for (i = 0; i < info.rule_count; i++) {
    cts_rule_rows rule = CTS_RULE_ROWS_INIT;
    must(cts_summary_rule(summary, i, &rule), NULL);
    printf("  %.*s: %u, of them alone %u\n", CTS_STR_ARG(rule.rule), (unsigned)rule.rows, (unsigned)rule.alone);
  }

  cts_summary_free(summary);
  cts_screening_free(screening);
  cts_screen_options_free(options);
  cts_facts_free(campaign);
  cts_engine_free(engine);
  return info.is_complete && info.worst == CTS_ALLOW ? 0 : info.worst == CTS_DENY ? 1 : 3;
}
