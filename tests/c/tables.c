/* Audiences in files and in bytes of them: the same answers whatever the format, files that appear whole or not at all, and what is refused.
 * The arguments are a campaign document without a recipient and a folder to write into. */
#include "check.h"

#define HEAD "id,recipient.phone,recipient.opted_out,recipient.opt_in,recipient.opt_in_at,recipient.last_inbound_at,recipient.marketing_received_24h\n"
#define ALLOWED "1001,+34600000001,false,given,2025-06-14T09:30:00Z,,0\n"
#define DENIED "1002,+34600000002,true,given,2025-06-14T09:30:00Z,,0\n"
#define UNREAD "1003,34 600 000 003,false,given,2025-06-14T09:30:00Z,,0\n"
#define TABLE HEAD ALLOWED DENIED UNREAD

static cts_engine *engine;
static cts_facts *campaign;
static cts_screen_options *options;
static cts_error *error;

static cts_status of_bytes(const char *data, size_t len, int32_t from, int32_t into, cts_bytes **rows, cts_summary **summary)
{
  return cts_engine_screen_bytes(engine, campaign, options, data, len, from, into, rows, summary, &error);
}

static cts_status of_file(const char *audience, const char *rows, cts_summary **summary)
{
  return cts_engine_screen_file(engine, campaign, options, audience, strlen(audience), CTS_FORMAT_BY_NAME, rows,
                                rows == NULL ? 0 : strlen(rows), CTS_FORMAT_BY_NAME, summary, &error);
}

static void one_of_each(cts_summary *summary)
{
  cts_summary_info info = CTS_SUMMARY_INFO_INIT;
  CHECK(cts_summary_read(summary, &info) == CTS_OK);
  CHECK(info.rows == 3 && info.verdicts.allow == 1 && info.verdicts.deny == 1 && info.verdicts.review == 1);
  CHECK(info.bad_rows == 1 && info.worst == CTS_DENY && info.is_complete == 1);
  cts_summary_free(summary);
}

static void write_file(const char *path, const void *data, size_t len)
{
  FILE *file = fopen(path, "wb");
  CHECK(file != NULL && fwrite(data, 1, len, file) == len && fclose(file) == 0);
}

static int is_there(const char *path)
{
  FILE *file = fopen(path, "rb");
  return file != NULL && fclose(file) == 0;
}

/* A library without Parquet says so where it is asked for it, and has all else. */
static int has_parquet(void)
{
  cts_bytes *rows = NULL;
  cts_summary *summary = NULL;
  cts_error *why = NULL;
  cts_str message = {0, 0};
  cts_status status = cts_engine_screen_bytes(engine, campaign, options, TABLE, strlen(TABLE), CTS_CSV, CTS_PARQUET, &rows, &summary, &why);
  if (status == CTS_OK) {
    cts_bytes_free(rows);
    cts_summary_free(summary);
    return 1;
  }
  CHECK(status == CTS_ERR_VALUE && rows == NULL && summary == NULL);
  CHECK(cts_error_message(why, &message) == CTS_OK && message.len > 50);
  CHECK(strncmp(message.data, "`rows_format`: found 3 (CTS_PARQUET), which this library was built without", 74) == 0);
  cts_error_free(why);
  return 0;
}

/* Each format that rows are written in is read again as an audience, and says the same. */
static void every_format(void)
{
  int32_t format = 0;
  for (format = CTS_CSV; format <= CTS_ARROW_STREAM; format++) {
    cts_bytes *rows = NULL;
    cts_summary *summary = NULL;
    const uint8_t *data = NULL;
    size_t len = 0;
    if (format == CTS_PARQUET && !has_parquet()) {
      continue;
    }
    OK(of_bytes(TABLE, strlen(TABLE), CTS_CSV, format, &rows, &summary));
    one_of_each(summary);
    CHECK(cts_bytes_read(rows, &data, &len) == CTS_OK && len > 100);
    if (format == CTS_NDJSON) {
      CHECK(strncmp((const char *)data, "{\"id\":\"1001\",\"verdict\":\"allow\",\"rules\":[],\"missing\":[]}\n", 56) == 0);
    }
    if (format == CTS_PARQUET) {
      CHECK(memcmp(data, "PAR1", 4) == 0);
    }
    cts_bytes_free(rows);
  }
}

