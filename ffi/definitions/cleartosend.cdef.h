/* cleartosend.h for tools that read C declarations and have no preprocessor. Made by `cargo xtask c`; do not edit. */
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};
struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};
struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};
enum cts_status {
  CTS_OK = 0,
  CTS_ERR_NULL = 1,
  CTS_ERR_HANDLE = 2,
  CTS_ERR_UTF8 = 3,
  CTS_ERR_LENGTH = 4,
  CTS_ERR_STRUCT_SIZE = 5,
  CTS_ERR_VALUE = 6,
  CTS_ERR_INDEX = 7,
  CTS_ERR_ATTRIBUTE = 8,
  CTS_ERR_FACTS = 9,
  CTS_ERR_PACK = 10,
  CTS_ERR_DIRECTORY = 11,
  CTS_ERR_FILE = 12,
  CTS_ERR_OTHER_ENGINE = 13,
  CTS_ERR_EMPTY = 14,
  CTS_ERR_ACCOUNT = 15,
  CTS_ERR_AUDIENCE = 16,
  CTS_ERR_BUSY = 17,
  CTS_ERR_RECORD = 18,
  CTS_ERR_INTERNAL = 98,
  CTS_ERR_PANIC = 99,
};
typedef int32_t cts_status;
enum cts_verdict {
  CTS_VERDICT_NONE = 0,
  CTS_ALLOW = 1,
  CTS_REVIEW = 2,
  CTS_DENY = 3,
};
typedef int32_t cts_verdict;
enum cts_finding_status {
  CTS_FINDING_STATUS_NONE = 0,
  CTS_VIOLATED = 1,
  CTS_UNDETERMINED = 2,
  CTS_SATISFIED = 3,
  CTS_NOT_APPLICABLE = 4,
};
typedef int32_t cts_finding_status;
enum cts_listing {
  CTS_LISTING_UNKNOWN = 0,
  CTS_LISTED = 1,
  CTS_DELISTED = 2,
  CTS_UNLISTED = 3,
};
typedef int32_t cts_listing;
enum cts_change_outcome {
  CTS_CHANGE_NONE = 0,
  CTS_CHANGE_APPLIED = 1,
  CTS_CHANGE_REPEATED = 2,
  CTS_CHANGE_UNKNOWN = 3,
  CTS_CHANGE_NOTED = 4,
  CTS_CHANGE_PASSED = 5,
};
typedef int32_t cts_change_outcome;
enum cts_told {
  CTS_FINDINGS = 0,
  CTS_EVERY_RULE = 1,
};
typedef int32_t cts_told;
enum cts_language {
  CTS_ENGLISH = 0,
  CTS_SPANISH = 1,
  CTS_PORTUGUESE = 2,
};
typedef int32_t cts_language;
enum cts_timeline {
  CTS_TIMELINE_DAYS = 0,
  CTS_TIMELINE_UNTIL = 1,
  CTS_TIMELINE_NONE = 2,
};
typedef int32_t cts_timeline;
enum cts_texts {
  CTS_TEXTS_OF_TEXTS = 0,
  CTS_TEXTS_OF_ANYTHING = 1,
};
typedef int32_t cts_texts;
enum cts_format {
  CTS_FORMAT_BY_NAME = 0,
  CTS_CSV = 1,
  CTS_NDJSON = 2,
  CTS_PARQUET = 3,
  CTS_ARROW = 4,
  CTS_ARROW_STREAM = 5,
};
typedef int32_t cts_format;
typedef struct cts_account cts_account;
typedef struct cts_builder cts_builder;
typedef struct cts_bytes cts_bytes;
typedef struct cts_changes cts_changes;
typedef struct cts_decision cts_decision;
typedef struct cts_engine cts_engine;
typedef struct cts_error cts_error;
typedef struct cts_explanation cts_explanation;
typedef struct cts_facts cts_facts;
typedef struct cts_pack cts_pack;
typedef struct cts_projection cts_projection;
typedef struct cts_provider cts_provider;
typedef struct cts_report cts_report;
typedef struct cts_screen_options cts_screen_options;
typedef struct cts_screening cts_screening;
typedef struct cts_summary cts_summary;
typedef struct cts_text cts_text;
typedef struct cts_str {
  const char *data;
  size_t len;
} cts_str;
typedef struct cts_problem {
  size_t struct_size;
  struct cts_str code;
  struct cts_str message;
  struct cts_str place;
  uint32_t line;
  uint32_t column;
} cts_problem;
typedef struct cts_pack_file {
  struct cts_str path;
  const void *data;
  size_t len;
} cts_pack_file;
typedef int32_t cts_finding_verdict;
typedef struct cts_finding {
  size_t struct_size;
  cts_finding_status status;
  cts_finding_verdict verdict;
  struct cts_str pack;
  struct cts_str rule;
  struct cts_str topic;
  struct cts_str title;
  struct cts_str message;
  struct cts_str advice;
  const struct cts_str *missing;
  size_t missing_count;
  const struct cts_str *exposure;
  size_t exposure_count;
  struct cts_str source_title;
  struct cts_str source_url;
  struct cts_str source_section;
  struct cts_str source_retrieved;
  struct cts_str source_confidence;
  struct cts_str from;
  struct cts_str until;
  struct cts_str facts;
  struct cts_str error_code;
  struct cts_str error_message;
  struct cts_str waiver_reason;
  struct cts_str waiver_by;
  struct cts_str waiver_until;
  struct cts_str labels;
} cts_finding;
typedef struct cts_finding_texts {
  size_t struct_size;
  struct cts_str title;
  struct cts_str message;
  struct cts_str advice;
} cts_finding_texts;
typedef struct cts_explain_options {
  size_t struct_size;
  size_t fixes_max;
  int32_t timeline;
  uint32_t until_nanos;
  int64_t until_seconds;
} cts_explain_options;
typedef struct cts_record_options {
  size_t struct_size;
  struct cts_str mask_key;
  int32_t explain;
} cts_record_options;
typedef struct cts_rule {
  size_t struct_size;
  cts_finding_status status;
  cts_finding_verdict verdict;
  struct cts_str pack;
  struct cts_str rule;
} cts_rule;
typedef struct cts_identity {
  size_t struct_size;
  struct cts_str id;
  struct cts_str name;
  struct cts_str domain;
} cts_identity;
typedef struct cts_provider_info {
  size_t struct_size;
  cts_listing listing;
  struct cts_str id;
  struct cts_str name;
  struct cts_str role;
  struct cts_str evidence;
  struct cts_str lookalike_id;
  struct cts_str lookalike_name;
} cts_provider_info;
typedef struct cts_change {
  size_t struct_size;
  cts_change_outcome outcome;
  struct cts_str path;
  struct cts_str field;
  struct cts_str read_as;
  struct cts_str at;
  const struct cts_str *says;
  size_t says_count;
  const struct cts_str *notes;
  size_t notes_count;
} cts_change;
typedef struct cts_projection_info {
  size_t struct_size;
  struct cts_str violation;
  struct cts_str at;
  int32_t covered;
  int32_t immediate;
  int32_t decided;
  struct cts_str reached;
  size_t step_count;
  const struct cts_str *missing;
  size_t missing_count;
  struct cts_str ladder_pack;
  struct cts_str ladder_id;
  struct cts_str ladder_title;
  struct cts_str ladder_from;
  struct cts_str ladder_until;
  struct cts_str ladder_source;
  struct cts_str ladder_url;
  struct cts_str ladder_retrieved;
} cts_projection_info;
typedef struct cts_length {
  uint32_t days;
  struct cts_str until;
} cts_length;
typedef struct cts_projection_step {
  size_t struct_size;
  struct cts_str id;
  struct cts_str title;
  const struct cts_length *lengths;
  size_t length_count;
  const struct cts_str *blocks;
  size_t block_count;
  struct cts_str ends;
  struct cts_str appeal;
  struct cts_str appeal_by;
  const struct cts_str *exposure;
  size_t exposure_count;
} cts_projection_step;
typedef struct cts_verdict_counts {
  uint64_t allow;
  uint64_t review;
  uint64_t deny;
} cts_verdict_counts;
typedef struct cts_summary_info {
  size_t struct_size;
  uint64_t rows;
  struct cts_verdict_counts verdicts;
  uint64_t bad_rows;
  cts_verdict worst;
  int32_t is_complete;
  size_t rule_count;
  size_t missing_count;
  size_t country_count;
  size_t bad_value_count;
  int32_t is_verdict_only;
} cts_summary_info;
typedef struct cts_rule_rows {
  size_t struct_size;
  cts_finding_status status;
  cts_finding_verdict verdict;
  struct cts_str pack;
  struct cts_str rule;
  uint64_t rows;
  uint64_t alone;
  struct cts_str waiver_reason;
  struct cts_str waiver_by;
} cts_rule_rows;
typedef struct cts_missing_rows {
  size_t struct_size;
  struct cts_str path;
  uint64_t rows;
} cts_missing_rows;
typedef struct cts_country_rows {
  size_t struct_size;
  struct cts_str country;
  uint64_t rows;
  struct cts_verdict_counts verdicts;
} cts_country_rows;
typedef struct cts_bad_value {
  size_t struct_size;
  uint64_t row;
  struct cts_str column;
  struct cts_str attribute;
  struct cts_str reason;
} cts_bad_value;
const char *cts_version(void);
uint32_t cts_abi_version(void);
uint32_t cts_abi_oldest(void);
int32_t cts_abi_serves(uint32_t version);
const char *cts_status_name(int32_t status);
const char *cts_verdict_name(int32_t verdict);
int32_t cts_finding_verdict_rank(int32_t verdict);
const char *cts_finding_status_name(int32_t status);
const char *cts_listing_name(int32_t listing);
const char *cts_change_outcome_name(int32_t outcome);
cts_status cts_text_read(const struct cts_text *text, struct cts_str *read);
void cts_text_free(struct cts_text *text);
cts_status cts_bytes_read(const struct cts_bytes *bytes, const uint8_t **data, size_t *len);
void cts_bytes_free(struct cts_bytes *bytes);
cts_status cts_error_code(const struct cts_error *error, struct cts_str *code);
cts_status cts_error_message(const struct cts_error *error, struct cts_str *message);
cts_status cts_error_problem_count(const struct cts_error *error, size_t *count);
cts_status cts_error_problem(const struct cts_error *error,
                             size_t index,
                             struct cts_problem *problem);
