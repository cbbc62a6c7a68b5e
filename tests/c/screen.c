/* Screening: rows and summary, whole and in part, on one thread and on several, with audiences that fail, that break, and that call back.
 * Everything that either side made is released once. The argument is a campaign document without a recipient. */
#include "audience.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

static const struct customer CUSTOMERS[] = {
  {1001, "+34600000001", "given", 0, 1749893400},  /* allow */
  {1002, "+34600000002", "given", 1, 1730570700},  /* opted out */
  {1003, "+34600000003", "none", 0, 0},            /* never opted in */
  {1004, "+34600000004", NULL, 0, 0},              /* nobody said */
  {1005, "+12125550123", "given", 0, 1737381600},  /* marketing is paused there */
  {1006, "+14165550123", "given", 0, 1739292300},  /* Canada */
  {1007, "34 600 000 007", "given", 0, 1749893400} /* no number */
};

enum { COUNT = (int)(sizeof CUSTOMERS / sizeof CUSTOMERS[0]) };

static cts_engine *engine;
static cts_facts *campaign;
static cts_error *error;
static cts_screening *in_course;

static cts_screen_options *options_of(size_t threads)
{
  cts_screen_options *options = NULL;
  CHECK(cts_screen_options_new(&options) == CTS_OK);
  OK(cts_screen_options_keep(options, CTS_LIT("id"), &error));
  OK(cts_screen_options_ignore(options, CTS_LIT("no such column is no matter"), &error));
  OK(cts_screen_options_texts(options, CTS_TEXTS_OF_TEXTS, &error));
  OK(cts_screen_options_threads(options, threads, &error));
  return options;
}

/* The text of a dictionary at a row. */
static cts_str word(const struct ArrowArray *array, int64_t key)
{
  const struct ArrowArray *texts = array->dictionary;
  const int32_t *offsets = (const int32_t *)texts->buffers[1] + texts->offset;
  const char *data = (const char *)texts->buffers[2];
  CHECK(key >= 0 && key < texts->length);
  return cts_str_of(data + offsets[key], (size_t)(offsets[key + 1] - offsets[key]));
}

static cts_str verdict_of(const struct ArrowArray *rows, int64_t row)
{
  const struct ArrowArray *verdicts = rows->children[rows->n_children - 3];
  return word(verdicts, ((const int8_t *)verdicts->buffers[1])[verdicts->offset + row]);
}

/* Whether a row's list, `rules` or `missing`, has a text. */
static int lists(const struct ArrowArray *rows, int back, int64_t row, const char *wanted)
{
  const struct ArrowArray *list = rows->children[rows->n_children - back];
  const struct ArrowArray *items = list->children[0];
  const int32_t *offsets = (const int32_t *)list->buffers[1] + list->offset;
  const int32_t *keys = (const int32_t *)items->buffers[1] + items->offset;
  int32_t at = 0;
  for (at = offsets[row]; at < offsets[row + 1]; at++) {
    if (is(word(items, keys[at]), wanted)) {
      return 1;
    }
  }
  return 0;
}

static void check_row(const struct ArrowArray *rows, int64_t row)
{
  const struct ArrowArray *ids = rows->children[0];
  int64_t id = ((const int64_t *)ids->buffers[1])[ids->offset + row];
  switch (id) {
    case 1001:
    case 1006: CHECK(is(verdict_of(rows, row), "allow")); break;
    case 1002: CHECK(is(verdict_of(rows, row), "deny") && lists(rows, 2, row, "consent.opted-out")); break;
    case 1003: CHECK(is(verdict_of(rows, row), "deny") && lists(rows, 2, row, "consent.no-opt-in")); break;
    case 1004: CHECK(is(verdict_of(rows, row), "review") && lists(rows, 1, row, "recipient.opt_in")); break;
    case 1005: CHECK(is(verdict_of(rows, row), "deny")); break;
    case 1007: CHECK(is(verdict_of(rows, row), "review") && lists(rows, 2, row, "input.bad-value")); break;
    default: CHECK(!"a row of nobody");
  }
}