/* Arrow in, Arrow out: what `cts_engine_screen_bytes` wrote is an audience of ids, which nobody is cleared by. */
static void arrow_in_and_out(void)
{
  cts_bytes *rows = NULL;
  cts_bytes *again = NULL;
  cts_summary *summary = NULL;
  cts_screen_options *of_result = NULL;
  cts_summary_info info = CTS_SUMMARY_INFO_INIT;
  const uint8_t *data = NULL;
  size_t len = 0;
  OK(of_bytes(TABLE, strlen(TABLE), CTS_CSV, CTS_ARROW_STREAM, &rows, &summary));
  cts_summary_free(summary);
  CHECK(cts_bytes_read(rows, &data, &len) == CTS_OK);
  CHECK(cts_screen_options_new(&of_result) == CTS_OK);
  OK(cts_screen_options_keep(of_result, CTS_LIT("id"), &error));
  OK(cts_screen_options_ignore(of_result, CTS_LIT("verdict"), &error));
  OK(cts_screen_options_ignore(of_result, CTS_LIT("rules"), &error));
  OK(cts_screen_options_ignore(of_result, CTS_LIT("missing"), &error));
  OK(cts_engine_screen_bytes(engine, campaign, of_result, data, len, CTS_ARROW_STREAM, CTS_ARROW_STREAM, &again, &summary, &error));
  CHECK(cts_summary_read(summary, &info) == CTS_OK && info.rows == 3 && info.verdicts.allow == 0);
  cts_summary_free(summary);
  cts_bytes_free(again);
  /* Cut short, it is an error, and no answer for the rows that came. */
  FAILS(cts_engine_screen_bytes(engine, campaign, of_result, data, len / 2, CTS_ARROW_STREAM, CTS_NDJSON, &again, &summary, &error),
        CTS_ERR_AUDIENCE, "audience/malformed");
  CHECK(again == NULL && summary == NULL);
  cts_screen_options_free(of_result);
  cts_bytes_free(rows);
}

/* Forty rows, half of which opted out, in Arrow as others write it. What a library cannot undo is an error that names it, and no row. */
static void compressed(void)
{
  static const struct {
    const char *file;
    int32_t format;
    int by_zstandard;
  } tables[] = {
    {"tests/vectors/ipc/plain.arrow", CTS_ARROW, 0},
    {"tests/vectors/ipc/plain.arrows", CTS_ARROW_STREAM, 0},
    {"tests/vectors/ipc/lz4.arrow", CTS_ARROW, 0},
    {"tests/vectors/ipc/lz4.arrows", CTS_ARROW_STREAM, 0},
    {"tests/vectors/ipc/zstandard.arrow", CTS_ARROW, 1},
    {"tests/vectors/ipc/zstandard.arrows", CTS_ARROW_STREAM, 1},
  };
  const int has_zstandard = has_parquet();
  size_t i = 0;
  for (i = 0; i < sizeof tables / sizeof tables[0]; i++) {
    cts_bytes *rows = NULL;
    cts_summary *summary = NULL;
    cts_summary_info info = CTS_SUMMARY_INFO_INIT;
    cts_status status = CTS_OK;
    size_t len = 0;
    char *data = read_file(tables[i].file, &len);
    status = of_bytes(data, len, tables[i].format, CTS_NDJSON, &rows, &summary);
    free(data);
    if (tables[i].by_zstandard && !has_zstandard) {
      cts_str message = {0, 0};
      CHECK(rows == NULL && summary == NULL);
      CHECK(error != NULL && cts_error_message(error, &message) == CTS_OK && message.len > 90);
      CHECK(strncmp(message.data, "`audience`: it is compressed by Zstandard, which this program was built without", 79) == 0);
      FAILS(status, CTS_ERR_AUDIENCE, "audience/compression");
      continue;
    }
    OK(status);
    CHECK(cts_summary_read(summary, &info) == CTS_OK);
    CHECK(info.rows == 40 && info.verdicts.allow == 0 && info.verdicts.review == 20 && info.verdicts.deny == 20 && info.bad_rows == 0);
    cts_bytes_free(rows);
    cts_summary_free(summary);
  }
}

static void members_left_out(void)
{
  static const char lines[] = "{\"id\": 1, \"recipient.phone\": \"+34600000001\", \"recipient.last_inbound_at\": null}\n"
                              "{\"id\": 2, \"recipient.phone\": \"+34600000002\"}\n";
  cts_bytes *rows = NULL;
  cts_summary *summary = NULL;
  cts_screen_options *lenient = NULL;
  FAILS(of_bytes(lines, strlen(lines), CTS_NDJSON, CTS_NDJSON, &rows, &summary), CTS_ERR_AUDIENCE, "audience/missing-member");
  CHECK(cts_screen_options_new(&lenient) == CTS_OK);
  OK(cts_screen_options_keep(lenient, CTS_LIT("id"), &error));
  OK(cts_screen_options_left_out_is_null(lenient, &error));
  OK(cts_engine_screen_bytes(engine, campaign, lenient, lines, strlen(lines), CTS_NDJSON, CTS_NDJSON, &rows, &summary, &error));
  cts_bytes_free(rows);
  cts_summary_free(summary);
  cts_screen_options_free(lenient);
}