void cts_error_free(struct cts_error *error);
cts_status cts_init(struct cts_error **error);
cts_status cts_builder_new(struct cts_builder **builder);
cts_status cts_builder_add_built_in_pack(struct cts_builder *builder,
                                         const char *name,
                                         size_t name_len,
                                         struct cts_error **error);
cts_status cts_builder_without_built_in(struct cts_builder *builder, struct cts_error **error);
cts_status cts_builder_add_pack_folder(struct cts_builder *builder,
                                       const char *path,
                                       size_t path_len,
                                       struct cts_error **error);
cts_status cts_builder_add_pack_files(struct cts_builder *builder,
                                      const char *called,
                                      size_t called_len,
                                      const struct cts_pack_file *files,
                                      size_t file_count,
                                      struct cts_error **error);
cts_status cts_builder_add_pack(struct cts_builder *builder,
                                const struct cts_pack *pack,
                                struct cts_error **error);
cts_status cts_builder_set_directory(struct cts_builder *builder,
                                     const void *data,
                                     size_t len,
                                     struct cts_error **error);
cts_status cts_builder_base(struct cts_builder *builder,
                            const void *json,
                            size_t json_len,
                            struct cts_error **error);
cts_status cts_builder_add_waivers(struct cts_builder *builder,
                                   const char *called,
                                   size_t called_len,
                                   const void *data,
                                   size_t len,
                                   struct cts_error **error);