/* Reads that many rows, or all, and gives how many there were. */
static int64_t read_rows(struct ArrowArrayStream *rows, int64_t most)
{
  struct ArrowArray array;
  int64_t count = 0;
  int64_t i = 0;
  while (count < most) {
    CHECK(rows->get_next(rows, &array) == 0);
    if (array.release == NULL) {
      break;
    }
    CHECK(array.n_children == 4 && array.length > 0);
    for (i = 0; i < array.length; i++) {
      check_row(&array, i);
    }
    count += array.length;
    array.release(&array);
    CHECK(array.release == NULL);
  }
  return count;
}

static cts_summary *summary_of(const cts_screening *screening, uint64_t rows, int32_t complete)
{
  cts_summary *summary = NULL;
  cts_summary_info info = CTS_SUMMARY_INFO_INIT;
  OK(cts_screening_summary(screening, &summary, &error));
  CHECK(cts_summary_read(summary, &info) == CTS_OK);
  CHECK(info.struct_size == sizeof info && info.rows == rows && info.is_complete == complete);
  CHECK(info.verdicts.allow + info.verdicts.review + info.verdicts.deny == rows);
  return summary;
}

static void check_summary(const cts_summary *summary, uint64_t times)
{
  cts_summary_info info = CTS_SUMMARY_INFO_INIT;
  cts_str text = {0, 0};
  uint64_t rows = 0;
  int saw_opt_out = 0;
  size_t i = 0;
  CHECK(cts_summary_read(summary, &info) == CTS_OK);
  CHECK(info.verdicts.allow == 2 * times && info.verdicts.review == 2 * times && info.verdicts.deny == 3 * times);
  CHECK(info.worst == CTS_DENY && info.bad_rows == times);
  for (i = 0; i < info.rule_count; i++) {
    cts_rule_rows rule = CTS_RULE_ROWS_INIT;
    CHECK(cts_summary_rule(summary, i, &rule) == CTS_OK && rule.struct_size == sizeof rule);
    CHECK(rule.rows > 0 && rule.alone <= rule.rows && rule.verdict != CTS_ALLOW);
    if (is(rule.rule, "consent.opted-out")) {
      saw_opt_out = 1;
      CHECK(is(rule.pack, "whatsapp") && rule.status == CTS_VIOLATED && rule.verdict == CTS_DENY);
      CHECK(rule.rows == times && rule.alone == times);
    }
    CHECK((rule.pack.data == NULL) == is(rule.rule, "input.bad-value"));
  }
  CHECK(saw_opt_out);
  CHECK(info.missing_count > 0);
  for (i = 0; i < info.missing_count; i++) {
    cts_missing_rows missing = CTS_MISSING_ROWS_INIT;
    CHECK(cts_summary_missing(summary, i, &missing) == CTS_OK && missing.rows > 0);
    CHECK(missing.path.len > 10 && memcmp(missing.path.data, "recipient.", 10) == 0);
  }
  CHECK(info.country_count == 4);
  for (i = 0; i < info.country_count; i++) {
    cts_country_rows country = CTS_COUNTRY_ROWS_INIT;
    CHECK(cts_summary_country(summary, i, &country) == CTS_OK);
    CHECK(country.country.data == NULL || country.country.len == 2);
    CHECK(country.rows == country.verdicts.allow + country.verdicts.review + country.verdicts.deny);
    CHECK(i != 0 || (is(country.country, "ES") && country.rows == 4 * times));
    rows += country.rows;
  }
  CHECK(rows == info.rows);
  CHECK(info.bad_value_count == (times < 100 ? times : 100));
  for (i = 0; i < info.bad_value_count; i++) {
    cts_bad_value bad = CTS_BAD_VALUE_INIT;
    CHECK(cts_summary_bad_value(summary, i, &bad) == CTS_OK);
    CHECK(bad.row % COUNT == 6 && is(bad.column, "recipient.phone") && is(bad.attribute, "recipient.phone"));
    CHECK(bad.reason.len > 10);
  }
  CHECK(cts_summary_json(summary, &text) == CTS_OK && text.data[0] == '{' && text.data[text.len - 1] == '}');
  CHECK(cts_summary_text(summary, &text) == CTS_OK && text.len > 100 && memcmp(text.data, "rows ", 5) == 0);
  CHECK(cts_summary_help_json(summary, &text) == CTS_OK && text.data == NULL && text.len == 0);
}

