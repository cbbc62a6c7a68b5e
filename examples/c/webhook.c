/* A webhook handler for WhatsApp, whole, and the two questions that a campaign asks. It answers one request as CGI (RFC 3875), which every web
 * server speaks, so that nothing here depends on a framework; `answer` is what goes into one. Workers share nothing but an SQLite file.
 *
 *   export CTS_APP_SECRET=... CTS_VERIFY_TOKEN=... CTS_BOOK=book.sqlite
 *   webhook                                  one request, from the environment and the input
 *   webhook check campaign.json              may it go out?
 *   webhook screen campaign.json NUMBER...   to whom? each number a customer who opted in
 *
 * Needs libcrypto of OpenSSL for the signature, and SQLite. */
#include <cleartosend.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sqlite3.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* An event of WhatsApp has at most 4 MiB; the book refuses what is larger. */
enum { BODY_MAX = 4 * 1024 * 1024 + 1, MAC_LEN = 32, PEOPLE_MAX = 64 };

static char body[BODY_MAX];

static int says(int status, const char *text)
{
  if (status != 200) {
    fprintf(stderr, "%d: %s\n", status, text);
  }
  printf("Status: %d\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s", status, text);
  return 0;
}

static void fails(const char *what, const char *why)
{
  fprintf(stderr, "error: %s: %s\n", what, why);
  exit(2);
}