void cts_builder_free(struct cts_builder *builder);
cts_status cts_engine_new_built_in(struct cts_engine **engine, struct cts_error **error);
cts_status cts_engine_new(const struct cts_builder *builder,
                          struct cts_engine **engine,
                          struct cts_error **error);
cts_status cts_engine_replace(const struct cts_engine *engine,
                              const struct cts_builder *builder,
                              struct cts_error **error);
cts_status cts_engine_info(const struct cts_engine *engine,
                           struct cts_text **json,
                           struct cts_error **error);
cts_status cts_engine_attribute(const struct cts_engine *engine,
                                const char *name,
                                size_t name_len,
                                uint32_t *attribute,
                                struct cts_error **error);
void cts_engine_free(struct cts_engine *engine);
cts_status cts_pack_read_folder(const char *path,
                                size_t path_len,
                                struct cts_pack **pack,
                                struct cts_error **error);
cts_status cts_pack_read_files(const char *called,
                               size_t called_len,
                               const struct cts_pack_file *files,
                               size_t file_count,
                               struct cts_pack **pack,
                               struct cts_error **error);
cts_status cts_pack_lint(const struct cts_pack *pack,
                         int64_t at_seconds,
                         size_t *warning_count,
                         struct cts_text **json,
                         struct cts_error **error);