/* The whole audience; handles are freed in the worst order. */
static void whole(const struct customer *customers, size_t count, size_t batch, size_t threads)
{
  struct source source = source_of(customers, count, batch);
  struct ArrowArrayStream audience = stream_of(&source);
  struct ArrowArrayStream rows;
  struct ArrowSchema schema;
  struct ArrowArray array;
  cts_screen_options *options = options_of(threads);
  cts_screening *screening = NULL;
  cts_summary *before = NULL;
  cts_summary *after = NULL;
  OK(cts_engine_screen(engine, campaign, options, &audience, &rows, &screening, &error));
  cts_screen_options_free(options);
  CHECK(audience.release == NULL && source.streams_released == 0 && source.batches == 0);

  CHECK(rows.get_schema(&rows, &schema) == 0);
  CHECK(strcmp(schema.format, "+s") == 0 && schema.n_children == 4);
  CHECK(strcmp(schema.children[0]->name, "id") == 0 && strcmp(schema.children[0]->format, "l") == 0);
  CHECK(strcmp(schema.children[1]->name, "verdict") == 0 && strcmp(schema.children[1]->format, "c") == 0);
  CHECK(schema.children[1]->dictionary != NULL && strcmp(schema.children[1]->dictionary->format, "u") == 0);
  CHECK(strcmp(schema.children[2]->name, "rules") == 0 && strcmp(schema.children[2]->format, "+l") == 0);
  CHECK(strcmp(schema.children[3]->name, "missing") == 0);
  schema.release(&schema);

  before = summary_of(screening, 0, 0);
  CHECK(read_rows(&rows, INT64_MAX) == (int64_t)count);
  /* The end is the end, however often one asks; the audience was let go with it. */
  CHECK(rows.get_next(&rows, &array) == 0 && array.release == NULL);
  all_released(&source);
  CHECK(source.batches == (count + batch - 1) / batch + 1);
  rows.release(&rows);
  CHECK(rows.release == NULL);
  after = summary_of(screening, count, 1);
  cts_screening_free(screening);
  check_summary(after, count / COUNT);
  cts_summary_free(after);
  cts_summary_free(before);
  all_released(&source);
}

static cts_summary *screened(const cts_facts *of)
{
  struct source source = source_of(CUSTOMERS, COUNT, 3);
  struct ArrowArrayStream audience = stream_of(&source);
  struct ArrowArrayStream rows;
  struct ArrowArray array;
  cts_screen_options *options = options_of(1);
  cts_screening *screening = NULL;
  cts_summary *summary = NULL;
  OK(cts_engine_screen(engine, of, options, &audience, &rows, &screening, &error));
  cts_screen_options_free(options);
  for (;;) {
    CHECK(rows.get_next(&rows, &array) == 0);
    if (array.release == NULL) {
      break;
    }
    array.release(&array);
  }
  rows.release(&rows);
  summary = summary_of(screening, COUNT, 1);
  cts_screening_free(screening);
  return summary;
}

/* Two audiences as if they had been one, of which one was screened in another process. */
static void merged(void)
{
  static const char OTHER[] = "{\"send_at\": \"2026-03-03T15:00:00Z\"}";
  cts_summary *one = screened(campaign);
  cts_summary *sent = NULL;
  cts_summary *whole_of = NULL;
  cts_summary *other = NULL;
  cts_facts *another = NULL;
  const cts_summary *parts[2];
  cts_summary_info info = CTS_SUMMARY_INFO_INIT;
  cts_str json = {0, 0};
  CHECK(cts_summary_json(one, &json) == CTS_OK);
  OK(cts_summary_new_from_json(json.data, json.len, 1, &sent, &error));
  parts[0] = one;
  parts[1] = sent;
  OK(cts_summary_merge(parts, 2, &whole_of, &error));
  CHECK(cts_summary_read(whole_of, &info) == CTS_OK && info.rows == 2 * COUNT && info.is_complete == 1);
  check_summary(whole_of, 2);
  cts_summary_free(whole_of);
  OK(cts_summary_merge(parts, 1, &whole_of, &error));
  check_summary(whole_of, 1);
  cts_summary_free(whole_of);
  cts_summary_free(sent);

  /* A part that was not read to its end leaves the whole so. */
  OK(cts_summary_new_from_json(json.data, json.len, 0, &sent, &error));
  parts[1] = sent;
  OK(cts_summary_merge(parts, 2, &whole_of, &error));
  CHECK(cts_summary_read(whole_of, &info) == CTS_OK && info.is_complete == 0);
  cts_summary_free(whole_of);
  cts_summary_free(sent);

  OK(cts_facts_new_from_json(engine, CTS_LIT(OTHER), &another, &error));
  other = screened(another);
  parts[1] = other;
  FAILS(cts_summary_merge(parts, 2, &whole_of, &error), CTS_ERR_AUDIENCE, "screen/other-basis");
  CHECK(whole_of == NULL);
  cts_summary_free(other);
  cts_facts_free(another);
  cts_summary_free(one);
}

