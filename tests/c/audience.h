/* An audience made by hand: an Arrow stream of customers, in plain C, that counts how often each part of it is released, and that can fail or
 * break in many ways. */
#ifndef AUDIENCE_H
#define AUDIENCE_H

#include "check.h"

struct customer {
  int64_t id;
  const char *phone;   /* NULL: null */
  const char *opt_in;  /* NULL: null */
  int opted_out;       /* -1: null */
  int64_t opt_in_at;   /* seconds; 0: null */
};

enum { COLUMNS = 5, BUFFERS = 3 };

static const char *const column_formats[COLUMNS] = {"l", "u", "u", "b", "tss:UTC"};
static const char *const column_names[COLUMNS] = {"id", "recipient.phone", "recipient.opt_in", "recipient.opted_out",
                                                  "recipient.opt_in_at"};

struct source {
  const struct customer *customers;
  size_t count;
  size_t batch; /* Rows in a batch. */

  /* After so many batches it fails with that number and text. */
  size_t fail_after;
  int fail_number;
  const char *fail_text;
  int schema_number;

  /* Changes what was made, so that it is broken. */
  void (*twist_schema)(struct ArrowSchema *schema);
  void (*twist_array)(struct ArrowArray *array);
  /* Called before each batch is made. */
  void (*before)(void);

  /* What happened. */
  size_t at;
  size_t batches;
  int schemas_made;
  int schemas_released;
  int arrays_made;
  int arrays_released;
  int columns_released;
  int streams_released;
};

/* A schema and its columns. */
struct schema_box {
  struct source *source;
  struct ArrowSchema columns[COLUMNS];
  struct ArrowSchema *pointers[COLUMNS];
};

/* An array and its columns, with their memory. */
struct array_box {
  struct source *source;
  struct ArrowArray columns[COLUMNS];
  struct ArrowArray *pointers[COLUMNS];
  const void *none[1];
  const void *buffers[COLUMNS][BUFFERS];
  void *memory[COLUMNS][BUFFERS];
};

static void *some(size_t bytes)
{
  void *memory = calloc(1, bytes == 0 ? 1 : bytes);
  CHECK(memory != NULL);
  return memory;
}

static void release_schema_column(struct ArrowSchema *schema)
{
  CHECK(schema->release != NULL);
  schema->release = NULL;
}

static void release_schema(struct ArrowSchema *schema)
{
  struct schema_box *box = (struct schema_box *)schema->private_data;
  size_t i = 0;
  CHECK(schema->release != NULL);
  for (i = 0; i < COLUMNS; i++) {
    if (box->columns[i].release != NULL) {
      box->columns[i].release(&box->columns[i]);
    }
  }
  box->source->schemas_released++;
  free(box);
  schema->release = NULL;
}

static int source_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
  struct source *source = (struct source *)stream->private_data;
  struct schema_box *box = NULL;
  size_t i = 0;
  CHECK(stream->release != NULL);
  if (source->schema_number != 0) {
    return source->schema_number;
  }
  box = (struct schema_box *)some(sizeof *box);
  box->source = source;
  for (i = 0; i < COLUMNS; i++) {
    box->columns[i].format = column_formats[i];
    box->columns[i].name = column_names[i];
    box->columns[i].flags = ARROW_FLAG_NULLABLE;
    box->columns[i].release = release_schema_column;
    box->pointers[i] = &box->columns[i];
  }
  memset(out, 0, sizeof *out);
  out->format = "+s";
  out->name = "";
  out->n_children = COLUMNS;
  out->children = box->pointers;
  out->release = release_schema;
  out->private_data = box;
  source->schemas_made++;
  if (source->twist_schema != NULL) {
    source->twist_schema(out);
  }
  return 0;
}

/* The parent's box holds the memory: a column by itself has nothing to free. */
static void release_column(struct ArrowArray *array)
{
  struct source *source = (struct source *)array->private_data;
  CHECK(array->release != NULL);
  source->columns_released++;
  array->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
  struct array_box *box = (struct array_box *)array->private_data;
  size_t i = 0;
  size_t j = 0;
  CHECK(array->release != NULL);
  for (i = 0; i < COLUMNS; i++) {
    if (box->columns[i].release != NULL) {
      box->columns[i].release(&box->columns[i]);
    }
    for (j = 0; j < BUFFERS; j++) {
      free(box->memory[i][j]);
    }
  }
  box->source->arrays_released++;
  free(box);
  array->release = NULL;
}

static void *buffer(struct array_box *box, size_t column, size_t number, size_t bytes)
{
  void *memory = some(bytes);
  box->memory[column][number] = memory;
  box->buffers[column][number] = memory;
  return memory;
}

static void set_bit(void *bits, size_t place)
{
  ((unsigned char *)bits)[place / 8] = (unsigned char)(((unsigned char *)bits)[place / 8] | 1U << place % 8);
}