cts_status cts_pack_test(const struct cts_pack *pack,
                         uint32_t *passed,
                         struct cts_text **json,
                         struct cts_error **error);
void cts_pack_free(struct cts_pack *pack);
cts_status cts_facts_new(const struct cts_engine *engine,
                         struct cts_facts **facts,
                         struct cts_error **error);
cts_status cts_facts_new_from_json(const struct cts_engine *engine,
                                   const void *json,
                                   size_t json_len,
                                   struct cts_facts **facts,
                                   struct cts_error **error);
cts_status cts_facts_clone(const struct cts_facts *facts,
                           struct cts_facts **copy,
                           struct cts_error **error);
cts_status cts_facts_reset(struct cts_facts *facts);
cts_status cts_facts_clear(struct cts_facts *facts);
cts_status cts_facts_set_string(struct cts_facts *facts,
                                uint32_t attribute,
                                const char *text,
                                size_t text_len,
                                struct cts_error **error);
cts_status cts_facts_set_int(struct cts_facts *facts,
                             uint32_t attribute,
                             int64_t number,
                             struct cts_error **error);
cts_status cts_facts_set_double(struct cts_facts *facts,
                                uint32_t attribute,
                                double number,
                                struct cts_error **error);
cts_status cts_facts_set_bool(struct cts_facts *facts,
                              uint32_t attribute,
                              int32_t truth,
                              struct cts_error **error);
cts_status cts_facts_set_instant(struct cts_facts *facts,
                                 uint32_t attribute,
                                 int64_t seconds,
                                 uint32_t nanos,
                                 struct cts_error **error);
cts_status cts_facts_set_duration(struct cts_facts *facts,
                                  uint32_t attribute,
                                  int64_t seconds,
                                  int32_t nanos,
                                  struct cts_error **error);
cts_status cts_facts_set_strings(struct cts_facts *facts,
                                 uint32_t attribute,
                                 const struct cts_str *texts,
                                 size_t text_count,
                                 struct cts_error **error);
cts_status cts_facts_set_null(struct cts_facts *facts,
                              uint32_t attribute,
                              struct cts_error **error);
cts_status cts_facts_set_json(struct cts_facts *facts,
                              const char *name,
                              size_t name_len,
                              const void *json,
                              size_t json_len,
                              struct cts_error **error);
cts_status cts_facts_unset(struct cts_facts *facts, uint32_t attribute, struct cts_error **error);
cts_status cts_facts_with_recipient(struct cts_facts *facts);
void cts_facts_free(struct cts_facts *facts);
cts_status cts_engine_check_json(const struct cts_engine *engine,
                                 const void *json,
                                 size_t json_len,
                                 int32_t told,
                                 struct cts_decision **decision,
                                 struct cts_error **error);
cts_status cts_engine_check_json_at(const struct cts_engine *engine,
                                    const void *json,
                                    size_t json_len,
                                    int64_t seconds,
                                    uint32_t nanos,
                                    int32_t told,
                                    struct cts_decision **decision,
                                    struct cts_error **error);
cts_status cts_engine_check(const struct cts_engine *engine,
                            const struct cts_facts *facts,
                            int32_t told,
                            struct cts_decision **decision,
                            struct cts_error **error);
cts_status cts_decision_verdict(const struct cts_decision *decision, cts_verdict *verdict);
cts_status cts_decision_json(const struct cts_decision *decision, struct cts_str *json);
cts_status cts_decision_digest(const struct cts_decision *decision, struct cts_str *digest);
cts_status cts_decision_exposure(const struct cts_decision *decision,
                                 const struct cts_str **exposure,
                                 size_t *count);