static int contains(cts_str text, const char *part)
{
  size_t len = strlen(part);
  size_t at = 0;
  for (at = 0; at + len <= text.len; at++) {
    if (memcmp(text.data + at, part, len) == 0) {
      return 1;
    }
  }
  return 0;
}

/* What would help: counted for a day of hours, and told of each row. */
static void helped(size_t threads)
{
  struct source source = source_of(CUSTOMERS, COUNT, 3);
  struct ArrowArrayStream audience = stream_of(&source);
  struct ArrowArrayStream rows;
  struct ArrowArray array;
  cts_screen_options *options = options_of(threads);
  cts_screening *screening = NULL;
  cts_summary *summary = NULL;
  cts_str help = {0, 0};
  cts_str json = {0, 0};
  int allowed = 0;
  int left_out = 0;
  int hours = 0, found;
  int64_t i = 0;
  OK(cts_screen_options_help(options, 24, &error));
  OK(cts_screen_options_fix_column(options, &error));
  OK(cts_engine_screen(engine, campaign, options, &audience, &rows, &screening, &error));
  cts_screen_options_free(options);
  while (rows.get_next(&rows, &array) == 0 && array.release != NULL) {
    const struct ArrowArray *fixes = array.children[4];
    const struct ArrowArray *verdicts = array.children[1];
    CHECK(array.n_children == 5);
    for (i = 0; i < array.length; i++) {
      cts_str verdict = word(verdicts, ((const int8_t *)verdicts->buffers[1])[verdicts->offset + i]);
      const unsigned char *bits = (const unsigned char *)fixes->buffers[0];
      int64_t at = fixes->offset + i;
      int is_null = bits != NULL && (bits[at / 8] >> (at % 8) & 1) == 0;
      CHECK(is_null == is(verdict, "allow"));
      allowed += is_null;
      left_out += !is_null && is(word(fixes, ((const int8_t *)fixes->buffers[1])[at]), "audience");
    }
    array.release(&array);
  }
  /* Who stopped, or never opted in, is only left out. */
  CHECK(allowed == 2 && left_out >= 2);
  rows.release(&rows);
  summary = summary_of(screening, COUNT, 1);
  CHECK(cts_summary_help_json(summary, &help) == CTS_OK && help.len > 20 && help.data[0] == '{');
  CHECK(contains(help, "{\"changes\":[") && contains(help, "\"hours\":[{\"at\":\""));
  for (i = 0; i + 6 < (int64_t)help.len; i++) {
    hours += memcmp(help.data + i, "\"more\":", 7) == 0 && help.data[i - 1] == ',' && help.data[i - 2] == '"';
  }
  CHECK(hours == 24);
  CHECK(cts_summary_json(summary, &json) == CTS_OK && json.len > help.len + 9);
  found = 0;
  for (i = 0; i + (int64_t)help.len <= (int64_t)json.len; i++) {
    found += memcmp(json.data + i, help.data, help.len) == 0;
  }
  CHECK(found == 1);
  cts_summary_free(summary);
  cts_screening_free(screening);
  all_released(&source);
}