static const char *setting(const char *name)
{
  const char *value = getenv(name);
  if (value == NULL || *value == '\0') {
    fails(name, "is not set");
  }
  return value;
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

/* Signature and verification. */

static void mac_of(const char *key, const void *bytes, size_t len, unsigned char mac[MAC_LEN])
{
  unsigned int written = 0;
  if (HMAC(EVP_sha256(), key, (int)strlen(key), (const unsigned char *)bytes, len, mac, &written) == NULL || written != MAC_LEN) {
    fails("HMAC", "cannot be worked out");
  }
}

static int digit(char letter)
{
  return letter >= '0' && letter <= '9' ? letter - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* Whether Meta signed these bytes. The comparison takes as long for a wrong signature as for a right one. */
static int is_signed(const char *secret, const char *header, const void *bytes, size_t len)
{
  unsigned char given[MAC_LEN];
  unsigned char expected[MAC_LEN];
  size_t i = 0;
  if (header == NULL || strncmp(header, "sha256=", 7) != 0 || strlen(header) != 7 + 2 * (size_t)MAC_LEN) {
    return 0;
  }
  for (i = 0; i < MAC_LEN; i++) {
    int high = digit(header[7 + 2 * i]);
    int low = digit(header[8 + 2 * i]);
    if (high < 0 || low < 0) {
      return 0;
    }
    given[i] = (unsigned char)(high << 4 | low);
  }
  mac_of(secret, bytes, len, expected);
  return CRYPTO_memcmp(given, expected, MAC_LEN) == 0;
}

/* A value of the query, with what is written as %XX put back; false where there is none, or it is too long. */
static int value_of(const char *query, const char *name, char *value, size_t room)
{
  size_t len = strlen(name);
  size_t at = 0;
  while (query != NULL && *query != '\0') {
    if (strncmp(query, name, len) == 0 && query[len] == '=') {
      for (query += len + 1; *query != '\0' && *query != '&'; query++) {
        int code = *query == '+' ? ' ' : (unsigned char)*query;
        if (*query == '%' && query[1] != '\0' && query[2] != '\0') {
          int high = digit((char)(query[1] | 32));
          int low = digit((char)(query[2] | 32));
          if (high < 0 || low < 0) {
            return 0;
          }
          code = high << 4 | low;
          query += 2;
        }
        if (code == 0 || at + 1 >= room) {
          return 0;
        }
        value[at++] = (char)code;
      }
      value[at] = '\0';
      return 1;
    }
    query = strchr(query, '&');
    query = query == NULL ? NULL : query + 1;
  }
  return 0;
}

/* Meta asks once, when the address is entered in the dashboard. */
static int verify(const char *query)
{
  char mode[16];
  char token[256];
  char challenge[256];
  unsigned char given[MAC_LEN];
  unsigned char expected[MAC_LEN];
  const char *secret = setting("CTS_APP_SECRET");
  const char *known = setting("CTS_VERIFY_TOKEN");
  if (!value_of(query, "hub.mode", mode, sizeof mode) || strcmp(mode, "subscribe") != 0 ||
      !value_of(query, "hub.verify_token", token, sizeof token) ||
      !value_of(query, "hub.challenge", challenge, sizeof challenge)) {
    return says(403, "not a verification");
  }
  mac_of(secret, token, strlen(token), given);
  mac_of(secret, known, strlen(known), expected);
  return CRYPTO_memcmp(given, expected, MAC_LEN) == 0 ? says(200, challenge) : says(403, "not the token");
}

/* The book in its table. */

static sqlite3 *open_book(void)
{
  sqlite3 *database = NULL;
  if (sqlite3_open(setting("CTS_BOOK"), &database) != SQLITE_OK || sqlite3_busy_timeout(database, 30000) != SQLITE_OK ||
      sqlite3_exec(database,
                   "PRAGMA journal_mode = WAL;"
                   "CREATE TABLE IF NOT EXISTS book_row (key TEXT PRIMARY KEY, row TEXT NOT NULL) WITHOUT ROWID",
                   NULL, NULL, NULL) != SQLITE_OK) {
    fails("CTS_BOOK", sqlite3_errmsg(database));
  }
  return database;
}

/* Stores the rows that changed: joined with what other workers stored, in one transaction that they wait for. */
static int store(sqlite3 *database, cts_account *book, const cts_changes *changes)
{
  sqlite3_stmt *select = NULL;
  sqlite3_stmt *upsert = NULL;
  cts_error *error = NULL;
  size_t count = 0;
  size_t i = 0;
  int done = 0;
  if (cts_changes_row_count(changes, &count) != CTS_OK || sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK) {
    return 0;
  }
  done = sqlite3_prepare_v2(database, "SELECT row FROM book_row WHERE key = ?1", -1, &select, NULL) == SQLITE_OK &&
         sqlite3_prepare_v2(database,
                            "INSERT INTO book_row (key, row) VALUES (?1, ?2)"
                            " ON CONFLICT (key) DO UPDATE SET row = excluded.row",
                            -1, &upsert, NULL) == SQLITE_OK;
  for (i = 0; done && i < count; i++) {
    cts_str key = {0, 0};
    cts_text *text = NULL;
    cts_str row = {0, 0};
    done = cts_changes_row(changes, i, &key) == CTS_OK &&
           sqlite3_bind_text(select, 1, key.data, (int)key.len, SQLITE_TRANSIENT) == SQLITE_OK;
    if (done && sqlite3_step(select) == SQLITE_ROW) {
      done = cts_account_merge_row(book, key.data, key.len, sqlite3_column_text(select, 0), (size_t)sqlite3_column_bytes(select, 0),
                                   &error) == CTS_OK;
    }
    done = sqlite3_reset(select) == SQLITE_OK && done;
    done = done && cts_account_row(book, key.data, key.len, &text, &error) == CTS_OK && cts_text_read(text, &row) == CTS_OK &&
           sqlite3_bind_text(upsert, 1, key.data, (int)key.len, SQLITE_TRANSIENT) == SQLITE_OK &&
           sqlite3_bind_text(upsert, 2, row.data, (int)row.len, SQLITE_TRANSIENT) == SQLITE_OK && sqlite3_step(upsert) == SQLITE_DONE;
    sqlite3_reset(upsert);
    cts_text_free(text);
  }
  cts_error_free(error);
  sqlite3_finalize(select);
  sqlite3_finalize(upsert);
  return sqlite3_exec(database, done ? "COMMIT" : "ROLLBACK", NULL, NULL, NULL) == SQLITE_OK && done;
}

/* Reads all rows. A platform with millions of people reads those of the campaign's account: keys begin with what they are of. */
static cts_account *load(void)
{
  sqlite3 *database = open_book();
  sqlite3_stmt *select = NULL;
  cts_account *book = NULL;
  cts_error *error = NULL;
  must(cts_account_new_from_json(CTS_LIT("{}"), &book, &error), &error);
  if (sqlite3_prepare_v2(database, "SELECT key, row FROM book_row", -1, &select, NULL) != SQLITE_OK) {
    fails("CTS_BOOK", sqlite3_errmsg(database));
  }
  while (sqlite3_step(select) == SQLITE_ROW) {
    must(cts_account_merge_row(book, (const char *)sqlite3_column_text(select, 0), (size_t)sqlite3_column_bytes(select, 0),
                               sqlite3_column_text(select, 1), (size_t)sqlite3_column_bytes(select, 1), &error),
         &error);
  }
  if (sqlite3_finalize(select) != SQLITE_OK) {
    fails("CTS_BOOK", sqlite3_errmsg(database));
  }
  sqlite3_close(database);
  return book;
}

/* 200 once the rows are stored; whoever gets no 200 sends again, for days. A webhook that comes twice changes nothing. */
static int receive(const char *signature, size_t len)
{
  cts_account *book = NULL;
  cts_changes *changes = NULL;
  cts_error *error = NULL;
  sqlite3 *database = NULL;
  cts_str message = {0, 0};
  char text[512] = "";
  int stored = 0;
  if (!is_signed(setting("CTS_APP_SECRET"), signature, body, len)) {
    return says(401, "not signed by Meta");
  }
  must(cts_account_new_from_json(CTS_LIT("{}"), &book, &error), &error);
  /* Which rows a webhook is about does not depend on what they hold. */
  if (cts_account_apply_read_at(book, body, len, (int64_t)time(NULL), 0, &changes, &error) != CTS_OK) {
    if (cts_error_message(error, &message) == CTS_OK) {
      snprintf(text, sizeof text, "%.*s", CTS_STR_ARG(message));
    }
    cts_error_free(error);
    cts_account_free(book);
    return says(400, text);
  }
  database = open_book();
  stored = store(database, book, changes);
  sqlite3_close(database);
  cts_changes_free(changes);
  cts_account_free(book);
  return stored ? says(200, "") : says(503, "not stored");
}

static int answer(void)
{
  const char *method = setting("REQUEST_METHOD");
  const char *length = getenv("CONTENT_LENGTH");
  size_t most = length == NULL ? sizeof body : (size_t)strtoul(length, NULL, 10);
  if (strcmp(method, "GET") == 0) {
    return verify(getenv("QUERY_STRING"));
  }
  if (strcmp(method, "POST") != 0) {
    return says(405, "GET or POST");
  }
  return receive(getenv("HTTP_X_HUB_SIGNATURE_256"), fread(body, 1, most < sizeof body ? most : sizeof body, stdin));
}

/* What a campaign asks. */

static cts_facts *told(const cts_engine *engine, const char *path)
{
  cts_account *book = load();
  cts_facts *facts = NULL;
  cts_error *error = NULL;
  FILE *file = fopen(path, "rb");
  size_t len = 0;
  if (file == NULL) {
    fails(path, "cannot be read");
  }
  len = fread(body, 1, sizeof body, file);
  fclose(file);
  must(cts_facts_new_from_json(engine, body, len, &facts, &error), &error);
  must(cts_account_tell(book, facts, &error), &error);
  cts_account_free(book);
  return facts;
}

static int check(const cts_engine *engine, const char *campaign)
{
  cts_facts *facts = told(engine, campaign);
  cts_decision *decision = NULL;
  cts_verdict verdict = CTS_VERDICT_NONE;
  cts_error *error = NULL;
  cts_str json = {0, 0};
  must(cts_engine_check(engine, facts, CTS_FINDINGS, &decision, &error), &error);
  must(cts_decision_verdict(decision, &verdict), NULL);
  must(cts_decision_json(decision, &json), NULL);
  printf("%.*s\n", CTS_STR_ARG(json));
  cts_decision_free(decision);
  cts_facts_free(facts);
  return verdict == CTS_ALLOW ? 0 : verdict == CTS_DENY ? 1 : 3;
}

/* The audience as Arrow lays it out: a number and an opt-in a row. A program with an Arrow library has such streams already. */

struct audience {
  int rows;
  int given;
  char phones[PEOPLE_MAX * 24];
  int32_t phone_ends[PEOPLE_MAX + 1];
  char opt_ins[PEOPLE_MAX * 5];
  int32_t opt_in_ends[PEOPLE_MAX + 1];
  const void *buffers[2][3];
  const void *none[1];
  struct ArrowSchema schemas[2];
  struct ArrowSchema *schema_places[2];
  struct ArrowArray arrays[2];
  struct ArrowArray *array_places[2];
};

static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static void release_array(struct ArrowArray *array) { array->release = NULL; }
static void release_stream(struct ArrowArrayStream *stream) { stream->release = NULL; }

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
  static const char *const names[2] = {"recipient.phone", "recipient.opt_in"};
  struct audience *people = (struct audience *)stream->private_data;
  int i = 0;
  for (i = 0; i < 2; i++) {
    memset(&people->schemas[i], 0, sizeof people->schemas[i]);
    people->schemas[i].name = names[i];
    people->schemas[i].format = "u";
    people->schemas[i].release = release_schema;
    people->schema_places[i] = &people->schemas[i];
  }
  memset(out, 0, sizeof *out);
  out->format = "+s";
  out->name = "";
  out->n_children = 2;
  out->children = people->schema_places;
  out->release = release_schema;
  return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
  struct audience *people = (struct audience *)stream->private_data;
  int i = 0;
  memset(out, 0, sizeof *out);
  if (people->given++) {
    return 0; /* A released array is the end. */
  }
  for (i = 0; i < 2; i++) {
    memset(&people->arrays[i], 0, sizeof people->arrays[i]);
    people->arrays[i].length = people->rows;
    people->arrays[i].n_buffers = 3;
    people->arrays[i].buffers = people->buffers[i];
    people->arrays[i].release = release_array;
    people->array_places[i] = &people->arrays[i];
  }
  out->length = people->rows;
  out->n_buffers = 1;
  out->buffers = people->none;
  out->n_children = 2;
  out->children = people->array_places;
  out->release = release_array;
  return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
  (void)stream;
  return NULL;
}

static int screen(const cts_engine *engine, const char *campaign, int count, char **numbers)
{
  static struct audience people;
  struct ArrowArrayStream stream = {get_schema, get_next, get_last_error, release_stream, NULL};
  struct ArrowArrayStream rows;
  struct ArrowArray batch;
  cts_facts *facts = told(engine, campaign);
  cts_screen_options *options = NULL;
  cts_screening *screening = NULL;
  cts_summary *summary = NULL;
  cts_summary_info info = CTS_SUMMARY_INFO_INIT;
  cts_error *error = NULL;
  cts_str json = {0, 0};
  int i = 0;
  for (i = 0; i < count && i < PEOPLE_MAX; i++) {
    size_t len = strlen(numbers[i]);
    if (len > 24) {
      fails(numbers[i], "is no number");
    }
    memcpy(people.phones + people.phone_ends[i], numbers[i], len);
    people.phone_ends[i + 1] = people.phone_ends[i] + (int32_t)len;
    memcpy(people.opt_ins + people.opt_in_ends[i], "given", 5);
    people.opt_in_ends[i + 1] = people.opt_in_ends[i] + 5;
    people.rows++;
  }
  people.buffers[0][1] = people.phone_ends;
  people.buffers[0][2] = people.phones;
  people.buffers[1][1] = people.opt_in_ends;
  people.buffers[1][2] = people.opt_ins;
  stream.private_data = &people;

  must(cts_screen_options_new(&options), NULL);
  must(cts_engine_screen(engine, facts, options, &stream, &rows, &screening, &error), &error);
  for (;;) {
    if (rows.get_next(&rows, &batch) != 0) {
      const char *message = rows.get_last_error(&rows);
      fails(campaign, message == NULL ? "the rows failed" : message);
    }
    if (batch.release == NULL) {
      break;
    }
    batch.release(&batch); /* The verdict of each row is in here. */
  }
  rows.release(&rows);
  must(cts_screening_summary(screening, &summary, &error), &error);
  must(cts_summary_read(summary, &info), NULL);
  must(cts_summary_json(summary, &json), NULL);
  printf("%.*s\n", CTS_STR_ARG(json));
  cts_summary_free(summary);
  cts_screening_free(screening);
  cts_screen_options_free(options);
  cts_facts_free(facts);
  return info.worst == CTS_ALLOW ? 0 : info.worst == CTS_DENY ? 1 : 3;
}

int main(int argc, char **argv)
{
  cts_engine *engine = NULL;
  cts_error *error = NULL;
  int status = 2;
  if (argc == 1) {
    return answer();
  }
  must(cts_engine_new_built_in(&engine, &error), &error);
  if (argc == 3 && strcmp(argv[1], "check") == 0) {
    status = check(engine, argv[2]);
  } else if (argc > 3 && strcmp(argv[1], "screen") == 0) {
    status = screen(engine, argv[2], argc - 3, argv + 3);
  } else {
    fprintf(stderr, "usage: webhook [check CAMPAIGN.json | screen CAMPAIGN.json NUMBER...]\n");
  }
  cts_engine_free(engine);
  return status;
}