cts_status cts_decision_missing(const struct cts_decision *decision,
                                const struct cts_str **missing,
                                size_t *count);
cts_status cts_decision_finding_count(const struct cts_decision *decision, size_t *count);
cts_status cts_decision_finding(const struct cts_decision *decision,
                                size_t index,
                                struct cts_finding *finding);
cts_status cts_decision_text(const struct cts_decision *decision,
                             int32_t language,
                             struct cts_str *text);
cts_status cts_decision_finding_texts(const struct cts_decision *decision,
                                      size_t index,
                                      int32_t language,
                                      struct cts_finding_texts *texts);
void cts_decision_free(struct cts_decision *decision);
cts_status cts_engine_explain(const struct cts_engine *engine,
                              const struct cts_facts *facts,
                              const struct cts_explain_options *options,
                              struct cts_explanation **explanation,
                              struct cts_error **error);
cts_status cts_engine_explain_json(const struct cts_engine *engine,
                                   const void *json,
                                   size_t json_len,
                                   const struct cts_explain_options *options,
                                   struct cts_explanation **explanation,
                                   struct cts_error **error);
cts_status cts_explanation_json(const struct cts_explanation *explanation, struct cts_str *json);
cts_status cts_explanation_text(const struct cts_explanation *explanation,
                                int32_t language,
                                struct cts_str *text);
cts_status cts_explanation_decision(const struct cts_explanation *explanation,
                                    struct cts_decision **decision);
void cts_explanation_free(struct cts_explanation *explanation);
cts_status cts_engine_record(const struct cts_engine *engine,
                             const struct cts_facts *facts,
                             const struct cts_record_options *options,
                             struct cts_text **record,
                             struct cts_error **error);
cts_status cts_engine_record_json(const struct cts_engine *engine,
                                  const void *json,
                                  size_t json_len,
                                  const struct cts_record_options *options,
                                  struct cts_text **record,
                                  struct cts_error **error);
cts_status cts_report_new(struct cts_report **report);
cts_status cts_engine_check_into(const struct cts_engine *engine,
                                 const struct cts_facts *facts,
                                 struct cts_report *report,
                                 struct cts_error **error);
cts_status cts_report_verdict(const struct cts_report *report, cts_verdict *verdict);
cts_status cts_report_rule_count(const struct cts_report *report, size_t *count);
cts_status cts_report_rule(const struct cts_report *report, size_t index, struct cts_rule *rule);
void cts_report_free(struct cts_report *report);
cts_status cts_engine_find_provider(const struct cts_engine *engine,
                                    const struct cts_identity *who,
                                    int64_t seconds,
                                    uint32_t nanos,
                                    struct cts_provider **provider,
                                    struct cts_error **error);
cts_status cts_provider_read(const struct cts_provider *provider, struct cts_provider_info *info);
void cts_provider_free(struct cts_provider *provider);
cts_status cts_account_new_from_json(const void *json,
                                     size_t json_len,
                                     struct cts_account **account,
                                     struct cts_error **error);
cts_status cts_account_apply(struct cts_account *account,
                             const void *event,
                             size_t event_len,
                             struct cts_changes **changes,
                             struct cts_error **error);
cts_status cts_account_apply_read_at(struct cts_account *account,
                                     const void *event,
                                     size_t event_len,
                                     int64_t seconds,
                                     uint32_t nanos,
                                     struct cts_changes **changes,
                                     struct cts_error **error);
cts_status cts_account_json(const struct cts_account *account,
                            struct cts_text **json,
                            struct cts_error **error);
cts_status cts_account_show(const struct cts_account *account,
                            const char *number,
                            size_t number_len,
                            struct cts_text **json,
                            struct cts_error **error);
cts_status cts_account_show_at(const struct cts_account *account,
                               int64_t seconds,
                               uint32_t nanos,
                               const char *number,
                               size_t number_len,
                               struct cts_text **json,
                               struct cts_error **error);
cts_status cts_account_tell(const struct cts_account *account,
                            struct cts_facts *facts,
                            struct cts_error **error);