/* Verdicts and nothing else: what was not counted is not a count of none. */
static void verdicts_alone(size_t threads)
{
  struct source source = source_of(CUSTOMERS, COUNT, 3);
  struct ArrowArrayStream audience = stream_of(&source);
  struct ArrowArrayStream rows;
  struct ArrowArray array;
  cts_screen_options *options = options_of(threads);
  cts_screening *screening = NULL;
  cts_summary *summary = NULL;
  cts_summary_info info = CTS_SUMMARY_INFO_INIT;
  cts_str json = {0, 0};
  uint64_t judged = 0;
  OK(cts_screen_options_verdict_only(options, &error));
  OK(cts_engine_screen(engine, campaign, options, &audience, &rows, &screening, &error));
  cts_screen_options_free(options);
  while (rows.get_next(&rows, &array) == 0 && array.release != NULL) {
    CHECK(array.n_children == 2);
    judged += (uint64_t)array.length;
    array.release(&array);
  }
  rows.release(&rows);
  summary = summary_of(screening, COUNT, 1);
  CHECK(cts_summary_read(summary, &info) == CTS_OK && info.is_verdict_only == 1 && info.rows == judged);
  CHECK(info.verdicts.allow + info.verdicts.review + info.verdicts.deny == judged && info.verdicts.deny > 0);
  CHECK(info.rule_count == 0 && info.bad_rows == 0);
  CHECK(cts_summary_json(summary, &json) == CTS_OK && !contains(json, "\"rules\"") && !contains(json, "bad_rows"));
  cts_summary_free(summary);
  cts_screening_free(screening);
  all_released(&source);
}

/* A part, and arrays that outlive stream and handles. */
static void part(size_t threads)
{
  struct source source = source_of(CUSTOMERS, COUNT, 2);
  struct ArrowArrayStream stream = stream_of(&source);
  struct ArrowArray array;
  cts_screen_options *options = options_of(threads);
  cts_screening *screening = NULL;
  cts_summary *summary = NULL;
  /* In and out may be one place. */
  OK(cts_engine_screen(engine, campaign, options, &stream, &stream, &screening, &error));
  CHECK(stream.release != NULL && stream.release != source_release);
  CHECK(stream.get_next(&stream, &array) == 0 && array.length == 2);
  cts_summary_free(summary_of(screening, 2, 0));
  stream.release(&stream);
  CHECK(source.streams_released == 1 && source.schemas_released == 1);
  /* What is kept of it is still in use. */
  CHECK(source.arrays_released == source.arrays_made - 1);
  summary = summary_of(screening, 2, 0);
  cts_screening_free(screening);
  cts_screen_options_free(options);
  check_row(&array, 0);
  check_row(&array, 1);
  array.release(&array);
  all_released(&source);
  cts_summary_free(summary);
}

/* Released before anything was read, with the handle freed before. */
static void none(size_t threads)
{
  struct source source = source_of(CUSTOMERS, COUNT, 2);
  struct ArrowArrayStream audience = stream_of(&source);
  struct ArrowArrayStream rows;
  struct ArrowArray array;
  cts_screen_options *options = options_of(threads);
  cts_screening *screening = NULL;
  OK(cts_engine_screen(engine, campaign, options, &audience, &rows, &screening, &error));
  cts_screening_free(screening);
  cts_screen_options_free(options);
  rows.release(&rows);
  all_released(&source);
  /* Misuse that can be told: a stream that was released. */
  CHECK(rows.get_next(&rows, &array) == EINVAL && rows.get_last_error(&rows) == NULL);
}

/* An audience that fails in the middle: its number and its text come out, after the rows before it, again and again. */
static void fails(size_t threads, const char *text)
{
  struct source source = source_of(CUSTOMERS, COUNT, 2);
  struct ArrowArrayStream audience = stream_of(&source);
  struct ArrowArrayStream rows;
  struct ArrowArray array;
  cts_screen_options *options = options_of(threads);
  cts_screening *screening = NULL;
  int i = 0;
  source.fail_after = 2;
  source.fail_number = ENOSPC;
  source.fail_text = text;
  OK(cts_engine_screen(engine, campaign, options, &audience, &rows, &screening, &error));
  cts_screen_options_free(options);
  CHECK(read_rows(&rows, 4) == 4);
  for (i = 0; i < 3; i++) {
    CHECK(rows.get_next(&rows, &array) == ENOSPC);
    CHECK(strncmp(rows.get_last_error(&rows), "c/stream: ", 10) == 0);
    CHECK(text == NULL || strstr(rows.get_last_error(&rows), text) != NULL);
  }
  all_released(&source);
  cts_summary_free(summary_of(screening, 4, 0));
  rows.release(&rows);
  cts_screening_free(screening);
}

