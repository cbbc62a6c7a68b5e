/* Every function with every wrong argument that can be told: a status, outputs that are safe, nothing leaked, no crash. */
#include "audience.h"

/* Where outputs go, which hold junk before each call: one that was given is NULL or 0 after it, any other is as it was. */
static void spoil(void);
static void outputs_are_safe(const char *call, int line);

#undef FAILS
#define FAILS(call, wanted_status, wanted_code)                                                        \
  do {                                                                                                 \
    spoil();                                                                                           \
    check_fails((call), (wanted_status), (wanted_code), &error, #call, __FILE__, __LINE__);            \
    outputs_are_safe(#call, __LINE__);                                                                 \
  } while (0)

/* The functions without an error to ask for. */
#define GIVES(call, wanted)                                                                                   \
  do {                                                                                                        \
    cts_status found_ = CTS_OK;                                                                               \
    spoil();                                                                                                  \
    found_ = (call);                                                                                          \
    outputs_are_safe(#call, __LINE__);                                                                        \
    if (found_ != (wanted)) {                                                                                 \
      fprintf(stderr, "%s:%d: %s gives %s, expected %s\n", __FILE__, __LINE__, #call, cts_status_name(found_), \
              cts_status_name(wanted));                                                                       \
      exit(1);                                                                                                \
    }                                                                                                         \
  } while (0)

/* The functions with one: the same status with it and without it. `e` stands for the error. */
#define FAILS_BOTH(call_with, call_without, status, code) \
  do {                                                    \
    FAILS(call_with, status, code);                       \
    GIVES(call_without, status);                          \
  } while (0)

#define NUL_(f) FAILS_BOTH(f(&error), f(NULL), CTS_ERR_NULL, "c/null")
#define HANDLE_(f) FAILS_BOTH(f(&error), f(NULL), CTS_ERR_HANDLE, "c/wrong-handle")
#define UTF8_(f) FAILS_BOTH(f(&error), f(NULL), CTS_ERR_UTF8, "c/not-utf8")
#define LENGTH_(f) FAILS_BOTH(f(&error), f(NULL), CTS_ERR_LENGTH, "c/length")
#define SIZE_(f) FAILS_BOTH(f(&error), f(NULL), CTS_ERR_STRUCT_SIZE, "c/struct-size")
#define VALUE_(f) FAILS_BOTH(f(&error), f(NULL), CTS_ERR_VALUE, "c/value")
#define ATTRIBUTE_(f) FAILS_BOTH(f(&error), f(NULL), CTS_ERR_ATTRIBUTE, "c/foreign-attribute")

#define BAD "\xff\xfe", 2
#define TOO_LONG "x", SIZE_MAX
#define HUGE ((size_t)1 << 40)
#define HUGE_TEXT "x", HUGE
#define EVENT \
  "{\"entry\": [{\"id\": \"1\", \"time\": 1768035600, \"changes\": [{\"field\": \"account_review_update\"," \
  " \"value\": {\"decision\": \"APPROVED\"}}]}]}"
#define DOC "{\"send_at\": \"2026-03-02T15:00:00Z\"}"

static cts_error *error;
static cts_builder *builder;
static cts_engine *engine;
static cts_facts *facts;
static cts_report *report;
static cts_decision *decision;
static cts_explanation *explanation;
static cts_provider *provider;
static cts_error *an_error;
static cts_account *account;
static cts_changes *changes;
static cts_projection *projection;
static cts_text *text_made;
static cts_screen_options *options;
static cts_screening *screening;
static cts_summary *summary;
static cts_pack *pack;
static cts_bytes *bytes_made;

static cts_engine *no_engine;
static cts_facts *no_facts;
static cts_decision *no_decision;
static cts_explanation *no_explanation;
static cts_provider *no_provider;
static cts_account *no_account;
static cts_changes *no_changes;
static cts_projection *no_projection;
static cts_text *no_text;
static cts_screen_options *no_options;
static cts_screening *no_screening;
static cts_summary *no_summary;
static cts_pack *no_pack;
static cts_bytes *no_bytes;
static uint32_t no_attribute;

#define OUTPUTS(of)                                                                                                            \
  of(no_engine) of(no_facts) of(no_decision) of(no_provider) of(no_account) of(no_changes) of(no_projection) of(no_text)       \
  of(no_options) of(no_screening) of(no_summary) of(no_explanation) of(no_pack) of(no_bytes)

static char junk[8];

static void spoil(void)
{
#define SPOIL(output) output = (void *)junk;
  OUTPUTS(SPOIL)
  no_attribute = 7;
}

static void outputs_are_safe(const char *call, int line)
{
#define IS_SAFE(output)                                                                                  \
  if (((void *)output == (void *)junk) != (strstr(call, "&" #output) == NULL)) {                         \
    fprintf(stderr, "%s:%d: after %s, " #output " is not as it should be\n", __FILE__, line, call);     \
    exit(1);                                                                                             \
  }                                                                                                      \
  CHECK(output == NULL || (void *)output == (void *)junk);
  OUTPUTS(IS_SAFE)
  CHECK(no_attribute == (strstr(call, "&no_attribute") == NULL ? 7U : 0U));
}

static void explanations(void)
{
  cts_explain_options options_of = CTS_EXPLAIN_OPTIONS_INIT;
  cts_str text = {0, 0};
#define F(e) cts_engine_explain(NULL, facts, NULL, &no_explanation, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_explain((cts_engine *)facts, facts, NULL, &no_explanation, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_explain(engine, NULL, NULL, &no_explanation, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_explain(engine, (cts_facts *)engine, NULL, &no_explanation, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_explain(engine, facts, NULL, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_explain(engine, facts, &options_of, &no_explanation, e)
  options_of.struct_size = 0;
  SIZE_(F);
  options_of.struct_size = sizeof options_of + 8;
  SIZE_(F);
  options_of.struct_size = sizeof options_of;
  options_of.timeline = 3;
  VALUE_(F);
  options_of.timeline = -1;
  VALUE_(F);
  options_of.timeline = CTS_TIMELINE_UNTIL;
  options_of.until_seconds = INT64_MAX;
  VALUE_(F);
  options_of.until_seconds = 0;
  options_of.until_nanos = 1000000000;
  VALUE_(F);
#undef F
#define F(e) cts_engine_explain_json(NULL, CTS_LIT(DOC), NULL, &no_explanation, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_explain_json((cts_engine *)facts, CTS_LIT(DOC), NULL, &no_explanation, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_explain_json(engine, NULL, 1, NULL, &no_explanation, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_explain_json(engine, TOO_LONG, NULL, &no_explanation, e)
  LENGTH_(F);
#undef F
#define F(e) cts_engine_explain_json(engine, CTS_LIT(DOC), NULL, NULL, e)
  NUL_(F);
#undef F
  FAILS(cts_engine_explain_json(engine, CTS_LIT("{}"), NULL, &no_explanation, &error), CTS_ERR_FACTS, "facts/missing-send-at");
  options_of.until_nanos = 0;
  FAILS(cts_engine_explain_json(engine, CTS_LIT(DOC), &options_of, &no_explanation, &error), CTS_ERR_VALUE, "explain/bad-horizon");

  GIVES(cts_explanation_json(NULL, &text), CTS_ERR_NULL);
  GIVES(cts_explanation_json((cts_explanation *)decision, &text), CTS_ERR_HANDLE);
  GIVES(cts_explanation_json(explanation, NULL), CTS_ERR_NULL);
  GIVES(cts_explanation_text(NULL, CTS_ENGLISH, &text), CTS_ERR_NULL);
  GIVES(cts_explanation_text((cts_explanation *)decision, CTS_ENGLISH, &text), CTS_ERR_HANDLE);
  GIVES(cts_explanation_text(explanation, CTS_ENGLISH, NULL), CTS_ERR_NULL);
  GIVES(cts_explanation_text(explanation, 3, &text), CTS_ERR_VALUE);
  CHECK(text.data == NULL && text.len == 0);
  GIVES(cts_explanation_decision(NULL, &no_decision), CTS_ERR_NULL);
  GIVES(cts_explanation_decision((cts_explanation *)decision, &no_decision), CTS_ERR_HANDLE);
  GIVES(cts_explanation_decision(explanation, NULL), CTS_ERR_NULL);
}

static void records(void)
{
  cts_record_options options_of = CTS_RECORD_OPTIONS_INIT;
#define F(e) cts_engine_record(NULL, facts, NULL, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_record((cts_engine *)facts, facts, NULL, &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_record(engine, NULL, NULL, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_record(engine, (cts_facts *)engine, NULL, &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_record(engine, facts, NULL, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_record(engine, facts, &options_of, &no_text, e)
  options_of.struct_size = 0;
  SIZE_(F);
  options_of.struct_size = sizeof options_of + 8;
  SIZE_(F);
  options_of.struct_size = sizeof options_of;
  options_of.explain = 2;
  VALUE_(F);
  options_of.explain = 0;
  options_of.mask_key.len = 1;
  NUL_(F);
  options_of.mask_key.data = "\xff\xfe";
  options_of.mask_key.len = 2;
  UTF8_(F);
  options_of.mask_key.len = SIZE_MAX;
  LENGTH_(F);
#undef F
#define F(e) cts_engine_record_json(NULL, CTS_LIT(DOC), NULL, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_record_json((cts_engine *)facts, CTS_LIT(DOC), NULL, &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_record_json(engine, NULL, 1, NULL, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_record_json(engine, TOO_LONG, NULL, &no_text, e)
  LENGTH_(F);
#undef F
#define F(e) cts_engine_record_json(engine, CTS_LIT(DOC), NULL, NULL, e)
  NUL_(F);
#undef F
}

static void builders(void)
{
  cts_pack_file file;
  cts_pack_file broken;
  memset(&file, 0, sizeof file);
  broken = file;
  GIVES(cts_builder_new(NULL), CTS_ERR_NULL);
#define F(e) cts_builder_add_built_in_pack(NULL, CTS_LIT("whatsapp"), e)
  NUL_(F);
#undef F
#define F(e) cts_builder_add_built_in_pack((cts_builder *)engine, CTS_LIT("whatsapp"), e)
  HANDLE_(F);
#undef F
#define F(e) cts_builder_add_built_in_pack((cts_builder *)((char *)builder + 1), CTS_LIT("whatsapp"), e)
  HANDLE_(F);
#undef F
#define F(e) cts_builder_add_built_in_pack(builder, NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_builder_add_built_in_pack(builder, BAD, e)
  UTF8_(F);
#undef F
#define F(e) cts_builder_add_built_in_pack(builder, TOO_LONG, e)
  LENGTH_(F);
#undef F
#define F(e) cts_builder_without_built_in(NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_builder_without_built_in((cts_builder *)engine, e)
  HANDLE_(F);
#undef F
#define F(e) cts_builder_add_pack_folder(NULL, CTS_LIT("."), e)
  NUL_(F);
#undef F
#define F(e) cts_builder_add_pack_folder((cts_builder *)facts, CTS_LIT("."), e)
  HANDLE_(F);
#undef F
#define F(e) cts_builder_add_pack_folder(builder, NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_builder_add_pack_folder(builder, BAD, e)
  UTF8_(F);
#undef F
#define F(e) cts_builder_add_pack_folder(builder, TOO_LONG, e)
  LENGTH_(F);
#undef F
#define F(e) cts_builder_add_pack_files(NULL, CTS_LIT("p"), &file, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_builder_add_pack_files((cts_builder *)report, CTS_LIT("p"), &file, 1, e)
  HANDLE_(F);
#undef F
#define F(e) cts_builder_add_pack_files(builder, NULL, 1, &file, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_builder_add_pack_files(builder, BAD, &file, 1, e)
  UTF8_(F);
#undef F
#define F(e) cts_builder_add_pack_files(builder, CTS_LIT("p"), NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_builder_add_pack_files(builder, CTS_LIT("p"), &file, SIZE_MAX / 2, e)
  LENGTH_(F);
#undef F
#define F(e) cts_builder_add_pack_files(builder, CTS_LIT("p"), &broken, 1, e)
  broken.data = NULL;
  broken.len = 3;
  NUL_(F);
  broken.data = "x";
  broken.len = SIZE_MAX;
  LENGTH_(F);
  broken.len = 1;
  broken.path = cts_str_of(NULL, 1);
  NUL_(F);
  broken.path = cts_str_of(BAD);
  UTF8_(F);
#undef F
#define F(e) cts_builder_base(NULL, CTS_LIT("{}"), e)
  NUL_(F);
#undef F
#define F(e) cts_builder_base((cts_builder *)decision, CTS_LIT("{}"), e)
  HANDLE_(F);
#undef F
#define F(e) cts_builder_base(builder, NULL, 2, e)
  NUL_(F);
#undef F
#define F(e) cts_builder_base(builder, TOO_LONG, e)
  LENGTH_(F);
#undef F
#define F(e) cts_builder_base(builder, HUGE_TEXT, e)
  LENGTH_(F);
#undef F
#define F(e) cts_builder_set_directory(NULL, CTS_LIT("{}"), e)
  NUL_(F);
#undef F
#define F(e) cts_builder_set_directory((cts_builder *)decision, CTS_LIT("{}"), e)
  HANDLE_(F);
#undef F
#define F(e) cts_builder_set_directory(builder, NULL, 2, e)
  NUL_(F);
#undef F
#define F(e) cts_builder_set_directory(builder, TOO_LONG, e)
  LENGTH_(F);
#undef F
  FAILS(cts_builder_set_directory(builder, BAD, &error), CTS_ERR_DIRECTORY, "directory/not-json");
  FAILS(cts_builder_set_directory(builder, NULL, 0, &error), CTS_ERR_DIRECTORY, "directory/not-json");
#define F(e) cts_builder_add_waivers(NULL, CTS_LIT("w"), CTS_LIT(""), e)
  NUL_(F);
#undef F
#define F(e) cts_builder_add_waivers((cts_builder *)decision, CTS_LIT("w"), CTS_LIT(""), e)
  HANDLE_(F);
#undef F
#define F(e) cts_builder_add_waivers(builder, NULL, 1, CTS_LIT(""), e)
  NUL_(F);
#undef F
#define F(e) cts_builder_add_waivers(builder, BAD, CTS_LIT(""), e)
  UTF8_(F);
#undef F
#define F(e) cts_builder_add_waivers(builder, CTS_LIT("w"), NULL, 2, e)
  NUL_(F);
#undef F
#define F(e) cts_builder_add_waivers(builder, CTS_LIT("w"), TOO_LONG, e)
  LENGTH_(F);
#undef F
}

static void engines(void)
{
  cts_identity who = CTS_IDENTITY_INIT;
  cts_identity small = CTS_IDENTITY_INIT;
  cts_provider_info info = CTS_PROVIDER_INFO_INIT;
#define F(e) cts_engine_new_built_in(NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_new(NULL, &no_engine, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_new((cts_builder *)engine, &no_engine, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_new(builder, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_replace(NULL, builder, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_replace((cts_engine *)builder, builder, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_replace(engine, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_replace(engine, (cts_builder *)engine, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_attribute(NULL, CTS_LIT("send_at"), &no_attribute, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_attribute((cts_engine *)facts, CTS_LIT("send_at"), &no_attribute, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_attribute(engine, NULL, 7, &no_attribute, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_attribute(engine, BAD, &no_attribute, e)
  UTF8_(F);
#undef F
#define F(e) cts_engine_attribute(engine, TOO_LONG, &no_attribute, e)
  LENGTH_(F);
#undef F
#define F(e) cts_engine_attribute(engine, CTS_LIT("send_at"), NULL, e)
  NUL_(F);
#undef F
  FAILS(cts_engine_attribute(engine, NULL, 0, &no_attribute, &error), CTS_ERR_ATTRIBUTE, "c/unknown-attribute");

#define F(e) cts_engine_info(NULL, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_info((cts_engine *)facts, &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_info(engine, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_code_explain(131049, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_code_explain_subcode(131049, 1, NULL, e)
  NUL_(F);
#undef F

#define F(e) cts_engine_find_provider(NULL, &who, 0, 0, &no_provider, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_find_provider((cts_engine *)provider, &who, 0, 0, &no_provider, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_find_provider(engine, NULL, 0, 0, &no_provider, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_find_provider(engine, &small, 0, 0, &no_provider, e)
  small.struct_size = 0;
  SIZE_(F);
  small.struct_size = sizeof small - 1;
  SIZE_(F);
  small.struct_size = SIZE_MAX;
  SIZE_(F);
#undef F
#define F(e) cts_engine_find_provider(engine, &who, INT64_MAX, 0, &no_provider, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_find_provider(engine, &who, 0, 1000000000, &no_provider, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_find_provider(engine, &who, 0, 0, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_find_provider(engine, &who, 0, 0, &no_provider, e)
  who.name = cts_str_of(BAD);
  UTF8_(F);
  who.name = cts_str_of(NULL, 1);
  NUL_(F);
  who.name = cts_str_of(TOO_LONG);
  LENGTH_(F);
  who.name = cts_str_of(NULL, 0);
  who.id = cts_str_of(BAD);
  UTF8_(F);
  who.id = cts_str_of(NULL, 0);
  who.domain = cts_str_of(BAD);
  UTF8_(F);
#undef F
  GIVES(cts_provider_read(NULL, &info), CTS_ERR_NULL);
  GIVES(cts_provider_read((cts_provider *)engine, &info), CTS_ERR_HANDLE);
  GIVES(cts_provider_read(provider, NULL), CTS_ERR_NULL);
  info.struct_size = 8;
  GIVES(cts_provider_read(provider, &info), CTS_ERR_STRUCT_SIZE);
}

/* One setter: its handle, the attribute, and the error. `CALL(f, a, e)` is the call. */
#define SETTER()                                                                                    \
  do {                                                                                              \
    FAILS_BOTH(CALL(NULL, good, &error), CALL(NULL, good, NULL), CTS_ERR_NULL, "c/null");           \
    FAILS_BOTH(CALL((cts_facts *)engine, good, &error), CALL((cts_facts *)engine, good, NULL), CTS_ERR_HANDLE, "c/wrong-handle"); \
    FAILS_BOTH(CALL(facts, good ^ 0x10000U, &error), CALL(facts, good ^ 0x10000U, NULL), CTS_ERR_ATTRIBUTE, "c/foreign-attribute"); \
    FAILS_BOTH(CALL(facts, 0xffffffffU, &error), CALL(facts, 0xffffffffU, NULL), CTS_ERR_ATTRIBUTE, "c/foreign-attribute"); \
    FAILS_BOTH(CALL(facts, derived, &error), CALL(facts, derived, NULL), CTS_ERR_FACTS, "facts/derived"); \
  } while (0)

static void setters(void)
{
  uint32_t good = 0;
  uint32_t derived = 0;
  uint32_t list = 0;
  cts_pack_file file;
  cts_str text = cts_str_of(CTS_LIT("npm:x"));
  cts_str broken = cts_str_of(BAD);
  OK(cts_engine_attribute(engine, CTS_LIT("account.name"), &good, &error));
  OK(cts_engine_attribute(engine, CTS_LIT("account.banned"), &derived, &error));

#define F(e) cts_facts_new(NULL, &no_facts, e)
  NUL_(F);
#undef F
#define F(e) cts_facts_new((cts_engine *)builder, &no_facts, e)
  HANDLE_(F);
#undef F
#define F(e) cts_facts_new(engine, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_facts_new_from_json(NULL, CTS_LIT(DOC), &no_facts, e)
  NUL_(F);
#undef F
#define F(e) cts_facts_new_from_json((cts_engine *)report, CTS_LIT(DOC), &no_facts, e)
  HANDLE_(F);
#undef F
#define F(e) cts_facts_new_from_json(engine, NULL, 3, &no_facts, e)
  NUL_(F);
#undef F
#define F(e) cts_facts_new_from_json(engine, TOO_LONG, &no_facts, e)
  LENGTH_(F);
#undef F
#define F(e) cts_facts_new_from_json(engine, CTS_LIT(DOC), NULL, e)
  NUL_(F);
#undef F
  FAILS(cts_facts_new_from_json(engine, NULL, 0, &no_facts, &error), CTS_ERR_FACTS, "facts/truncated");
#define F(e) cts_facts_clone(NULL, &no_facts, e)
  NUL_(F);
#undef F
#define F(e) cts_facts_clone((cts_facts *)engine, &no_facts, e)
  HANDLE_(F);
#undef F
#define F(e) cts_facts_clone(facts, NULL, e)
  NUL_(F);
#undef F
  GIVES(cts_facts_reset(NULL), CTS_ERR_NULL);
  GIVES(cts_facts_reset((cts_facts *)engine), CTS_ERR_HANDLE);
  GIVES(cts_facts_clear(NULL), CTS_ERR_NULL);
  GIVES(cts_facts_clear((cts_facts *)engine), CTS_ERR_HANDLE);
  GIVES(cts_facts_with_recipient(NULL), CTS_ERR_NULL);
  GIVES(cts_facts_with_recipient((cts_facts *)engine), CTS_ERR_HANDLE);

#define CALL(f, a, e) cts_facts_set_string(f, a, CTS_LIT("x"), e)
  SETTER();
#undef CALL
#define F(e) cts_facts_set_string(facts, good, NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_facts_set_string(facts, good, BAD, e)
  UTF8_(F);
#undef F
#define F(e) cts_facts_set_string(facts, good, TOO_LONG, e)
  LENGTH_(F);
#undef F
  /* Lengths that an object could have, but nothing of the kind has: told before anything is read. */
  FAILS(cts_facts_set_string(facts, good, HUGE_TEXT, &error), CTS_ERR_FACTS, "facts/text-too-long");
  FAILS(cts_facts_set_json(facts, HUGE_TEXT, CTS_LIT("1"), &error), CTS_ERR_LENGTH, "c/length");
  FAILS(cts_facts_set_json(facts, CTS_LIT("account.name"), HUGE_TEXT, &error), CTS_ERR_FACTS, "facts/too-large");
  FAILS(cts_facts_new_from_json(engine, HUGE_TEXT, &no_facts, &error), CTS_ERR_FACTS, "facts/too-large");
  FAILS(cts_engine_check_json(engine, HUGE_TEXT, CTS_FINDINGS, &no_decision, &error), CTS_ERR_FACTS, "facts/too-large");
  FAILS(cts_engine_attribute(engine, HUGE_TEXT, &no_attribute, &error), CTS_ERR_LENGTH, "c/length");
  FAILS(cts_builder_add_built_in_pack(builder, HUGE_TEXT, &error), CTS_ERR_LENGTH, "c/length");
  FAILS(cts_builder_add_pack_folder(builder, HUGE_TEXT, &error), CTS_ERR_LENGTH, "c/length");
  FAILS(cts_builder_add_pack_files(builder, HUGE_TEXT, NULL, 0, &error), CTS_ERR_LENGTH, "c/length");
  FAILS(cts_builder_add_pack_files(builder, CTS_LIT("p"), &file, HUGE, &error), CTS_ERR_LENGTH, "c/length");
  file.path = cts_str_of(CTS_LIT("pack.toml"));
  file.data = "x";
  file.len = HUGE;
  FAILS(cts_builder_add_pack_files(builder, CTS_LIT("p"), &file, 1, &error), CTS_ERR_LENGTH, "c/length");
  FAILS(cts_builder_set_directory(builder, HUGE_TEXT, &error), CTS_ERR_DIRECTORY, "directory/too-large");
  FAILS(cts_account_new_from_json(HUGE_TEXT, &no_account, &error), CTS_ERR_ACCOUNT, "account/too-large");
  FAILS(cts_account_apply(account, HUGE_TEXT, &no_changes, &error), CTS_ERR_ACCOUNT, "account/too-large");
  FAILS(cts_account_show(account, HUGE_TEXT, &no_text, &error), CTS_ERR_LENGTH, "c/length");
  FAILS(cts_engine_project(engine, account, HUGE_TEXT, 0, 0, &no_projection, &error), CTS_ERR_LENGTH, "c/length");
  FAILS(cts_screen_options_keep(options, HUGE_TEXT, &error), CTS_ERR_LENGTH, "c/length");
  OK(cts_engine_attribute(engine, CTS_LIT("access.clients"), &list, &error));
  FAILS(cts_facts_set_strings(facts, list, &text, HUGE, &error), CTS_ERR_FACTS, "facts/list-too-long");
  broken = cts_str_of(HUGE_TEXT);
  FAILS(cts_facts_set_strings(facts, list, &broken, 1, &error), CTS_ERR_FACTS, "facts/text-too-long");
  broken = cts_str_of(BAD);
#define CALL(f, a, e) cts_facts_set_int(f, a, 1, e)
  SETTER();
#undef CALL
  FAILS(cts_facts_set_int(facts, good, 1, &error), CTS_ERR_FACTS, "facts/wrong-type");
#define CALL(f, a, e) cts_facts_set_double(f, a, 1.5, e)
  SETTER();
#undef CALL
  FAILS(cts_facts_set_double(facts, good, 1.5, &error), CTS_ERR_FACTS, "facts/wrong-type");
#define CALL(f, a, e) cts_facts_set_bool(f, a, 1, e)
  SETTER();
#undef CALL
#define F(e) cts_facts_set_bool(facts, good, 2, e)
  VALUE_(F);
#undef F
#define F(e) cts_facts_set_bool(facts, good, -1, e)
  VALUE_(F);
#undef F
#define CALL(f, a, e) cts_facts_set_instant(f, a, 0, 0, e)
  SETTER();
#undef CALL
#define F(e) cts_facts_set_instant(facts, good, INT64_MIN, 0, e)
  VALUE_(F);
#undef F
#define F(e) cts_facts_set_instant(facts, good, 0, UINT32_MAX, e)
  VALUE_(F);
#undef F
#define CALL(f, a, e) cts_facts_set_duration(f, a, 1, 0, e)
  SETTER();
#undef CALL
#define F(e) cts_facts_set_duration(facts, good, INT64_MAX, INT32_MAX, e)
  VALUE_(F);
#undef F
#define CALL(f, a, e) cts_facts_set_strings(f, a, &text, 1, e)
  SETTER();
#undef CALL
#define F(e) cts_facts_set_strings(facts, good, NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_facts_set_strings(facts, good, &text, SIZE_MAX, e)
  LENGTH_(F);
#undef F
#define F(e) cts_facts_set_strings(facts, good, &broken, 1, e)
  UTF8_(F);
  broken = cts_str_of(NULL, 1);
  NUL_(F);
  broken = cts_str_of(TOO_LONG);
  LENGTH_(F);
#undef F
#define CALL(f, a, e) cts_facts_set_null(f, a, e)
  SETTER();
#undef CALL
#define F(e) cts_facts_unset(NULL, good, e)
  NUL_(F);
#undef F
#define F(e) cts_facts_unset((cts_facts *)engine, good, e)
  HANDLE_(F);
#undef F
#define F(e) cts_facts_unset(facts, 0xffffffffU, e)
  ATTRIBUTE_(F);
#undef F
#define F(e) cts_facts_set_json(NULL, CTS_LIT("account.name"), CTS_LIT("\"x\""), e)
  NUL_(F);
#undef F
#define F(e) cts_facts_set_json((cts_facts *)engine, CTS_LIT("account.name"), CTS_LIT("\"x\""), e)
  HANDLE_(F);
#undef F
#define F(e) cts_facts_set_json(facts, NULL, 1, CTS_LIT("\"x\""), e)
  NUL_(F);
#undef F
#define F(e) cts_facts_set_json(facts, BAD, CTS_LIT("\"x\""), e)
  UTF8_(F);
#undef F
#define F(e) cts_facts_set_json(facts, TOO_LONG, CTS_LIT("\"x\""), e)
  LENGTH_(F);
#undef F
#define F(e) cts_facts_set_json(facts, CTS_LIT("account.name"), NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_facts_set_json(facts, CTS_LIT("account.name"), TOO_LONG, e)
  LENGTH_(F);
#undef F
  FAILS(cts_facts_set_json(facts, CTS_LIT("account.nme"), CTS_LIT("1"), &error), CTS_ERR_ATTRIBUTE, "c/unknown-attribute");
  FAILS(cts_facts_set_json(facts, CTS_LIT("account.name"), CTS_LIT("1"), &error), CTS_ERR_FACTS, "facts/wrong-type");
  FAILS(cts_facts_set_json(facts, CTS_LIT("account.name"), CTS_LIT("\"x\", \"quality\": \"red\""), &error), CTS_ERR_FACTS, "facts/syntax");
  FAILS(cts_facts_set_json(facts, CTS_LIT("account.name"), BAD, &error), CTS_ERR_FACTS, "facts/syntax");
  FAILS(cts_facts_set_json(facts, CTS_LIT("account.restrictions"), CTS_LIT("[{\"kind\": \"none\"}]"), &error), CTS_ERR_FACTS,
        "facts/value-outside-list");
  FAILS(cts_facts_set_json(facts, CTS_LIT("account.restrictions"), CTS_LIT("null"), &error), CTS_ERR_VALUE, "c/value");
}

static void checks(void)
{
  cts_rule rule = CTS_RULE_INIT;
  cts_verdict verdict = CTS_VERDICT_NONE;
  size_t count = 0;
#define F(e) cts_engine_check_json(NULL, CTS_LIT(DOC), CTS_FINDINGS, &no_decision, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_check_json((cts_engine *)decision, CTS_LIT(DOC), CTS_FINDINGS, &no_decision, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_check_json(engine, NULL, 1, CTS_FINDINGS, &no_decision, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_check_json(engine, TOO_LONG, CTS_FINDINGS, &no_decision, e)
  LENGTH_(F);
#undef F
#define F(e) cts_engine_check_json(engine, CTS_LIT(DOC), 2, &no_decision, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_check_json(engine, CTS_LIT(DOC), -1, &no_decision, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_check_json(engine, CTS_LIT(DOC), CTS_FINDINGS, NULL, e)
  NUL_(F);
#undef F
  FAILS(cts_engine_check_json(engine, NULL, 0, CTS_FINDINGS, &no_decision, &error), CTS_ERR_FACTS, "facts/truncated");
#define F(e) cts_engine_check_json_at(NULL, CTS_LIT(DOC), 0, 0, CTS_FINDINGS, &no_decision, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_check_json_at((cts_engine *)decision, CTS_LIT(DOC), 0, 0, CTS_FINDINGS, &no_decision, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_check_json_at(engine, NULL, 1, 0, 0, CTS_FINDINGS, &no_decision, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_check_json_at(engine, TOO_LONG, 0, 0, CTS_FINDINGS, &no_decision, e)
  LENGTH_(F);
#undef F
#define F(e) cts_engine_check_json_at(engine, CTS_LIT(DOC), INT64_MAX, 0, CTS_FINDINGS, &no_decision, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_check_json_at(engine, CTS_LIT(DOC), 0, 1000000000, CTS_FINDINGS, &no_decision, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_check_json_at(engine, CTS_LIT(DOC), 0, 0, 2, &no_decision, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_check_json_at(engine, CTS_LIT(DOC), 0, 0, CTS_FINDINGS, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_check(NULL, facts, CTS_FINDINGS, &no_decision, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_check((cts_engine *)facts, facts, CTS_FINDINGS, &no_decision, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_check(engine, NULL, CTS_FINDINGS, &no_decision, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_check(engine, (cts_facts *)engine, CTS_FINDINGS, &no_decision, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_check(engine, facts, INT32_MAX, &no_decision, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_check(engine, facts, CTS_FINDINGS, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_check_into(NULL, facts, report, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_check_into((cts_engine *)facts, facts, report, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_check_into(engine, NULL, report, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_check_into(engine, (cts_facts *)report, report, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_check_into(engine, facts, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_check_into(engine, facts, (cts_report *)facts, e)
  HANDLE_(F);
#undef F
  GIVES(cts_report_new(NULL), CTS_ERR_NULL);
  GIVES(cts_report_verdict(NULL, &verdict), CTS_ERR_NULL);
  GIVES(cts_report_verdict((cts_report *)facts, &verdict), CTS_ERR_HANDLE);
  GIVES(cts_report_verdict(report, NULL), CTS_ERR_NULL);
  GIVES(cts_report_verdict(report, &verdict), CTS_ERR_EMPTY);
  GIVES(cts_report_rule_count(NULL, &count), CTS_ERR_NULL);
  GIVES(cts_report_rule_count((cts_report *)facts, &count), CTS_ERR_HANDLE);
  GIVES(cts_report_rule_count(report, NULL), CTS_ERR_NULL);
  GIVES(cts_report_rule_count(report, &count), CTS_ERR_EMPTY);
  GIVES(cts_report_rule(NULL, 0, &rule), CTS_ERR_NULL);
  GIVES(cts_report_rule((cts_report *)facts, 0, &rule), CTS_ERR_HANDLE);
  GIVES(cts_report_rule(report, 0, NULL), CTS_ERR_NULL);
  GIVES(cts_report_rule(report, 0, &rule), CTS_ERR_EMPTY);
  OK(cts_facts_set_json(facts, CTS_LIT("send_at"), CTS_LIT("\"2026-03-02T15:00:00Z\""), &error));
  OK(cts_engine_check_into(engine, facts, report, &error));
  GIVES(cts_report_rule(report, SIZE_MAX, &rule), CTS_ERR_INDEX);
  rule.struct_size = sizeof rule + 8;
  GIVES(cts_report_rule(report, 0, &rule), CTS_ERR_STRUCT_SIZE);
}

static void decisions(void)
{
  cts_finding finding = CTS_FINDING_INIT;
  cts_finding_texts texts = CTS_FINDING_TEXTS_INIT;
  cts_verdict verdict = CTS_VERDICT_NONE;
  cts_str text = {0, 0};
  const cts_str *list = NULL;
  size_t count = 0;
  cts_decision *wrong = (cts_decision *)engine;
  GIVES(cts_decision_verdict(NULL, &verdict), CTS_ERR_NULL);
  GIVES(cts_decision_verdict(wrong, &verdict), CTS_ERR_HANDLE);
  GIVES(cts_decision_verdict(decision, NULL), CTS_ERR_NULL);
  GIVES(cts_decision_json(NULL, &text), CTS_ERR_NULL);
  GIVES(cts_decision_json(wrong, &text), CTS_ERR_HANDLE);
  GIVES(cts_decision_json(decision, NULL), CTS_ERR_NULL);
  GIVES(cts_decision_digest(NULL, &text), CTS_ERR_NULL);
  GIVES(cts_decision_digest(wrong, &text), CTS_ERR_HANDLE);
  GIVES(cts_decision_digest(decision, NULL), CTS_ERR_NULL);
  GIVES(cts_decision_exposure(NULL, &list, &count), CTS_ERR_NULL);
  GIVES(cts_decision_exposure(wrong, &list, &count), CTS_ERR_HANDLE);
  GIVES(cts_decision_exposure(decision, NULL, &count), CTS_ERR_NULL);
  GIVES(cts_decision_exposure(decision, &list, NULL), CTS_ERR_NULL);
  GIVES(cts_decision_missing(NULL, &list, &count), CTS_ERR_NULL);
  GIVES(cts_decision_missing(wrong, &list, &count), CTS_ERR_HANDLE);
  GIVES(cts_decision_missing(decision, NULL, &count), CTS_ERR_NULL);
  GIVES(cts_decision_missing(decision, &list, NULL), CTS_ERR_NULL);
  GIVES(cts_decision_finding_count(NULL, &count), CTS_ERR_NULL);
  GIVES(cts_decision_finding_count(wrong, &count), CTS_ERR_HANDLE);
  GIVES(cts_decision_finding_count(decision, NULL), CTS_ERR_NULL);
  GIVES(cts_decision_finding(NULL, 0, &finding), CTS_ERR_NULL);
  GIVES(cts_decision_finding(wrong, 0, &finding), CTS_ERR_HANDLE);
  GIVES(cts_decision_finding(decision, 0, NULL), CTS_ERR_NULL);
  GIVES(cts_decision_finding(decision, SIZE_MAX, &finding), CTS_ERR_INDEX);
  finding.struct_size = 0;
  GIVES(cts_decision_finding(decision, 0, &finding), CTS_ERR_STRUCT_SIZE);
  GIVES(cts_decision_text(NULL, CTS_ENGLISH, &text), CTS_ERR_NULL);
  GIVES(cts_decision_text(wrong, CTS_ENGLISH, &text), CTS_ERR_HANDLE);
  GIVES(cts_decision_text(decision, CTS_ENGLISH, NULL), CTS_ERR_NULL);
  GIVES(cts_decision_text(decision, 3, &text), CTS_ERR_VALUE);
  GIVES(cts_decision_text(decision, -1, &text), CTS_ERR_VALUE);
  GIVES(cts_decision_finding_texts(NULL, 0, CTS_SPANISH, &texts), CTS_ERR_NULL);
  GIVES(cts_decision_finding_texts(wrong, 0, CTS_SPANISH, &texts), CTS_ERR_HANDLE);
  GIVES(cts_decision_finding_texts(decision, 0, CTS_SPANISH, NULL), CTS_ERR_NULL);
  GIVES(cts_decision_finding_texts(decision, 0, INT32_MAX, &texts), CTS_ERR_VALUE);
  GIVES(cts_decision_finding_texts(decision, SIZE_MAX, CTS_SPANISH, &texts), CTS_ERR_INDEX);
  texts.struct_size = 0;
  GIVES(cts_decision_finding_texts(decision, 0, CTS_SPANISH, &texts), CTS_ERR_STRUCT_SIZE);
  CHECK(texts.title.data == NULL);
  CHECK(list == NULL && count == 0 && text.data == NULL && verdict == CTS_VERDICT_NONE && finding.rule.data == NULL);
}

static void errors(void)
{
  cts_problem problem = CTS_PROBLEM_INIT;
  cts_str text = {0, 0};
  size_t count = 0;
  cts_error *wrong = (cts_error *)engine;
  GIVES(cts_error_code(NULL, &text), CTS_ERR_NULL);
  GIVES(cts_error_code(wrong, &text), CTS_ERR_HANDLE);
  GIVES(cts_error_code(an_error, NULL), CTS_ERR_NULL);
  GIVES(cts_error_message(NULL, &text), CTS_ERR_NULL);
  GIVES(cts_error_message(wrong, &text), CTS_ERR_HANDLE);
  GIVES(cts_error_message(an_error, NULL), CTS_ERR_NULL);
  GIVES(cts_error_problem_count(NULL, &count), CTS_ERR_NULL);
  GIVES(cts_error_problem_count(wrong, &count), CTS_ERR_HANDLE);
  GIVES(cts_error_problem_count(an_error, NULL), CTS_ERR_NULL);
  GIVES(cts_error_problem(NULL, 0, &problem), CTS_ERR_NULL);
  GIVES(cts_error_problem(wrong, 0, &problem), CTS_ERR_HANDLE);
  GIVES(cts_error_problem(an_error, 0, NULL), CTS_ERR_NULL);
  GIVES(cts_error_problem(an_error, 1, &problem), CTS_ERR_INDEX);
  problem.struct_size = 1;
  GIVES(cts_error_problem(an_error, 0, &problem), CTS_ERR_STRUCT_SIZE);
  CHECK(text.data == NULL && count == 0 && problem.code.data == NULL);
}

/* The account's own handles. */
static void accounts(void)
{
  cts_change change = CTS_CHANGE_INIT;
  cts_projection_info info = CTS_PROJECTION_INFO_INIT;
  cts_projection_step step = CTS_PROJECTION_STEP_INIT;
  cts_str text = {0, 0};
  int64_t seconds = 7;
  uint32_t nanos = 7;
  size_t count = 0;
#define F(e) cts_account_new_from_json(NULL, 2, &no_account, e)
  NUL_(F);
#undef F
#define F(e) cts_account_new_from_json(TOO_LONG, &no_account, e)
  LENGTH_(F);
#undef F
#define F(e) cts_account_new_from_json(CTS_LIT("{}"), NULL, e)
  NUL_(F);
#undef F
  FAILS(cts_account_new_from_json(NULL, 0, &no_account, &error), CTS_ERR_ACCOUNT, "account/syntax");
  FAILS(cts_account_new_from_json(BAD, &no_account, &error), CTS_ERR_ACCOUNT, "account/syntax");
  GIVES(cts_account_new_from_json(BAD, &no_account, NULL), CTS_ERR_ACCOUNT);
#define F(e) cts_account_apply(NULL, CTS_LIT(EVENT), &no_changes, e)
  NUL_(F);
#undef F
#define F(e) cts_account_apply((cts_account *)facts, CTS_LIT(EVENT), &no_changes, e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_apply((cts_account *)((char *)account + 1), CTS_LIT(EVENT), &no_changes, e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_apply(account, NULL, 1, &no_changes, e)
  NUL_(F);
#undef F
#define F(e) cts_account_apply(account, TOO_LONG, &no_changes, e)
  LENGTH_(F);
#undef F
#define F(e) cts_account_apply(account, CTS_LIT(EVENT), NULL, e)
  NUL_(F);
#undef F
  FAILS(cts_account_apply(account, BAD, &no_changes, &error), CTS_ERR_ACCOUNT, "account/syntax");
#define F(e) cts_account_row(NULL, CTS_LIT("account/1"), &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_account_row((cts_account *)facts, CTS_LIT("account/1"), &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_row(account, NULL, 1, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_account_row(account, CTS_LIT("account/1"), NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_account_merge_row(NULL, CTS_LIT("account/1"), CTS_LIT("{}"), e)
  NUL_(F);
#undef F
#define F(e) cts_account_merge_row((cts_account *)facts, CTS_LIT("account/1"), CTS_LIT("{}"), e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_merge_row(account, NULL, 1, CTS_LIT("{}"), e)
  NUL_(F);
#undef F
#define F(e) cts_account_merge_row(account, CTS_LIT("account/1"), NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_account_merge(NULL, account, e)
  NUL_(F);
#undef F
#define F(e) cts_account_merge(account, (cts_account *)facts, e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_merge(account, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_account_forget(NULL, CTS_LIT("+34600000001"), &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_account_forget((cts_account *)facts, CTS_LIT("+34600000001"), &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_forget(account, NULL, 1, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_account_forget(account, CTS_LIT("+34600000001"), NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_account_acknowledge(NULL, NULL, 0, 0, 0, e)
  NUL_(F);
#undef F
#define F(e) cts_account_acknowledge((cts_account *)facts, NULL, 0, 0, 0, e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_acknowledge(account, NULL, 0, 0, 1000000000, e)
  VALUE_(F);
#undef F
#define F(e) cts_account_expire(NULL, 0, 0, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_account_expire((cts_account *)facts, 0, 0, &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_expire(account, 0, 0, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_account_not_understood(NULL, NULL, 0, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_account_not_understood((cts_account *)facts, NULL, 0, &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_not_understood(account, NULL, 0, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_account_ids(NULL, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_account_ids((cts_account *)facts, &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_ids(account, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_account_keys(NULL, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_account_keys((cts_account *)facts, &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_keys(account, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_account_expire(account, 0, 1000000000, &no_text, e)
  VALUE_(F);
#undef F
#define F(e) cts_account_appeal(NULL, NULL, 0, NULL, 0, 0, 0, CTS_LIT("x"), e)
  NUL_(F);
#undef F
#define F(e) cts_account_appeal((cts_account *)facts, NULL, 0, NULL, 0, 0, 0, CTS_LIT("x"), e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_appeal(account, NULL, 0, NULL, 0, 0, 0, NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_account_appeal(account, NULL, 0, NULL, 0, 0, 1000000000, CTS_LIT("x"), e)
  VALUE_(F);
#undef F
#define F(e) cts_accounts_in(NULL, 1, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_accounts_in(CTS_LIT(EVENT), NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_accounts_in(TOO_LONG, &no_text, e)
  LENGTH_(F);
#undef F
#define F(e) cts_account_apply_read_at(NULL, CTS_LIT(EVENT), 0, 0, &no_changes, e)
  NUL_(F);
#undef F
#define F(e) cts_account_apply_read_at((cts_account *)changes, CTS_LIT(EVENT), 0, 0, &no_changes, e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_apply_read_at(account, NULL, 1, 0, 0, &no_changes, e)
  NUL_(F);
#undef F
#define F(e) cts_account_apply_read_at(account, TOO_LONG, 0, 0, &no_changes, e)
  LENGTH_(F);
#undef F
#define F(e) cts_account_apply_read_at(account, CTS_LIT(EVENT), INT64_MIN, 0, &no_changes, e)
  VALUE_(F);
#undef F
#define F(e) cts_account_apply_read_at(account, CTS_LIT(EVENT), 0, 1000000000, &no_changes, e)
  VALUE_(F);
#undef F
#define F(e) cts_account_apply_read_at(account, CTS_LIT(EVENT), 0, 0, NULL, e)
  NUL_(F);
#undef F
  FAILS(cts_account_apply_read_at(account, BAD, 0, 0, &no_changes, &error), CTS_ERR_ACCOUNT, "account/syntax");
#define F(e) cts_account_json(NULL, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_account_json((cts_account *)changes, &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_json(account, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_account_show(NULL, NULL, 0, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_account_show((cts_account *)engine, NULL, 0, &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_show(account, NULL, 1, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_account_show(account, BAD, &no_text, e)
  UTF8_(F);
#undef F
#define F(e) cts_account_show(account, TOO_LONG, &no_text, e)
  LENGTH_(F);
#undef F
#define F(e) cts_account_show(account, NULL, 0, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_account_show_at(NULL, 0, 0, NULL, 0, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_account_show_at((cts_account *)engine, 0, 0, NULL, 0, &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_show_at(account, 0, 0, NULL, 1, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_account_show_at(account, 0, 0, BAD, &no_text, e)
  UTF8_(F);
#undef F
#define F(e) cts_account_show_at(account, 0, 0, TOO_LONG, &no_text, e)
  LENGTH_(F);
#undef F
#define F(e) cts_account_show_at(account, 0, 0, NULL, 0, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_account_show_at(account, INT64_MAX, 0, NULL, 0, &no_text, e)
  VALUE_(F);
#undef F
#define F(e) cts_account_show_at(account, 0, UINT32_MAX, NULL, 0, &no_text, e)
  VALUE_(F);
#undef F
#define F(e) cts_account_tell(NULL, facts, e)
  NUL_(F);
#undef F
#define F(e) cts_account_tell((cts_account *)facts, facts, e)
  HANDLE_(F);
#undef F
#define F(e) cts_account_tell(account, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_account_tell(account, (cts_facts *)account, e)
  HANDLE_(F);
#undef F
  GIVES(cts_account_event_count(NULL, &count), CTS_ERR_NULL);
  GIVES(cts_account_event_count((cts_account *)facts, &count), CTS_ERR_HANDLE);
  GIVES(cts_account_event_count(account, NULL), CTS_ERR_NULL);
  GIVES(cts_account_last_event_at(NULL, &seconds, &nanos), CTS_ERR_NULL);
  GIVES(cts_account_last_event_at((cts_account *)facts, &seconds, &nanos), CTS_ERR_HANDLE);
  GIVES(cts_account_last_event_at(account, NULL, &nanos), CTS_ERR_NULL);
  GIVES(cts_account_last_event_at(account, &seconds, NULL), CTS_ERR_NULL);

  GIVES(cts_changes_count(NULL, &count), CTS_ERR_NULL);
  GIVES(cts_changes_count((cts_changes *)account, &count), CTS_ERR_HANDLE);
  GIVES(cts_changes_count(changes, NULL), CTS_ERR_NULL);
  GIVES(cts_changes_row_count(NULL, &count), CTS_ERR_NULL);
  GIVES(cts_changes_row_count((cts_changes *)account, &count), CTS_ERR_HANDLE);
  GIVES(cts_changes_row_count(changes, NULL), CTS_ERR_NULL);
  GIVES(cts_changes_row(NULL, 0, &text), CTS_ERR_NULL);
  GIVES(cts_changes_row((cts_changes *)account, 0, &text), CTS_ERR_HANDLE);
  GIVES(cts_changes_row(changes, 0, NULL), CTS_ERR_NULL);
  GIVES(cts_changes_row(changes, 1000, &text), CTS_ERR_INDEX);
  GIVES(cts_changes_read(NULL, 0, &change), CTS_ERR_NULL);
  GIVES(cts_changes_read((cts_changes *)account, 0, &change), CTS_ERR_HANDLE);
  GIVES(cts_changes_read(changes, 0, NULL), CTS_ERR_NULL);
  GIVES(cts_changes_read(changes, SIZE_MAX, &change), CTS_ERR_INDEX);
  change.struct_size = sizeof change - 8;
  GIVES(cts_changes_read(changes, 0, &change), CTS_ERR_STRUCT_SIZE);
#define F(e) cts_changes_json(NULL, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_changes_json((cts_changes *)projection, &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_changes_json(changes, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_project(NULL, account, CTS_LIT("spam"), 0, 0, &no_projection, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_project((cts_engine *)account, account, CTS_LIT("spam"), 0, 0, &no_projection, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_project(engine, NULL, CTS_LIT("spam"), 0, 0, &no_projection, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_project(engine, (cts_account *)facts, CTS_LIT("spam"), 0, 0, &no_projection, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_project(engine, account, NULL, 4, 0, 0, &no_projection, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_project(engine, account, BAD, 0, 0, &no_projection, e)
  UTF8_(F);
#undef F
#define F(e) cts_engine_project(engine, account, TOO_LONG, 0, 0, &no_projection, e)
  LENGTH_(F);
#undef F
#define F(e) cts_engine_project(engine, account, CTS_LIT("spam"), INT64_MAX, 0, &no_projection, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_project(engine, account, CTS_LIT("spam"), 0, 1000000000, &no_projection, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_project(engine, account, CTS_LIT("spam"), 0, 0, NULL, e)
  NUL_(F);
#undef F
  FAILS(cts_engine_project(engine, account, NULL, 0, 0, 0, &no_projection, &error), CTS_ERR_ACCOUNT, "account/unknown-violation");
#define F(e) cts_engine_project_facts(NULL, facts, CTS_LIT("spam"), 0, 0, &no_projection, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_project_facts((cts_engine *)account, facts, CTS_LIT("spam"), 0, 0, &no_projection, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_project_facts(engine, NULL, CTS_LIT("spam"), 0, 0, &no_projection, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_project_facts(engine, (cts_facts *)account, CTS_LIT("spam"), 0, 0, &no_projection, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_project_facts(engine, facts, NULL, 4, 0, 0, &no_projection, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_project_facts(engine, facts, BAD, 0, 0, &no_projection, e)
  UTF8_(F);
#undef F
#define F(e) cts_engine_project_facts(engine, facts, TOO_LONG, 0, 0, &no_projection, e)
  LENGTH_(F);
#undef F
#define F(e) cts_engine_project_facts(engine, facts, CTS_LIT("spam"), INT64_MAX, 0, &no_projection, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_project_facts(engine, facts, CTS_LIT("spam"), 0, 1000000000, &no_projection, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_project_facts(engine, facts, CTS_LIT("spam"), 0, 0, NULL, e)
  NUL_(F);
#undef F
  FAILS(cts_engine_project_facts(engine, facts, NULL, 0, 0, 0, &no_projection, &error), CTS_ERR_ACCOUNT, "account/unknown-violation");
  GIVES(cts_projection_read(NULL, &info), CTS_ERR_NULL);
  GIVES(cts_projection_read((cts_projection *)account, &info), CTS_ERR_HANDLE);
  GIVES(cts_projection_read(projection, NULL), CTS_ERR_NULL);
  info.struct_size = 0;
  GIVES(cts_projection_read(projection, &info), CTS_ERR_STRUCT_SIZE);
  GIVES(cts_projection_read_step(NULL, 0, &step), CTS_ERR_NULL);
  GIVES(cts_projection_read_step((cts_projection *)account, 0, &step), CTS_ERR_HANDLE);
  GIVES(cts_projection_read_step(projection, 0, NULL), CTS_ERR_NULL);
  GIVES(cts_projection_read_step(projection, SIZE_MAX, &step), CTS_ERR_INDEX);
  step.struct_size = SIZE_MAX;
  GIVES(cts_projection_read_step(projection, 0, &step), CTS_ERR_STRUCT_SIZE);
#define F(e) cts_projection_json(NULL, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_projection_json((cts_projection *)changes, &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_projection_json(projection, NULL, e)
  NUL_(F);
#undef F
  GIVES(cts_text_read(NULL, &text), CTS_ERR_NULL);
  GIVES(cts_text_read((cts_text *)account, &text), CTS_ERR_HANDLE);
  GIVES(cts_text_read(text_made, NULL), CTS_ERR_NULL);
  CHECK(text.data == NULL && count == 0 && seconds == 0 && nanos == 0);
  CHECK(change.field.data == NULL && info.at.data == NULL && step.id.data == NULL);
}

/* Audiences, which stay the caller's. */
static void screenings(void)
{
  const cts_summary *one_of = NULL;
  static const struct customer somebody[] = {{1, "+34600000001", "given", 0, 0}};
  struct source source = source_of(somebody, 1, 1);
  struct ArrowArrayStream audience = stream_of(&source);
  struct ArrowArrayStream broken = audience;
  struct ArrowArrayStream released = audience;
  struct ArrowArrayStream rows;
  struct ArrowArray array;
  struct ArrowArrayStream *odd = (struct ArrowArrayStream *)((char *)&audience + 1);
  cts_summary_info info = CTS_SUMMARY_INFO_INIT;
  cts_rule_rows rule = CTS_RULE_ROWS_INIT;
  cts_missing_rows missing = CTS_MISSING_ROWS_INIT;
  cts_country_rows country = CTS_COUNTRY_ROWS_INIT;
  cts_bad_value bad = CTS_BAD_VALUE_INIT;
  cts_facts *with_recipient = NULL;
  cts_facts *without_instant = NULL;
  cts_str text = {0, 0};
  memset(&rows, 0, sizeof rows);
  released.release = NULL;

  GIVES(cts_screen_options_new(NULL), CTS_ERR_NULL);
#define F(e) cts_screen_options_keep(NULL, CTS_LIT("id"), e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_keep((cts_screen_options *)engine, CTS_LIT("id"), e)
  HANDLE_(F);
#undef F
#define F(e) cts_screen_options_keep(options, NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_keep(options, BAD, e)
  UTF8_(F);
#undef F
#define F(e) cts_screen_options_keep(options, TOO_LONG, e)
  LENGTH_(F);
#undef F
#define F(e) cts_screen_options_ignore(NULL, CTS_LIT("id"), e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_ignore((cts_screen_options *)engine, CTS_LIT("id"), e)
  HANDLE_(F);
#undef F
#define F(e) cts_screen_options_ignore(options, NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_ignore(options, BAD, e)
  UTF8_(F);
#undef F
#define F(e) cts_screen_options_ignore(options, TOO_LONG, e)
  LENGTH_(F);
#undef F
#define F(e) cts_screen_options_time_zone(NULL, CTS_LIT("Europe/Madrid"), e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_time_zone((cts_screen_options *)engine, CTS_LIT("Europe/Madrid"), e)
  HANDLE_(F);
#undef F
#define F(e) cts_screen_options_time_zone(options, NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_time_zone(options, BAD, e)
  UTF8_(F);
#undef F
#define F(e) cts_screen_options_time_zone(options, TOO_LONG, e)
  LENGTH_(F);
#undef F
#define F(e) cts_screen_options_name(NULL, CTS_LIT("id"), CTS_LIT("x.id"), e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_name((cts_screen_options *)facts, CTS_LIT("id"), CTS_LIT("x.id"), e)
  HANDLE_(F);
#undef F
#define F(e) cts_screen_options_name(options, NULL, 1, CTS_LIT("x.id"), e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_name(options, BAD, CTS_LIT("x.id"), e)
  UTF8_(F);
#undef F
#define F(e) cts_screen_options_name(options, TOO_LONG, CTS_LIT("x.id"), e)
  LENGTH_(F);
#undef F
#define F(e) cts_screen_options_name(options, CTS_LIT("id"), NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_name(options, CTS_LIT("id"), BAD, e)
  UTF8_(F);
#undef F
#define F(e) cts_screen_options_name(options, CTS_LIT("id"), TOO_LONG, e)
  LENGTH_(F);
#undef F
#define F(e) cts_screen_options_texts(NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_texts((cts_screen_options *)facts, 1, e)
  HANDLE_(F);
#undef F
#define F(e) cts_screen_options_texts(options, 2, e)
  VALUE_(F);
#undef F
#define F(e) cts_screen_options_texts(options, -1, e)
  VALUE_(F);
#undef F
#define F(e) cts_screen_options_texts(options, INT32_MAX, e)
  VALUE_(F);
#undef F
#define F(e) cts_screen_options_rows_max(NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_rows_max((cts_screen_options *)facts, 1, e)
  HANDLE_(F);
#undef F
#define F(e) cts_screen_options_rows_max(options, 0, e)
  VALUE_(F);
#undef F
#define F(e) cts_screen_options_rows_max(options, UINT64_MAX, e)
  VALUE_(F);
#undef F
#define F(e) cts_screen_options_help(NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_help((cts_screen_options *)facts, 1, e)
  HANDLE_(F);
#undef F
#define F(e) cts_screen_options_help(options, 337, e)
  VALUE_(F);
#undef F
#define F(e) cts_screen_options_help(options, UINT32_MAX, e)
  VALUE_(F);
#undef F
#define F(e) cts_screen_options_fix_column(NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_fix_column((cts_screen_options *)facts, e)
  HANDLE_(F);
#undef F
#define F(e) cts_screen_options_verdict_only(NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_verdict_only((cts_screen_options *)facts, e)
  HANDLE_(F);
#undef F
#define F(e) cts_screen_options_threads(NULL, 1, e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_threads((cts_screen_options *)facts, 1, e)
  HANDLE_(F);
#undef F
#define F(e) cts_screen_options_threads(options, 0, e)
  VALUE_(F);
#undef F
#define F(e) cts_screen_options_threads(options, 1025, e)
  VALUE_(F);
#undef F
#define F(e) cts_screen_options_threads(options, SIZE_MAX, e)
  VALUE_(F);
#undef F

#define F(e) cts_engine_screen(NULL, facts, options, &audience, &rows, &no_screening, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_screen((cts_engine *)facts, facts, options, &audience, &rows, &no_screening, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_screen(engine, NULL, options, &audience, &rows, &no_screening, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_screen(engine, (cts_facts *)engine, options, &audience, &rows, &no_screening, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_screen(engine, facts, (cts_screen_options *)engine, &audience, &rows, &no_screening, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_screen(engine, facts, options, NULL, &rows, &no_screening, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_screen(engine, facts, options, odd, &rows, &no_screening, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_screen(engine, facts, options, (struct ArrowArrayStream *)engine, &rows, &no_screening, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_screen(engine, facts, options, &released, &rows, &no_screening, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_screen(engine, facts, options, &broken, &rows, &no_screening, e)
  broken.get_next = NULL;
  VALUE_(F);
  broken.get_next = audience.get_next;
  broken.get_schema = NULL;
  VALUE_(F);
#undef F
#define F(e) cts_engine_screen(engine, facts, options, &audience, NULL, &no_screening, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_screen(engine, facts, options, &audience, odd, &no_screening, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_screen(engine, facts, options, &audience, &rows, NULL, e)
  NUL_(F);
#undef F
  OK(cts_facts_new_from_json(engine, CTS_LIT("{\"send_at\": \"2026-03-02T15:00:00Z\", \"recipient\": {\"opt_in\": \"given\"}}"),
                             &with_recipient, &error));
  OK(cts_facts_new(engine, &without_instant, &error));
  FAILS(cts_engine_screen(engine, with_recipient, options, &audience, &rows, &no_screening, &error), CTS_ERR_AUDIENCE,
        "screen/recipient-told");
  FAILS(cts_engine_screen(engine, without_instant, options, &audience, &rows, &no_screening, &error), CTS_ERR_FACTS,
        "facts/missing-send-at");
  cts_facts_free(with_recipient);
  cts_facts_free(without_instant);
  CHECK(audience.release != NULL && rows.release == NULL && source.streams_released == 0);

  /* The stream that comes out, asked in wrong ways. */
  OK(cts_facts_new_from_json(engine, CTS_LIT(DOC), &with_recipient, &error));
  OK(cts_screen_options_keep(options, CTS_LIT("id"), &error));
  OK(cts_engine_screen(engine, with_recipient, options, &audience, &rows, &screening, &error));
  cts_facts_free(with_recipient);
  CHECK(rows.get_last_error(&rows) == NULL);
  CHECK(rows.get_schema(&rows, NULL) != 0 && strncmp(rows.get_last_error(&rows), "c/null", 6) == 0);
  CHECK(rows.get_next(&rows, NULL) != 0 && rows.get_next(NULL, &array) != 0 && rows.get_last_error(NULL) == NULL);
  rows.release(NULL);
  CHECK(rows.get_next(&rows, &array) == 0 && array.length == 1);
  array.release(&array);
#define F(e) cts_screening_summary(NULL, &no_summary, e)
  NUL_(F);
#undef F
#define F(e) cts_screening_summary((cts_screening *)engine, &no_summary, e)
  HANDLE_(F);
#undef F
#define F(e) cts_screening_summary(screening, NULL, e)
  NUL_(F);
#undef F
  OK(cts_screening_summary(screening, &summary, &error));
  rows.release(&rows);
  rows.release = NULL;
  all_released(&source);

  GIVES(cts_summary_read(NULL, &info), CTS_ERR_NULL);
  GIVES(cts_summary_read((cts_summary *)engine, &info), CTS_ERR_HANDLE);
  GIVES(cts_summary_read(summary, NULL), CTS_ERR_NULL);
  info.struct_size -= 1;
  GIVES(cts_summary_read(summary, &info), CTS_ERR_STRUCT_SIZE);
  GIVES(cts_summary_rule(NULL, 0, &rule), CTS_ERR_NULL);
  GIVES(cts_summary_rule((cts_summary *)engine, 0, &rule), CTS_ERR_HANDLE);
  GIVES(cts_summary_rule(summary, 0, NULL), CTS_ERR_NULL);
  GIVES(cts_summary_rule(summary, 1000, &rule), CTS_ERR_INDEX);
  GIVES(cts_summary_rule(summary, SIZE_MAX, &rule), CTS_ERR_INDEX);
  rule.struct_size -= 1;
  GIVES(cts_summary_rule(summary, 0, &rule), CTS_ERR_STRUCT_SIZE);
  GIVES(cts_summary_missing(NULL, 0, &missing), CTS_ERR_NULL);
  GIVES(cts_summary_missing((cts_summary *)engine, 0, &missing), CTS_ERR_HANDLE);
  GIVES(cts_summary_missing(summary, 0, NULL), CTS_ERR_NULL);
  GIVES(cts_summary_missing(summary, 1000, &missing), CTS_ERR_INDEX);
  GIVES(cts_summary_missing(summary, SIZE_MAX, &missing), CTS_ERR_INDEX);
  missing.struct_size -= 1;
  GIVES(cts_summary_missing(summary, 0, &missing), CTS_ERR_STRUCT_SIZE);
  GIVES(cts_summary_country(NULL, 0, &country), CTS_ERR_NULL);
  GIVES(cts_summary_country((cts_summary *)engine, 0, &country), CTS_ERR_HANDLE);
  GIVES(cts_summary_country(summary, 0, NULL), CTS_ERR_NULL);
  GIVES(cts_summary_country(summary, 1000, &country), CTS_ERR_INDEX);
  GIVES(cts_summary_country(summary, SIZE_MAX, &country), CTS_ERR_INDEX);
  country.struct_size -= 1;
  GIVES(cts_summary_country(summary, 0, &country), CTS_ERR_STRUCT_SIZE);
  GIVES(cts_summary_bad_value(NULL, 0, &bad), CTS_ERR_NULL);
  GIVES(cts_summary_bad_value((cts_summary *)engine, 0, &bad), CTS_ERR_HANDLE);
  GIVES(cts_summary_bad_value(summary, 0, NULL), CTS_ERR_NULL);
  GIVES(cts_summary_bad_value(summary, 1000, &bad), CTS_ERR_INDEX);
  GIVES(cts_summary_bad_value(summary, SIZE_MAX, &bad), CTS_ERR_INDEX);
  bad.struct_size -= 1;
  GIVES(cts_summary_bad_value(summary, 0, &bad), CTS_ERR_STRUCT_SIZE);
  GIVES(cts_summary_json(NULL, &text), CTS_ERR_NULL);
  GIVES(cts_summary_json((cts_summary *)engine, &text), CTS_ERR_HANDLE);
  GIVES(cts_summary_json(summary, NULL), CTS_ERR_NULL);
  GIVES(cts_summary_help_json(NULL, &text), CTS_ERR_NULL);
  GIVES(cts_summary_help_json((cts_summary *)engine, &text), CTS_ERR_HANDLE);
  GIVES(cts_summary_help_json(summary, NULL), CTS_ERR_NULL);
#define F(e) cts_summary_merge(NULL, 1, &no_summary, e)
  NUL_(F);
#undef F
#define F(e) cts_summary_merge(NULL, 0, &no_summary, e)
  VALUE_(F);
#undef F
#define F(e) cts_summary_merge(&one_of, 1, &no_summary, e)
  one_of = NULL;
  NUL_(F);
  one_of = (const cts_summary *)engine;
  HANDLE_(F);
#undef F
#define F(e) cts_summary_merge(&one_of, SIZE_MAX, &no_summary, e)
  LENGTH_(F);
#undef F
#define F(e) cts_summary_merge(&one_of, 1, NULL, e)
  one_of = summary;
  NUL_(F);
#undef F
#define F(e) cts_summary_new_from_json(NULL, 1, 1, &no_summary, e)
  NUL_(F);
#undef F
#define F(e) cts_summary_new_from_json(TOO_LONG, 1, &no_summary, e)
  LENGTH_(F);
#undef F
#define F(e) cts_summary_new_from_json(CTS_LIT("{}"), 2, &no_summary, e)
  VALUE_(F);
#undef F
#define F(e) cts_summary_new_from_json(CTS_LIT("{}"), 1, NULL, e)
  NUL_(F);
#undef F
  FAILS(cts_summary_new_from_json(CTS_LIT("{}"), 1, &no_summary, &error), CTS_ERR_AUDIENCE, "screen/summary");
  GIVES(cts_summary_text(NULL, &text), CTS_ERR_NULL);
  GIVES(cts_summary_text((cts_summary *)engine, &text), CTS_ERR_HANDLE);
  GIVES(cts_summary_text(summary, NULL), CTS_ERR_NULL);
  CHECK(text.data == NULL && info.rows == 0 && rule.rule.data == NULL && missing.path.data == NULL);
  CHECK(country.rows == 0 && bad.reason.data == NULL);
}

/* Packs, source trees, and audiences in files and bytes. */
static void files(void)
{
  cts_pack_file file = {{"pack.toml", 9}, "x", 1};
  const uint8_t *data = NULL;
  size_t len = 0;
  size_t count = 0;
  uint32_t passed = 0;
  cts_verdict verdict = CTS_VERDICT_NONE;
#define F(e) cts_builder_add_pack(NULL, pack, e)
  NUL_(F);
#undef F
#define F(e) cts_builder_add_pack((cts_builder *)facts, pack, e)
  HANDLE_(F);
#undef F
#define F(e) cts_builder_add_pack(builder, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_builder_add_pack(builder, (cts_pack *)facts, e)
  HANDLE_(F);
#undef F
#define F(e) cts_pack_read_folder(NULL, 1, &no_pack, e)
  NUL_(F);
#undef F
#define F(e) cts_pack_read_folder(BAD, &no_pack, e)
  UTF8_(F);
#undef F
#define F(e) cts_pack_read_folder(TOO_LONG, &no_pack, e)
  LENGTH_(F);
#undef F
#define F(e) cts_pack_read_folder(CTS_LIT("."), NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_pack_read_files(NULL, 1, &file, 1, &no_pack, e)
  NUL_(F);
#undef F
#define F(e) cts_pack_read_files(BAD, &file, 1, &no_pack, e)
  UTF8_(F);
#undef F
#define F(e) cts_pack_read_files(CTS_LIT("p"), NULL, 1, &no_pack, e)
  NUL_(F);
#undef F
#define F(e) cts_pack_read_files(CTS_LIT("p"), &file, SIZE_MAX / 2, &no_pack, e)
  LENGTH_(F);
#undef F
#define F(e) cts_pack_read_files(CTS_LIT("p"), &file, 1, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_pack_lint(NULL, 0, &count, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_pack_lint((cts_pack *)facts, 0, &count, &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_pack_lint(pack, INT64_MIN, &count, &no_text, e)
  VALUE_(F);
#undef F
#define F(e) cts_pack_lint(pack, 0, NULL, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_pack_lint(pack, 0, &count, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_pack_test(NULL, &passed, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_pack_test((cts_pack *)facts, &passed, &no_text, e)
  HANDLE_(F);
#undef F
#define F(e) cts_pack_test(pack, NULL, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_pack_test(pack, &passed, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_scan(NULL, 1, NULL, 0, &verdict, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_scan(BAD, NULL, 0, &verdict, &no_text, e)
  UTF8_(F);
#undef F
#define F(e) cts_scan(TOO_LONG, NULL, 0, &verdict, &no_text, e)
  LENGTH_(F);
#undef F
#define F(e) cts_scan(CTS_LIT("."), CTS_LIT("never"), &verdict, &no_text, e)
  VALUE_(F);
#undef F
#define F(e) cts_scan(CTS_LIT("tests/c"), NULL, 0, NULL, &no_text, e)
  NUL_(F);
#undef F
#define F(e) cts_scan(CTS_LIT("tests/c"), NULL, 0, &verdict, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_left_out_is_null(NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_screen_options_left_out_is_null((cts_screen_options *)facts, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_screen_file(NULL, facts, options, CTS_LIT("a.csv"), CTS_FORMAT_BY_NAME, NULL, 0, 0, &no_summary, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_screen_file((cts_engine *)facts, facts, options, CTS_LIT("a.csv"), CTS_FORMAT_BY_NAME, NULL, 0, 0, &no_summary, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_screen_file(engine, NULL, options, CTS_LIT("a.csv"), CTS_FORMAT_BY_NAME, NULL, 0, 0, &no_summary, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_screen_file(engine, (cts_facts *)engine, options, CTS_LIT("a.csv"), CTS_FORMAT_BY_NAME, NULL, 0, 0, &no_summary, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_screen_file(engine, facts, (cts_screen_options *)engine, CTS_LIT("a.csv"), CTS_FORMAT_BY_NAME, NULL, 0, 0, &no_summary, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_screen_file(engine, facts, options, NULL, 1, 0, NULL, 0, 0, &no_summary, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_screen_file(engine, facts, options, BAD, 0, NULL, 0, 0, &no_summary, e)
  UTF8_(F);
#undef F
#define F(e) cts_engine_screen_file(engine, facts, options, TOO_LONG, 0, NULL, 0, 0, &no_summary, e)
  LENGTH_(F);
#undef F
#define F(e) cts_engine_screen_file(engine, facts, options, CTS_LIT("a.csv"), 6, NULL, 0, 0, &no_summary, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_screen_file(engine, facts, options, CTS_LIT("a.csv"), CTS_FORMAT_BY_NAME, NULL, 1, 0, &no_summary, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_screen_file(engine, facts, options, CTS_LIT("a.csv"), CTS_FORMAT_BY_NAME, CTS_LIT("rows"), 0, &no_summary, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_screen_file(engine, facts, options, CTS_LIT("a.csv"), CTS_FORMAT_BY_NAME, NULL, 0, 0, NULL, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_screen_bytes(NULL, facts, options, CTS_LIT("id\n1\n"), CTS_CSV, CTS_NDJSON, &no_bytes, &no_summary, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_screen_bytes((cts_engine *)facts, facts, options, CTS_LIT("id\n1\n"), CTS_CSV, CTS_NDJSON, &no_bytes, &no_summary, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_screen_bytes(engine, NULL, options, CTS_LIT("id\n1\n"), CTS_CSV, CTS_NDJSON, &no_bytes, &no_summary, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_screen_bytes(engine, (cts_facts *)engine, options, CTS_LIT("id\n1\n"), CTS_CSV, CTS_NDJSON, &no_bytes, &no_summary, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_screen_bytes(engine, facts, (cts_screen_options *)engine, CTS_LIT("id\n1\n"), CTS_CSV, CTS_NDJSON, &no_bytes, &no_summary, e)
  HANDLE_(F);
#undef F
#define F(e) cts_engine_screen_bytes(engine, facts, options, NULL, 1, CTS_CSV, CTS_CSV, &no_bytes, &no_summary, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_screen_bytes(engine, facts, options, "x", SIZE_MAX, CTS_CSV, CTS_CSV, &no_bytes, &no_summary, e)
  LENGTH_(F);
#undef F
#define F(e) cts_engine_screen_bytes(engine, facts, options, CTS_LIT("id\n"), CTS_FORMAT_BY_NAME, CTS_CSV, &no_bytes, &no_summary, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_screen_bytes(engine, facts, options, CTS_LIT("id\n"), CTS_CSV, -1, &no_bytes, &no_summary, e)
  VALUE_(F);
#undef F
#define F(e) cts_engine_screen_bytes(engine, facts, options, CTS_LIT("id\n1\n"), CTS_CSV, CTS_NDJSON, NULL, &no_summary, e)
  NUL_(F);
#undef F
#define F(e) cts_engine_screen_bytes(engine, facts, options, CTS_LIT("id\n1\n"), CTS_CSV, CTS_NDJSON, &no_bytes, NULL, e)
  NUL_(F);
#undef F
  GIVES(cts_bytes_read(NULL, &data, &len), CTS_ERR_NULL);
  GIVES(cts_bytes_read((cts_bytes *)facts, &data, &len), CTS_ERR_HANDLE);
  GIVES(cts_bytes_read(bytes_made, NULL, &len), CTS_ERR_NULL);
  GIVES(cts_bytes_read(bytes_made, &data, NULL), CTS_ERR_NULL);
  CHECK(data == NULL && len == 0 && count == 0 && passed == 0 && verdict == CTS_VERDICT_NONE);
}

/* NULL is nothing to free; a handle of another type is left alone. */
static void frees(void)
{
  cts_verdict verdict = CTS_VERDICT_NONE;
  cts_error_free(NULL);
  cts_builder_free(NULL);
  cts_engine_free(NULL);
  cts_facts_free(NULL);
  cts_decision_free(NULL);
  cts_explanation_free(NULL);
  cts_report_free(NULL);
  cts_provider_free(NULL);
  cts_account_free(NULL);
  cts_changes_free(NULL);
  cts_projection_free(NULL);
  cts_text_free(NULL);
  cts_screen_options_free(NULL);
  cts_screening_free(NULL);
  cts_summary_free(NULL);
  cts_pack_free(NULL);
  cts_bytes_free(NULL);
  cts_pack_free((cts_pack *)decision);
  cts_bytes_free((cts_bytes *)decision);
  cts_screen_options_free((cts_screen_options *)decision);
  cts_screening_free((cts_screening *)decision);
  cts_summary_free((cts_summary *)decision);
  cts_explanation_free((cts_explanation *)decision);
  cts_account_free((cts_account *)decision);
  cts_changes_free((cts_changes *)decision);
  cts_projection_free((cts_projection *)decision);
  cts_text_free((cts_text *)decision);
  cts_error_free((cts_error *)decision);
  cts_builder_free((cts_builder *)decision);
  cts_engine_free((cts_engine *)decision);
  cts_facts_free((cts_facts *)decision);
  cts_report_free((cts_report *)decision);
  cts_provider_free((cts_provider *)decision);
  cts_decision_free((cts_decision *)engine);
  CHECK(cts_decision_verdict(decision, &verdict) == CTS_OK && verdict == CTS_REVIEW);
}

static void names(void)
{
  const int32_t strange[] = {-1, 97, 100, INT32_MAX, INT32_MIN};
  size_t i = 0;
  for (i = 0; i < sizeof strange / sizeof strange[0]; i++) {
    CHECK(strcmp(cts_status_name(strange[i]), "unknown") == 0);
    CHECK(strcmp(cts_verdict_name(strange[i]), "unknown") == 0);
    CHECK(strcmp(cts_finding_status_name(strange[i]), "unknown") == 0);
    CHECK(strcmp(cts_listing_name(strange[i]), "unknown") == 0);
    CHECK(strcmp(cts_change_outcome_name(strange[i]), "unknown") == 0);
  }
  CHECK(strcmp(cts_verdict_name(CTS_VERDICT_NONE), "none") == 0 && strcmp(cts_verdict_name(CTS_NOTE), "note") == 0);
  CHECK(cts_finding_verdict_rank(CTS_ALLOW) < cts_finding_verdict_rank(CTS_NOTE));
  CHECK(cts_finding_verdict_rank(CTS_NOTE) < cts_finding_verdict_rank(CTS_REVIEW));
  CHECK(cts_finding_verdict_rank(CTS_REVIEW) < cts_finding_verdict_rank(CTS_DENY));
  CHECK(cts_finding_verdict_rank(CTS_DENY) < cts_finding_verdict_rank(CTS_VERDICT_NONE));
  CHECK(cts_finding_verdict_rank(CTS_DENY) < cts_finding_verdict_rank(INT32_MAX));
  CHECK(cts_abi_version() == CTS_ABI_VERSION && cts_abi_oldest() == CTS_ABI_OLDEST);
  CHECK(cts_abi_serves(CTS_ABI_OLDEST) == 1 && cts_abi_serves(CTS_ABI_VERSION) == 1);
  CHECK(cts_abi_serves(CTS_ABI_OLDEST - 1) == 0 && cts_abi_serves(CTS_ABI_VERSION + 1) == 0);
  CHECK(strcmp(cts_version(), CTS_VERSION) == 0);
}

int main(void)
{
  cts_identity nobody = CTS_IDENTITY_INIT;
  cts_facts *dated = NULL;
  CHECK(cts_builder_new(&builder) == CTS_OK);
  OK(cts_init(&error));
  CHECK(cts_init(NULL) == CTS_OK);
  OK(cts_engine_new_built_in(&engine, &error));
  OK(cts_facts_new(engine, &facts, &error));
  CHECK(cts_report_new(&report) == CTS_OK);
  OK(cts_engine_check_json(engine, CTS_LIT(DOC), CTS_FINDINGS, &decision, &error));
  OK(cts_engine_explain_json(engine, CTS_LIT(DOC), NULL, &explanation, &error));
  OK(cts_engine_find_provider(engine, &nobody, 0, 0, &provider, &error));
  CHECK(cts_engine_check_json(engine, CTS_LIT("{"), CTS_FINDINGS, &no_decision, &an_error) == CTS_ERR_FACTS);
  OK(cts_account_new_from_json(CTS_LIT("{}"), &account, &error));
  OK(cts_account_apply(account, CTS_LIT(EVENT), &changes, &error));
  OK(cts_engine_project(engine, account, CTS_LIT("spam"), 1768035600, 0, &projection, &error));
  OK(cts_account_json(account, &text_made, &error));
  CHECK(cts_screen_options_new(&options) == CTS_OK);
  OK(cts_pack_read_folder(CTS_LIT("packs/messaging-law"), &pack, &error));
  OK(cts_facts_new_from_json(engine, CTS_LIT(DOC), &dated, &error));
  OK(cts_engine_screen_bytes(engine, dated, NULL, CTS_LIT("recipient.phone\n+34600000001\n"), CTS_CSV, CTS_CSV, &bytes_made, &summary,
                             &error));
  cts_summary_free(summary);
  summary = NULL;
  cts_facts_free(dated);

  builders();
  engines();
  setters();
  checks();
  decisions();
  explanations();
  records();
  errors();
  accounts();
  screenings();
  files();
  frees();
  names();
  cts_bytes_free(bytes_made);
  cts_pack_free(pack);
  cts_summary_free(summary);
  cts_screening_free(screening);
  cts_screen_options_free(options);
  cts_text_free(text_made);
  cts_projection_free(projection);
  cts_changes_free(changes);
  cts_account_free(account);
  cts_error_free(an_error);
  cts_provider_free(provider);
  cts_explanation_free(explanation);
  cts_decision_free(decision);
  cts_report_free(report);
  cts_facts_free(facts);
  cts_engine_free(engine);
  cts_builder_free(builder);
  return 0;
}