cts_status cts_account_event_count(const struct cts_account *account, size_t *count);
cts_status cts_account_last_event_at(const struct cts_account *account,
                                     int64_t *seconds,
                                     uint32_t *nanos);
cts_status cts_account_row(const struct cts_account *account,
                           const char *key,
                           size_t key_len,
                           struct cts_text **json,
                           struct cts_error **error);
cts_status cts_account_merge_row(struct cts_account *account,
                                 const char *key,
                                 size_t key_len,
                                 const void *row,
                                 size_t row_len,
                                 struct cts_error **error);
cts_status cts_account_merge(struct cts_account *account,
                             const struct cts_account *other,
                             struct cts_error **error);
cts_status cts_account_forget(struct cts_account *account,
                              const char *person,
                              size_t person_len,
                              struct cts_text **json,
                              struct cts_error **error);
cts_status cts_account_expire(struct cts_account *account,
                              int64_t seconds,
                              uint32_t nanos,
                              struct cts_text **json,
                              struct cts_error **error);
cts_status cts_account_not_understood(const struct cts_account *account,
                                      const char *id,
                                      size_t id_len,
                                      struct cts_text **json,
                                      struct cts_error **error);
cts_status cts_account_acknowledge(struct cts_account *account,
                                   const char *id,
                                   size_t id_len,
                                   int64_t seconds,
                                   uint32_t nanos,
                                   struct cts_error **error);
cts_status cts_account_appeal(struct cts_account *account,
                              const char *id,
                              size_t id_len,
                              const char *kind,
                              size_t kind_len,
                              int64_t seconds,
                              uint32_t nanos,
                              const char *reason,
                              size_t reason_len,
                              struct cts_error **error);
cts_status cts_account_ids(const struct cts_account *account,
                           struct cts_text **json,
                           struct cts_error **error);
cts_status cts_account_keys(const struct cts_account *account,
                            struct cts_text **json,
                            struct cts_error **error);
cts_status cts_accounts_in(const void *event,
                           size_t event_len,
                           struct cts_text **json,
                           struct cts_error **error);
void cts_account_free(struct cts_account *account);
cts_status cts_changes_count(const struct cts_changes *changes, size_t *count);
cts_status cts_changes_read(const struct cts_changes *changes,
                            size_t index,
                            struct cts_change *change);
cts_status cts_changes_json(const struct cts_changes *changes,
                            struct cts_text **json,
                            struct cts_error **error);
cts_status cts_changes_row_count(const struct cts_changes *changes, size_t *count);
cts_status cts_changes_row(const struct cts_changes *changes, size_t index, struct cts_str *key);
void cts_changes_free(struct cts_changes *changes);
cts_status cts_code_explain(int64_t code, struct cts_text **json, struct cts_error **error);
cts_status cts_code_explain_subcode(int64_t code,
                                    int64_t subcode,
                                    struct cts_text **json,
                                    struct cts_error **error);
cts_status cts_scan(const char *path,
                    size_t path_len,
                    const char *day,
                    size_t day_len,
                    cts_verdict *verdict,
                    struct cts_text **json,
                    struct cts_error **error);
cts_status cts_engine_project(const struct cts_engine *engine,
                              const struct cts_account *account,
                              const char *violation,
                              size_t violation_len,
                              int64_t seconds,
                              uint32_t nanos,
                              struct cts_projection **projection,
                              struct cts_error **error);
cts_status cts_engine_project_facts(const struct cts_engine *engine,
                                    const struct cts_facts *facts,
                                    const char *violation,
                                    size_t violation_len,
                                    int64_t seconds,
                                    uint32_t nanos,
                                    struct cts_projection **projection,
                                    struct cts_error **error);
cts_status cts_projection_read(const struct cts_projection *projection,
                               struct cts_projection_info *info);
cts_status cts_projection_read_step(const struct cts_projection *projection,
                                    size_t index,
                                    struct cts_projection_step *step);
cts_status cts_projection_json(const struct cts_projection *projection,
                               struct cts_text **json,
                               struct cts_error **error);