/* A refused audience is as it was: it can be given again. */
static void refused(void)
{
  struct source source = source_of(CUSTOMERS, COUNT, 3);
  struct ArrowArrayStream audience = stream_of(&source);
  struct ArrowArrayStream rows;
  cts_screen_options *options = options_of(1);
  cts_screening *screening = NULL;
  memset(&rows, 0, sizeof rows);
  FAILS(cts_engine_screen(engine, campaign, NULL, &audience, &rows, &screening, &error), CTS_ERR_AUDIENCE,
        "screen/unknown-column");
  OK(cts_screen_options_keep(options, CTS_LIT("idd"), &error));
  FAILS(cts_engine_screen(engine, campaign, options, &audience, &rows, &screening, &error), CTS_ERR_AUDIENCE,
        "screen/missing-column");
  cts_screen_options_free(options);
  options = options_of(1);
  OK(cts_screen_options_name(options, CTS_LIT("id"), CTS_LIT("recipient.nobody"), &error));
  FAILS(cts_engine_screen(engine, campaign, options, &audience, &rows, &screening, &error), CTS_ERR_AUDIENCE,
        "screen/unknown-attribute");
  cts_screen_options_free(options);
  source.schema_number = EACCES;
  source.fail_text = "not yours";
  options = options_of(1);
  FAILS(cts_engine_screen(engine, campaign, options, &audience, &rows, &screening, &error), CTS_ERR_AUDIENCE, "c/stream");
  source.schema_number = 0;
  CHECK(rows.release == NULL && screening == NULL && source.streams_released == 0 && source.batches == 0);
  OK(cts_engine_screen(engine, campaign, options, &audience, &rows, &screening, &error));
  cts_screen_options_free(options);
  CHECK(read_rows(&rows, INT64_MAX) == COUNT);
  rows.release(&rows);
  cts_screening_free(screening);
  all_released(&source);
}

/* Ways to be no Arrow array. */
static void negative_length(struct ArrowArray *array) { array->length = -1; }
static void negative_offset(struct ArrowArray *array) { array->children[0]->offset = INT64_MIN; }
static void too_few_columns(struct ArrowArray *array) { array->n_children = 2; }
static void strange_columns(struct ArrowArray *array) { array->n_children = -1; }
static void no_buffers(struct ArrowArray *array) { array->children[1]->n_buffers = 0; }
static void many_buffers(struct ArrowArray *array) { array->children[0]->n_buffers = INT64_MIN; }
static void short_column(struct ArrowArray *array) { array->children[2]->length -= 1; }
static void null_buffer(struct ArrowArray *array) { array->children[0]->buffers[1] = NULL; }
static void lying_nulls(struct ArrowArray *array) { array->children[2]->null_count = 2; }
static void not_utf8(struct ArrowArray *array) { memcpy((char *)(size_t)array->children[1]->buffers[2], "\xff\xfe", 2); }
static void falling_offsets(struct ArrowArray *array) { ((int32_t *)(size_t)array->children[1]->buffers[1])[1] = 1 << 20; }
static void negative_offsets(struct ArrowArray *array)
{
  ((int32_t *)(size_t)array->children[1]->buffers[1])[array->length] = -5;
}
static void null_row(struct ArrowArray *array)
{
  static const unsigned char some_rows[1] = {1};
  array->buffers[0] = some_rows;
  array->null_count = array->length - 1;
}
/* Legal: how many nulls there are need not be known. */
static void uncounted_nulls(struct ArrowArray *array) { array->children[2]->null_count = -1; }