static const char *text_of(const struct customer *customer, size_t column)
{
  return column == 1 ? customer->phone : customer->opt_in;
}

/* One column of texts: offsets, and the texts behind each other. */
static void make_texts(struct array_box *box, size_t column, const struct customer *customers, size_t rows)
{
  int32_t *offsets = (int32_t *)buffer(box, column, 1, (rows + 1) * sizeof(int32_t));
  char *texts = NULL;
  size_t i = 0;
  for (i = 0; i < rows; i++) {
    const char *text = text_of(&customers[i], column);
    offsets[i + 1] = offsets[i] + (int32_t)(text == NULL ? 0 : strlen(text));
  }
  texts = (char *)buffer(box, column, 2, (size_t)offsets[rows]);
  for (i = 0; i < rows; i++) {
    const char *text = text_of(&customers[i], column);
    if (text != NULL) {
      memcpy(texts + offsets[i], text, strlen(text));
    }
  }
}

static int is_null(const struct customer *customer, size_t column)
{
  switch (column) {
    case 1:
    case 2: return text_of(customer, column) == NULL;
    case 3: return customer->opted_out < 0;
    case 4: return customer->opt_in_at == 0;
    default: return 0;
  }
}

static void make_array(struct source *source, const struct customer *customers, size_t rows, struct ArrowArray *out)
{
  struct array_box *box = (struct array_box *)some(sizeof *box);
  int64_t *ids = NULL;
  int64_t *instants = NULL;
  void *truths = NULL;
  size_t i = 0;
  size_t column = 0;
  box->source = source;
  ids = (int64_t *)buffer(box, 0, 1, rows * sizeof *ids);
  make_texts(box, 1, customers, rows);
  make_texts(box, 2, customers, rows);
  truths = buffer(box, 3, 1, (rows + 7) / 8);
  instants = (int64_t *)buffer(box, 4, 1, rows * sizeof *instants);
  for (i = 0; i < rows; i++) {
    ids[i] = customers[i].id;
    instants[i] = customers[i].opt_in_at;
    if (customers[i].opted_out > 0) {
      set_bit(truths, i);
    }
  }
  for (column = 0; column < COLUMNS; column++) {
    struct ArrowArray *array = &box->columns[column];
    if (column != 0) {
      void *valid = buffer(box, column, 0, (rows + 7) / 8);
      for (i = 0; i < rows; i++) {
        if (is_null(&customers[i], column)) {
          array->null_count++;
        } else {
          set_bit(valid, i);
        }
      }
    }
    array->length = (int64_t)rows;
    array->n_buffers = column == 1 || column == 2 ? 3 : 2;
    array->buffers = box->buffers[column];
    array->release = release_column;
    array->private_data = source;
    box->pointers[column] = array;
  }
  memset(out, 0, sizeof *out);
  out->length = (int64_t)rows;
  out->n_buffers = 1;
  out->buffers = box->none;
  out->n_children = COLUMNS;
  out->children = box->pointers;
  out->release = release_array;
  out->private_data = box;
  source->arrays_made++;
}

static int source_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
  struct source *source = (struct source *)stream->private_data;
  size_t rows = source->count - source->at;
  CHECK(stream->release != NULL);
  if (source->before != NULL) {
    source->before();
  }
  if (source->fail_number != 0 && source->batches == source->fail_after) {
    return source->fail_number;
  }
  source->batches++;
  if (rows == 0) {
    memset(out, 0, sizeof *out);
    return 0;
  }
  rows = rows < source->batch ? rows : source->batch;
  make_array(source, source->customers + source->at, rows, out);
  source->at += rows;
  if (source->twist_array != NULL) {
    source->twist_array(out);
  }
  return 0;
}

static const char *source_error(struct ArrowArrayStream *stream)
{
  return ((struct source *)stream->private_data)->fail_text;
}

static void source_release(struct ArrowArrayStream *stream)
{
  CHECK(stream->release != NULL);
  ((struct source *)stream->private_data)->streams_released++;
  stream->release = NULL;
}

static struct ArrowArrayStream stream_of(struct source *source)
{
  struct ArrowArrayStream stream;
  stream.get_schema = source_schema;
  stream.get_next = source_next;
  stream.get_last_error = source_error;
  stream.release = source_release;
  stream.private_data = source;
  return stream;
}

static struct source source_of(const struct customer *customers, size_t count, size_t batch)
{
  struct source source;
  memset(&source, 0, sizeof source);
  source.customers = customers;
  source.count = count;
  source.batch = batch;
  return source;
}

/* All that was made was released once. */
static void all_released(const struct source *source)
{
  CHECK(source->streams_released == 1);
  CHECK(source->schemas_released == source->schemas_made);
  CHECK(source->arrays_released == source->arrays_made);
}

#endif