void cts_projection_free(struct cts_projection *projection);
cts_status cts_screen_options_new(struct cts_screen_options **options);
cts_status cts_screen_options_keep(struct cts_screen_options *options,
                                   const char *column,
                                   size_t column_len,
                                   struct cts_error **error);
cts_status cts_screen_options_ignore(struct cts_screen_options *options,
                                     const char *column,
                                     size_t column_len,
                                     struct cts_error **error);
cts_status cts_screen_options_time_zone(struct cts_screen_options *options,
                                        const char *zone,
                                        size_t zone_len,
                                        struct cts_error **error);
cts_status cts_screen_options_name(struct cts_screen_options *options,
                                   const char *column,
                                   size_t column_len,
                                   const char *attribute,
                                   size_t attribute_len,
                                   struct cts_error **error);
cts_status cts_screen_options_texts(struct cts_screen_options *options,
                                    int32_t texts,
                                    struct cts_error **error);
cts_status cts_screen_options_threads(struct cts_screen_options *options,
                                      size_t threads,
                                      struct cts_error **error);
cts_status cts_screen_options_rows_max(struct cts_screen_options *options,
                                       uint64_t rows,
                                       struct cts_error **error);
cts_status cts_screen_options_help(struct cts_screen_options *options,
                                   uint32_t hours,
                                   struct cts_error **error);
cts_status cts_screen_options_fix_column(struct cts_screen_options *options,
                                         struct cts_error **error);
cts_status cts_screen_options_verdict_only(struct cts_screen_options *options,
                                           struct cts_error **error);
cts_status cts_screen_options_left_out_is_null(struct cts_screen_options *options,
                                               struct cts_error **error);
void cts_screen_options_free(struct cts_screen_options *options);
cts_status cts_engine_screen(const struct cts_engine *engine,
                             const struct cts_facts *campaign,
                             const struct cts_screen_options *options,
                             struct ArrowArrayStream *audience,
                             struct ArrowArrayStream *rows,
                             struct cts_screening **screening,
                             struct cts_error **error);
cts_status cts_screening_summary(const struct cts_screening *screening,
                                 struct cts_summary **summary,
                                 struct cts_error **error);
void cts_screening_free(struct cts_screening *screening);
cts_status cts_summary_read(const struct cts_summary *summary, struct cts_summary_info *info);
cts_status cts_summary_rule(const struct cts_summary *summary,
                            size_t index,
                            struct cts_rule_rows *rule);
cts_status cts_summary_missing(const struct cts_summary *summary,
                               size_t index,
                               struct cts_missing_rows *missing);
cts_status cts_summary_country(const struct cts_summary *summary,
                               size_t index,
                               struct cts_country_rows *country);
cts_status cts_summary_bad_value(const struct cts_summary *summary,
                                 size_t index,
                                 struct cts_bad_value *bad);
cts_status cts_summary_json(const struct cts_summary *summary, struct cts_str *json);
cts_status cts_summary_help_json(const struct cts_summary *summary, struct cts_str *json);
cts_status cts_summary_text(const struct cts_summary *summary, struct cts_str *text);
cts_status cts_summary_merge(const struct cts_summary *const *summaries,
                             size_t count,
                             struct cts_summary **merged,
                             struct cts_error **error);
cts_status cts_summary_new_from_json(const void *json,
                                     size_t json_len,
                                     int32_t is_complete,
                                     struct cts_summary **summary,
                                     struct cts_error **error);
void cts_summary_free(struct cts_summary *summary);
cts_status cts_engine_screen_file(const struct cts_engine *engine,
                                  const struct cts_facts *campaign,
                                  const struct cts_screen_options *options,
                                  const char *audience,
                                  size_t audience_len,
                                  int32_t audience_format,
                                  const char *rows,
                                  size_t rows_len,
                                  int32_t rows_format,
                                  struct cts_summary **summary,
                                  struct cts_error **error);
cts_status cts_engine_screen_bytes(const struct cts_engine *engine,
                                   const struct cts_facts *campaign,
                                   const struct cts_screen_options *options,
                                   const void *audience,
                                   size_t audience_len,
                                   int32_t audience_format,
                                   int32_t rows_format,
                                   struct cts_bytes **rows,
                                   struct cts_summary **summary,
                                   struct cts_error **error);