static void broken_array(void (*twist)(struct ArrowArray *), int number, size_t threads)
{
  struct source source = source_of(CUSTOMERS, COUNT, 3);
  struct ArrowArrayStream audience = stream_of(&source);
  struct ArrowArrayStream rows;
  struct ArrowArray array;
  cts_screen_options *options = options_of(threads);
  cts_screening *screening = NULL;
  source.twist_array = twist;
  OK(cts_engine_screen(engine, campaign, options, &audience, &rows, &screening, &error));
  cts_screen_options_free(options);
  memset(&array, 0, sizeof array);
  CHECK(rows.get_next(&rows, &array) == number);
  if (number == 0) {
    array.release(&array);
  } else {
    CHECK(array.release == NULL && strstr(rows.get_last_error(&rows), "specification") != NULL);
    cts_summary_free(summary_of(screening, 0, 0));
  }
  rows.release(&rows);
  cts_screening_free(screening);
  all_released(&source);
}

static void unknown_format(struct ArrowSchema *schema) { schema->children[1]->format = "?"; }
static void no_format(struct ArrowSchema *schema) { schema->children[1]->format = NULL; }
static void no_struct(struct ArrowSchema *schema) { schema->format = "l"; schema->n_children = 0; }
static void no_column(struct ArrowSchema *schema) { schema->children[3] = NULL; }
static void strange_name(struct ArrowSchema *schema) { schema->children[1]->name = "\xff\xfe"; }
static void itself(struct ArrowSchema *schema)
{
  schema->children[1]->format = "+s";
  schema->children[1]->n_children = 2;
  schema->children[1]->children = schema->children;
}

static void broken_schema(void (*twist)(struct ArrowSchema *))
{
  struct source source = source_of(CUSTOMERS, COUNT, 3);
  struct ArrowArrayStream audience = stream_of(&source);
  struct ArrowArrayStream rows;
  cts_screening *screening = NULL;
  source.twist_schema = twist;
  FAILS(cts_engine_screen(engine, campaign, NULL, &audience, &rows, &screening, &error), CTS_ERR_AUDIENCE, "c/stream");
  CHECK(source.streams_released == 0 && screening == NULL);
  audience.release(&audience);
  all_released(&source);
}

/* An audience that asks for the summary while it is asked for a batch. */
static int asked;

static void ask(void)
{
  cts_summary *summary = NULL;
  FAILS(cts_screening_summary(in_course, &summary, &error), CTS_ERR_BUSY, "c/busy");
  CHECK(summary == NULL);
  asked++;
}

static void calls_back(size_t threads)
{
  struct source source = source_of(CUSTOMERS, COUNT, 3);
  struct ArrowArrayStream audience = stream_of(&source);
  struct ArrowArrayStream rows;
  cts_screen_options *options = options_of(threads);
  source.before = ask;
  asked = 0;
  OK(cts_engine_screen(engine, campaign, options, &audience, &rows, &in_course, &error));
  cts_screen_options_free(options);
  CHECK(read_rows(&rows, INT64_MAX) == COUNT && asked == 4);
  rows.release(&rows);
  cts_summary_free(summary_of(in_course, COUNT, 1));
  cts_screening_free(in_course);
  all_released(&source);
}

/* An audience that releases the rows that it is asked for. */
static struct ArrowArrayStream *wanted;

static void give_up(void)
{
  if (wanted->release != NULL) {
    struct ArrowArray array;
    CHECK(wanted->get_next(wanted, &array) == EINVAL && array.release == NULL);
    wanted->release(wanted);
    CHECK(wanted->release == NULL);
  }
}

static void gives_up(size_t threads)
{
  struct source source = source_of(CUSTOMERS, COUNT, 3);
  struct ArrowArrayStream audience = stream_of(&source);
  struct ArrowArrayStream rows;
  struct ArrowArray array;
  cts_screen_options *options = options_of(threads);
  cts_screening *screening = NULL;
  source.before = give_up;
  OK(cts_engine_screen(engine, campaign, options, &audience, &rows, &screening, &error));
  cts_screen_options_free(options);
  wanted = &rows;
  CHECK(rows.get_next(&rows, &array) == 0 && array.length == 3);
  array.release(&array);
  CHECK(rows.release == NULL && rows.get_next(&rows, &array) == EINVAL);
  cts_summary_free(summary_of(screening, 3, 0));
  cts_screening_free(screening);
  all_released(&source);
}

