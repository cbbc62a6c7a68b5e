// An audience in C++ whose function throws: the process ends, and says which function it was. The arguments are a campaign and the function.
#include "cleartosend.h"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

static std::string culprit;

static void may_throw(const char *function)
{
  if (culprit == function) {
    throw std::runtime_error("out of luck");
  }
}

extern "C" {

static void release_schema(struct ArrowSchema *schema)
{
  schema->release = nullptr;
  may_throw("release of the schema");
}

static void release_array(struct ArrowArray *array)
{
  array->release = nullptr;
  may_throw("release of an array");
}

static void release_stream(struct ArrowArrayStream *stream)
{
  stream->release = nullptr;
  may_throw("release");
}

static int get_schema(struct ArrowArrayStream *, struct ArrowSchema *out)
{
  may_throw("get_schema");
  std::memset(out, 0, sizeof *out);
  out->format = "+s";
  out->name = "";
  out->release = release_schema;
  return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
  may_throw("get_next");
  std::memset(out, 0, sizeof *out);
  if (stream->private_data != nullptr) {
    return culprit == "get_last_error" ? 5 : 0;
  }
  static const void *buffers[1] = {nullptr};
  stream->private_data = buffers;
  out->length = 2;
  out->n_buffers = 1;
  out->buffers = buffers;
  out->release = release_array;
  return 0;
}

static const char *get_last_error(struct ArrowArrayStream *)
{
  may_throw("get_last_error");
  return nullptr;
}
}

int main(int argc, char **argv)
{
  if (argc != 3) {
    return 2;
  }
  culprit = argv[2];
  std::ifstream file(argv[1], std::ios::binary);
  const std::string document((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  cts_engine *engine = nullptr;
  cts_facts *campaign = nullptr;
  cts_screening *screening = nullptr;
  struct ArrowArrayStream audience = {get_schema, get_next, get_last_error, release_stream, nullptr};
  struct ArrowArrayStream rows;
  if (cts_engine_new_built_in(&engine, nullptr) != CTS_OK ||
      cts_facts_new_from_json(engine, document.data(), document.size(), &campaign, nullptr) != CTS_OK) {
    return 2;
  }
  try {
    if (cts_engine_screen(engine, campaign, nullptr, &audience, &rows, &screening, nullptr) != CTS_OK) {
      return 2;
    }
    for (int i = 0; i < 3; i++) {
      struct ArrowArray array;
      if (rows.get_next(&rows, &array) != 0 || array.release == nullptr) {
        break;
      }
      array.release(&array);
    }
    rows.release(&rows);
  } catch (const std::exception &) {
    std::fputs("it came out of the library\n", stderr);
    return 3;
  }
  cts_screening_free(screening);
  cts_facts_free(campaign);
  cts_engine_free(engine);
  return 0;
}