static void files(const char *folder)
{
  char audience[4096];
  char rows[4096];
  char *written = NULL;
  size_t len = 0;
  cts_summary *summary = NULL;
  snprintf(audience, sizeof audience, "%s/audience.csv", folder);
  snprintf(rows, sizeof rows, "%s/rows.ndjson", folder);
  remove(rows);
  write_file(audience, TABLE, strlen(TABLE));
  OK(of_file(audience, NULL, &summary));
  one_of_each(summary);
  OK(of_file(audience, rows, &summary));
  one_of_each(summary);
  written = read_file(rows, &len);
  CHECK(strstr(written, "\"id\":\"1002\",\"verdict\":\"deny\"") != NULL);
  free(written);

  /* A table that is wrong in its last line leaves what was there. */
  write_file(audience, TABLE "1004\n", strlen(TABLE "1004\n"));
  write_file(rows, "before\n", 7);
  FAILS(of_file(audience, rows, &summary), CTS_ERR_AUDIENCE, "audience/cell-count");
  CHECK(summary == NULL);
  written = read_file(rows, &len);
  CHECK(strcmp(written, "before\n") == 0);
  free(written);

  /* The line is told. */
  {
    cts_problem problem = CTS_PROBLEM_INIT;
    CHECK(of_file(audience, rows, &summary) == CTS_ERR_AUDIENCE);
    CHECK(cts_error_problem(error, 0, &problem) == CTS_OK && problem.line == 5);
    cts_error_free(error);
    error = NULL;
  }

  FAILS(of_file(audience, audience, &summary), CTS_ERR_VALUE, "audience/same-file");
  FAILS(of_file("no/such.csv", NULL, &summary), CTS_ERR_FILE, "c/file");
  FAILS(of_file(folder, NULL, &summary), CTS_ERR_VALUE, "c/value");
  FAILS(cts_engine_screen_file(engine, campaign, NULL, folder, strlen(folder), CTS_CSV, NULL, 0, 0, &summary, &error), CTS_ERR_FILE,
        "c/file");
  write_file(audience, TABLE, strlen(TABLE));
  FAILS(of_file(audience, "no/such/rows.csv", &summary), CTS_ERR_FILE, "c/file");
  CHECK(!is_there("no/such/rows.csv"));
}

static void refused(void)
{
  cts_bytes *rows = NULL;
  cts_summary *summary = NULL;
  FAILS(of_bytes(TABLE, strlen(TABLE), CTS_FORMAT_BY_NAME, CTS_NDJSON, &rows, &summary), CTS_ERR_VALUE, "c/value");
  FAILS(of_bytes(TABLE, strlen(TABLE), CTS_CSV, 6, &rows, &summary), CTS_ERR_VALUE, "c/value");
  FAILS(of_bytes(TABLE, strlen(TABLE), CTS_ARROW_STREAM, CTS_NDJSON, &rows, &summary), CTS_ERR_AUDIENCE, "audience/malformed");
  if (has_parquet()) {
    FAILS(of_bytes(TABLE, strlen(TABLE), CTS_PARQUET, CTS_NDJSON, &rows, &summary), CTS_ERR_AUDIENCE, "audience/malformed");
  } else {
    FAILS(of_bytes(TABLE, strlen(TABLE), CTS_PARQUET, CTS_NDJSON, &rows, &summary), CTS_ERR_VALUE, "c/value");
  }
  FAILS(of_bytes(NULL, 0, CTS_CSV, CTS_NDJSON, &rows, &summary), CTS_ERR_AUDIENCE, "audience/no-heading");
  FAILS(of_bytes(NULL, 1, CTS_CSV, CTS_NDJSON, &rows, &summary), CTS_ERR_NULL, "c/null");
  FAILS(of_bytes(TABLE, strlen(TABLE), CTS_CSV, CTS_NDJSON, NULL, &summary), CTS_ERR_NULL, "c/null");
  FAILS(of_bytes("id,opted_ut\n1,true\n", 19, CTS_CSV, CTS_NDJSON, &rows, &summary), CTS_ERR_AUDIENCE, "screen/unknown-column");
  CHECK(rows == NULL && summary == NULL);
  cts_bytes_free(NULL);
}

int main(int argc, char **argv)
{
  char *document = NULL;
  size_t len = 0;
  CHECK(argc == 3);
  document = read_file(argv[1], &len);
  OK(cts_engine_new_built_in(&engine, &error));
  OK(cts_facts_new_from_json(engine, document, len, &campaign, &error));
  CHECK(cts_screen_options_new(&options) == CTS_OK);
  OK(cts_screen_options_keep(options, CTS_LIT("id"), &error));
  every_format();
  arrow_in_and_out();
  compressed();
  members_left_out();
  files(argv[2]);
  refused();
  cts_screen_options_free(options);
  cts_facts_free(campaign);
  cts_engine_free(engine);
  free(document);
  return 0;
}