/* Another thread that asks for the summary while rows are taken: what it sees only grows. Between two looks it lets others go on: valgrind runs
 * one thread at a time, and one that never waits can keep all the rest from running. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int is_over;

static void *watch(void *screening)
{
  const struct timespec moment = {0, 100000};
  uint64_t seen = 0;
  int over = 0;
  while (!over) {
    cts_summary *summary = NULL;
    cts_summary_info info = CTS_SUMMARY_INFO_INIT;
    cts_status status = CTS_OK;
    pthread_mutex_lock(&lock);
    over = is_over;
    pthread_mutex_unlock(&lock);
    status = cts_screening_summary((const cts_screening *)screening, &summary, NULL);
    CHECK(status == CTS_OK || status == CTS_ERR_BUSY);
    if (status == CTS_OK) {
      CHECK(cts_summary_read(summary, &info) == CTS_OK && info.rows >= seen);
      seen = info.rows;
      cts_summary_free(summary);
    }
    nanosleep(&moment, NULL);
  }
  return NULL;
}

static void watched(const struct customer *customers, size_t count, size_t threads)
{
  struct source source = source_of(customers, count, 50);
  struct ArrowArrayStream audience = stream_of(&source);
  struct ArrowArrayStream rows;
  cts_screen_options *options = options_of(threads);
  cts_screening *screening = NULL;
  pthread_t watchers[2];
  OK(cts_engine_screen(engine, campaign, options, &audience, &rows, &screening, &error));
  cts_screen_options_free(options);
  is_over = 0;
  CHECK(pthread_create(&watchers[0], NULL, watch, screening) == 0);
  CHECK(pthread_create(&watchers[1], NULL, watch, screening) == 0);
  CHECK(read_rows(&rows, INT64_MAX) == (int64_t)count);
  rows.release(&rows);
  pthread_mutex_lock(&lock);
  is_over = 1;
  pthread_mutex_unlock(&lock);
  CHECK(pthread_join(watchers[0], NULL) == 0 && pthread_join(watchers[1], NULL) == 0);
  cts_summary_free(summary_of(screening, count, 1));
  cts_screening_free(screening);
  all_released(&source);
}

int main(int argc, char **argv)
{
  static struct customer many[COUNT * 1000];
  static void (*const broken[])(struct ArrowArray *) = {
    negative_length, negative_offset, too_few_columns, strange_columns, no_buffers,      many_buffers,     short_column,
    null_buffer,     lying_nulls,     not_utf8,        falling_offsets, negative_offsets, null_row,
  };
  static void (*const schemas[])(struct ArrowSchema *) = {unknown_format, no_format, no_struct, no_column, strange_name, itself};
  size_t threads = 0;
  size_t len = 0;
  size_t i = 0;
  char *document = NULL;
  CHECK(argc == 2);
  document = read_file(argv[1], &len);
  OK(cts_engine_new_built_in(&engine, &error));
  OK(cts_facts_new_from_json(engine, document, len, &campaign, &error));
  free(document);
  for (i = 0; i < sizeof many / sizeof many[0]; i++) {
    many[i] = CUSTOMERS[i % COUNT];
  }
  for (threads = 1; threads <= 3; threads += 2) {
    whole(CUSTOMERS, COUNT, 1, threads);
    whole(CUSTOMERS, COUNT, 3, threads);
    whole(many, sizeof many / sizeof many[0], 999, threads);
    helped(threads);
    part(threads);
    verdicts_alone(threads);
    none(threads);
    fails(threads, "no space left");
    fails(threads, NULL);
    calls_back(threads);
    gives_up(threads);
    watched(many, sizeof many / sizeof many[0], threads);
    for (i = 0; i < sizeof broken / sizeof broken[0]; i++) {
      broken_array(broken[i], EINVAL, threads);
    }
    broken_array(uncounted_nulls, 0, threads);
  }
  merged();
  refused();
  for (i = 0; i < sizeof schemas / sizeof schemas[0]; i++) {
    broken_schema(schemas[i]);
  }
  cts_facts_free(campaign);
  cts_engine_free(engine);
  return 0;
}
