/*
 * cleartosend for C++17: handles that free themselves, errors that are thrown, text as std::string_view.
 *
 *     const cts::Engine engine = cts::Engine::built_in();
 *     const cts::Decision decision = engine.check(document);
 *     if (decision.verdict() == CTS_ALLOW) {
 *       send();
 *     }
 *
 * All of it is inline over cleartosend.h, whose first comment is the contract: what a `const` member function promises of threads, what a
 * function reads. Beyond it:
 *
 * - A call that fails throws cts::Error, which has all problems of the call. Nothing else is thrown but std::bad_alloc.
 * - A std::string_view is borrowed from the object that gave it, and dies with it. A std::string is yours.
 * - Objects are moved, not copied; Facts have clone(). One that was moved from may be destroyed or assigned to, and nothing else.
 * - get() of an object is its handle, for functions of the C header that have no counterpart here.
 */
#ifndef CLEARTOSEND_HPP
#define CLEARTOSEND_HPP

#include "cleartosend.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#if __cplusplus < 201703L && (!defined(_MSVC_LANG) || _MSVC_LANG < 201703L)
#error "cleartosend.hpp needs C++17"
#endif

namespace cts {

/* An instant: seconds since 1970-01-01T00:00:00Z and nanoseconds after them. */
struct Instant {
  std::int64_t seconds = 0;
  std::uint32_t nanos = 0;
};

/* One thing that is wrong; see cts_problem. */
struct Problem {
  std::string code;
  std::string message;
  std::string place;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/* Why a call failed. what() is for people, a line for each problem. */
class Error : public std::runtime_error {
public:
  Error(cts_status status, const std::string &message, std::vector<Problem> problems)
      : std::runtime_error(message), status_(status), problems_(std::make_shared<std::vector<Problem>>(std::move(problems))) {}

  [[nodiscard]] cts_status status() const noexcept { return status_; }

  /* A stable name for programs, such as `facts/unknown-member`; empty where the call returns a status alone. */
  [[nodiscard]] std::string_view code() const noexcept {
    return problems_->empty() ? std::string_view() : std::string_view(problems_->front().code);
  }

  [[nodiscard]] const std::vector<Problem> &problems() const noexcept { return *problems_; }

private:
  cts_status status_;
  /* Shared, since copies of an exception must not throw. */
  std::shared_ptr<const std::vector<Problem>> problems_;
};

namespace detail {

template <auto Free>
struct Freed {
  template <typename Handle>
  void operator()(Handle *handle) const noexcept {
    Free(handle);
  }
};

template <typename Handle, auto Free>
using Owned = std::unique_ptr<Handle, Freed<Free>>;

inline std::string_view view(cts_str text) noexcept {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.len);
}

inline std::vector<std::string_view> views(const cts_str *texts, std::size_t count) {
  std::vector<std::string_view> all;
  all.reserve(count);
  for (std::size_t i = 0; i < count; i++) {
    all.push_back(view(texts[i]));
  }
  return all;
}

/* Of calls that return a status alone. */
inline void check(cts_status status) {
  if (status != CTS_OK) {
    throw Error(status, cts_status_name(status), {});
  }
}

/* Makes a call with a place for its error, and throws what is there. */
template <typename Call>
void call(Call &&made) {
  cts_error *given = nullptr;
  const cts_status status = std::forward<Call>(made)(&given);
  const Owned<cts_error, cts_error_free> error(given);
  if (status == CTS_OK) {
    return;
  }
  cts_str message = {nullptr, 0};
  std::size_t count = 0;
  if (error == nullptr || cts_error_message(error.get(), &message) != CTS_OK ||
      cts_error_problem_count(error.get(), &count) != CTS_OK) {
    check(status);
  }
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < count; i++) {
    cts_problem problem = CTS_PROBLEM_INIT;
    check(cts_error_problem(error.get(), i, &problem));
    problems.push_back({std::string(view(problem.code)), std::string(view(problem.message)),
                        std::string(view(problem.place)), problem.line, problem.column});
  }
  throw Error(status, std::string(view(message)), std::move(problems));
}

/* A text that a call makes. */
template <typename Call>
std::string text(Call &&made) {
  cts_text *given = nullptr;
  call([&](cts_error **error) { return made(&given, error); });
  const Owned<cts_text, cts_text_free> text(given);
  cts_str read = {nullptr, 0};
  check(cts_text_read(text.get(), &read));
  return std::string(view(read));
}

}  // namespace detail

/* A pack that was read and is valid by itself: to be looked at and tested before it is put in force. */
class Pack {
public:
  explicit Pack(cts_pack *taken) noexcept : pack_(taken) {}

  [[nodiscard]] static Pack read(std::string_view folder) {
    cts_pack *pack = nullptr;
    detail::call([&](cts_error **error) { return cts_pack_read_folder(folder.data(), folder.size(), &pack, error); });
    return Pack(pack);
  }

  /* What is allowed and probably not meant, as JSON; `at` judges waivers and dates. */
  [[nodiscard]] std::string lint(Instant at) const {
    return detail::text([&](cts_text **json, cts_error **error) {
      std::size_t count = 0;
      return cts_pack_lint(get(), at.seconds, &count, json, error);
    });
  }

  /* Whether its tests pass and show all that its rules say; what came of them, as JSON. */
  [[nodiscard]] std::pair<bool, std::string> test() const {
    std::uint32_t passed = 0;
    std::string json = detail::text(
        [&](cts_text **text, cts_error **error) { return cts_pack_test(get(), &passed, text, error); });
    return {passed == 1, std::move(json)};
  }

  [[nodiscard]] const cts_pack *get() const noexcept { return pack_.get(); }

private:
  detail::Owned<cts_pack, cts_pack_free> pack_;
};

/* What an engine is made of. Used up by nothing: several engines can be made of one. */
class Builder {
public:
  Builder() {
    cts_builder *builder = nullptr;
    detail::check(cts_builder_new(&builder));
    builder_.reset(builder);
  }

  Builder &add_built_in_pack(std::string_view name) {
    detail::call([&](cts_error **error) { return cts_builder_add_built_in_pack(get(), name.data(), name.size(), error); });
    return *this;
  }

  Builder &without_built_in() {
    detail::call([&](cts_error **error) { return cts_builder_without_built_in(get(), error); });
    return *this;
  }

  Builder &add_pack_folder(std::string_view path) {
    detail::call([&](cts_error **error) { return cts_builder_add_pack_folder(get(), path.data(), path.size(), error); });
    return *this;
  }

  Builder &add(const Pack &pack) {
    detail::call([&](cts_error **error) { return cts_builder_add_pack(get(), pack.get(), error); });
    return *this;
  }

  Builder &directory(std::string_view file) {
    detail::call([&](cts_error **error) { return cts_builder_set_directory(get(), file.data(), file.size(), error); });
    return *this;
  }

  Builder &base(std::string_view document) {
    detail::call([&](cts_error **error) { return cts_builder_base(get(), document.data(), document.size(), error); });
    return *this;
  }

  Builder &add_waivers(std::string_view called, std::string_view toml) {
    detail::call([&](cts_error **error) {
      return cts_builder_add_waivers(get(), called.data(), called.size(), toml.data(), toml.size(), error);
    });
    return *this;
  }

  [[nodiscard]] cts_builder *get() const noexcept { return builder_.get(); }

private:
  detail::Owned<cts_builder, cts_builder_free> builder_;
};

/* What one rule says of the case. Everything in it is borrowed from the Decision. */
class Finding {
public:
  explicit Finding(const cts_finding &finding) : finding_(finding) {}

  [[nodiscard]] cts_finding_status status() const noexcept { return finding_.status; }
  /* A cts_verdict, or CTS_NOTE. */
  [[nodiscard]] std::int32_t verdict() const noexcept { return static_cast<std::int32_t>(finding_.verdict); }
  [[nodiscard]] std::string_view pack() const noexcept { return detail::view(finding_.pack); }
  [[nodiscard]] std::string_view rule() const noexcept { return detail::view(finding_.rule); }
  [[nodiscard]] std::string_view topic() const noexcept { return detail::view(finding_.topic); }
  [[nodiscard]] std::string_view title() const noexcept { return detail::view(finding_.title); }
  [[nodiscard]] std::string_view message() const noexcept { return detail::view(finding_.message); }
  [[nodiscard]] std::string_view advice() const noexcept { return detail::view(finding_.advice); }
  [[nodiscard]] std::string_view facts() const noexcept { return detail::view(finding_.facts); }
  [[nodiscard]] std::vector<std::string_view> missing() const {
    return detail::views(finding_.missing, finding_.missing_count);
  }
  [[nodiscard]] std::vector<std::string_view> exposure() const {
    return detail::views(finding_.exposure, finding_.exposure_count);
  }
  /* All of it, as the C header has it. */
  [[nodiscard]] const cts_finding &get() const noexcept { return finding_; }

private:
  cts_finding finding_;
};

/* Whether a campaign is clear to send, and why. */
class Decision {
public:
  explicit Decision(cts_decision *taken) noexcept : decision_(taken) {}

  [[nodiscard]] cts_verdict verdict() const {
    cts_verdict verdict = CTS_VERDICT_NONE;
    detail::check(cts_decision_verdict(get(), &verdict));
    return verdict;
  }

  [[nodiscard]] std::string_view json() const { return read(cts_decision_json); }
  [[nodiscard]] std::string_view digest() const { return read(cts_decision_digest); }

  [[nodiscard]] std::string_view text(cts_language language = CTS_ENGLISH) const {
    cts_str text = {nullptr, 0};
    detail::check(cts_decision_text(get(), language, &text));
    return detail::view(text);
  }

  /* The worst first. */
  [[nodiscard]] std::vector<Finding> findings() const {
    std::size_t count = 0;
    detail::check(cts_decision_finding_count(get(), &count));
    std::vector<Finding> all;
    all.reserve(count);
    for (std::size_t i = 0; i < count; i++) {
      cts_finding finding = CTS_FINDING_INIT;
      detail::check(cts_decision_finding(get(), i, &finding));
      all.emplace_back(finding);
    }
    return all;
  }

  [[nodiscard]] std::vector<std::string_view> missing() const { return list(cts_decision_missing); }
  [[nodiscard]] std::vector<std::string_view> exposure() const { return list(cts_decision_exposure); }
  [[nodiscard]] const cts_decision *get() const noexcept { return decision_.get(); }

private:
  template <typename Function>
  [[nodiscard]] std::string_view read(Function function) const {
    cts_str text = {nullptr, 0};
    detail::check(function(get(), &text));
    return detail::view(text);
  }

  template <typename Function>
  [[nodiscard]] std::vector<std::string_view> list(Function function) const {
    const cts_str *texts = nullptr;
    std::size_t count = 0;
    detail::check(function(get(), &texts, &count));
    return detail::views(texts, count);
  }

  detail::Owned<cts_decision, cts_decision_free> decision_;
};

/* Why, and what would help. */
class Explanation {
public:
  explicit Explanation(cts_explanation *taken) noexcept : explanation_(taken) {}

  [[nodiscard]] std::string_view json() const {
    cts_str text = {nullptr, 0};
    detail::check(cts_explanation_json(get(), &text));
    return detail::view(text);
  }

  [[nodiscard]] std::string_view text(cts_language language = CTS_ENGLISH) const {
    cts_str text = {nullptr, 0};
    detail::check(cts_explanation_text(get(), language, &text));
    return detail::view(text);
  }

  [[nodiscard]] Decision decision() const {
    cts_decision *decision = nullptr;
    detail::check(cts_explanation_decision(get(), &decision));
    return Decision(decision);
  }

  [[nodiscard]] const cts_explanation *get() const noexcept { return explanation_.get(); }

private:
  detail::Owned<cts_explanation, cts_explanation_free> explanation_;
};

class Engine;

/* The facts of a case, attribute by attribute. */
class Facts {
public:
  explicit Facts(cts_facts *taken) noexcept : facts_(taken) {}
  explicit Facts(const Engine &engine);
  Facts(const Engine &engine, std::string_view document);

  [[nodiscard]] Facts clone() const {
    cts_facts *copy = nullptr;
    detail::call([&](cts_error **error) { return cts_facts_clone(get(), &copy, error); });
    return Facts(copy);
  }

  /* Back to what was given before the first fact of a recipient: before each recipient of a loop. */
  void reset() { detail::check(cts_facts_reset(get())); }
  void with_recipient() { detail::check(cts_facts_with_recipient(get())); }

  void set(std::uint32_t attribute, std::string_view text) {
    detail::call([&](cts_error **error) { return cts_facts_set_string(get(), attribute, text.data(), text.size(), error); });
  }
  void set(std::uint32_t attribute, const char *text) { set(attribute, std::string_view(text)); }
  template <typename Integer, std::enable_if_t<std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>, int> = 0>
  void set(std::uint32_t attribute, Integer number) {
    static_assert(sizeof(Integer) < 8 || std::is_signed_v<Integer>, "numbers are int64_t");
    detail::call([&](cts_error **error) {
      return cts_facts_set_int(get(), attribute, static_cast<std::int64_t>(number), error);
    });
  }
  void set(std::uint32_t attribute, double number) {
    detail::call([&](cts_error **error) { return cts_facts_set_double(get(), attribute, number, error); });
  }
  void set(std::uint32_t attribute, bool truth) {
    detail::call([&](cts_error **error) { return cts_facts_set_bool(get(), attribute, truth ? 1 : 0, error); });
  }
  void set(std::uint32_t attribute, Instant instant) {
    detail::call([&](cts_error **error) {
      return cts_facts_set_instant(get(), attribute, instant.seconds, instant.nanos, error);
    });
  }
  void set(std::uint32_t attribute, std::initializer_list<std::string_view> texts) {
    std::vector<cts_str> given;
    given.reserve(texts.size());
    for (const std::string_view text : texts) {
      given.push_back(cts_str_of(text.data(), text.size()));
    }
    detail::call([&](cts_error **error) {
      return cts_facts_set_strings(get(), attribute, given.data(), given.size(), error);
    });
  }
  /* That there is none, which is not the same as that nothing is known. */
  void set_null(std::uint32_t attribute) {
    detail::call([&](cts_error **error) { return cts_facts_set_null(get(), attribute, error); });
  }
  void set_json(std::string_view name, std::string_view json) {
    detail::call([&](cts_error **error) {
      return cts_facts_set_json(get(), name.data(), name.size(), json.data(), json.size(), error);
    });
  }
  void unset(std::uint32_t attribute) {
    detail::call([&](cts_error **error) { return cts_facts_unset(get(), attribute, error); });
  }

  [[nodiscard]] cts_facts *get() const noexcept { return facts_.get(); }

private:
  detail::Owned<cts_facts, cts_facts_free> facts_;
};

/* A verdict with the rules against it, filled again by each check. */
class Report {
public:
  Report() {
    cts_report *report = nullptr;
    detail::check(cts_report_new(&report));
    report_.reset(report);
  }

  [[nodiscard]] cts_verdict verdict() const {
    cts_verdict verdict = CTS_VERDICT_NONE;
    detail::check(cts_report_verdict(get(), &verdict));
    return verdict;
  }

  /* The ids of the rules, the worst first; borrowed until the report is filled anew. */
  [[nodiscard]] std::vector<std::string_view> rules() const {
    std::size_t count = 0;
    detail::check(cts_report_rule_count(get(), &count));
    std::vector<std::string_view> all;
    all.reserve(count);
    for (std::size_t i = 0; i < count; i++) {
      cts_rule rule = CTS_RULE_INIT;
      detail::check(cts_report_rule(get(), i, &rule));
      all.push_back(detail::view(rule.rule));
    }
    return all;
  }

  [[nodiscard]] cts_report *get() const noexcept { return report_.get(); }

private:
  detail::Owned<cts_report, cts_report_free> report_;
};

/* Packs and a directory, ready to judge. May be used by any number of threads at once. */
class Engine {
public:
  explicit Engine(const Builder &builder) {
    cts_engine *engine = nullptr;
    detail::call([&](cts_error **error) { return cts_engine_new(builder.get(), &engine, error); });
    engine_.reset(engine);
  }

  [[nodiscard]] static Engine built_in() {
    cts_engine *engine = nullptr;
    detail::call([&](cts_error **error) { return cts_engine_new_built_in(&engine, error); });
    return Engine(engine);
  }

  [[nodiscard]] Decision check(std::string_view document, cts_told told = CTS_FINDINGS) const {
    cts_decision *decision = nullptr;
    detail::call([&](cts_error **error) {
      return cts_engine_check_json(get(), document.data(), document.size(), told, &decision, error);
    });
    return Decision(decision);
  }

  [[nodiscard]] Decision check(std::string_view document, Instant at, cts_told told = CTS_FINDINGS) const {
    cts_decision *decision = nullptr;
    detail::call([&](cts_error **error) {
      return cts_engine_check_json_at(get(), document.data(), document.size(), at.seconds, at.nanos, told, &decision, error);
    });
    return Decision(decision);
  }

  [[nodiscard]] Decision check(const Facts &facts, cts_told told = CTS_FINDINGS) const {
    cts_decision *decision = nullptr;
    detail::call([&](cts_error **error) { return cts_engine_check(get(), facts.get(), told, &decision, error); });
    return Decision(decision);
  }

  void check_into(const Facts &facts, Report &report) const {
    detail::call([&](cts_error **error) { return cts_engine_check_into(get(), facts.get(), report.get(), error); });
  }

  [[nodiscard]] Explanation explain(std::string_view document) const {
    cts_explanation *explanation = nullptr;
    detail::call([&](cts_error **error) {
      return cts_engine_explain_json(get(), document.data(), document.size(), nullptr, &explanation, error);
    });
    return Explanation(explanation);
  }

  /* A record of a decision, as one line of JSON; explained if wanted. The text of a mask key hides who the recipient is. */
  [[nodiscard]] std::string record(std::string_view document, bool explain = false, std::string_view mask_key = {}) const {
    cts_record_options options = CTS_RECORD_OPTIONS_INIT;
    options.explain = explain ? 1 : 0;
    options.mask_key = cts_str{mask_key.data(), mask_key.size()};
    return detail::text([&](cts_text **json, cts_error **error) {
      return cts_engine_record_json(get(), document.data(), document.size(), &options, json, error);
    });
  }

  /* The number by which facts know an attribute. */
  [[nodiscard]] std::uint32_t attribute(std::string_view name) const {
    std::uint32_t attribute = 0;
    detail::call([&](cts_error **error) {
      return cts_engine_attribute(get(), name.data(), name.size(), &attribute, error);
    });
    return attribute;
  }

  /* While other threads may be checking: all of it or nothing. */
  void replace(const Builder &builder) const {
    detail::call([&](cts_error **error) { return cts_engine_replace(get(), builder.get(), error); });
  }

  /* What it is made of at this moment, as JSON. */
  [[nodiscard]] std::string info() const {
    return detail::text([&](cts_text **json, cts_error **error) { return cts_engine_info(get(), json, error); });
  }

  [[nodiscard]] const cts_engine *get() const noexcept { return engine_.get(); }

private:
  explicit Engine(cts_engine *taken) noexcept : engine_(taken) {}

  detail::Owned<cts_engine, cts_engine_free> engine_;
};

inline Facts::Facts(const Engine &engine) {
  cts_facts *facts = nullptr;
  detail::call([&](cts_error **error) { return cts_facts_new(engine.get(), &facts, error); });
  facts_.reset(facts);
}

inline Facts::Facts(const Engine &engine, std::string_view document) {
  cts_facts *facts = nullptr;
  detail::call([&](cts_error **error) {
    return cts_facts_new_from_json(engine.get(), document.data(), document.size(), &facts, error);
  });
  facts_.reset(facts);
}

/* What an error code of WhatsApp means, as JSON. */
[[nodiscard]] inline std::string explain_code(std::int64_t code) {
  return detail::text([&](cts_text **json, cts_error **error) { return cts_code_explain(code, json, error); });
}

namespace detail {

/* What is behind a stream that is exported. */
template <typename Source>
struct Exported {
  Source source;
  std::string error;

  template <typename Work>
  int guarded(Work &&work) noexcept {
    error.clear();
    try {
      std::forward<Work>(work)();
      return 0;
    } catch (const std::bad_alloc &) {
      return ENOMEM;
    } catch (const std::exception &thrown) {
      try {
        error = thrown.what();
      } catch (...) {
        return ENOMEM;
      }
    } catch (...) {
      return EIO;
    }
    return EIO;
  }

  static Exported &of(ArrowArrayStream *stream) noexcept { return *static_cast<Exported *>(stream->private_data); }

  static int get_schema(ArrowArrayStream *stream, ArrowSchema *out) noexcept {
    Exported &there = of(stream);
    return there.guarded([&] { there.source.schema(out); });
  }

  static int get_next(ArrowArrayStream *stream, ArrowArray *out) noexcept {
    Exported &there = of(stream);
    return there.guarded([&] {
      if (!there.source.next(out)) {
        out->release = nullptr;
      }
    });
  }

  static const char *get_last_error(ArrowArrayStream *stream) noexcept {
    const std::string &error = of(stream).error;
    return error.empty() ? nullptr : error.c_str();
  }

  static void release(ArrowArrayStream *stream) noexcept {
    delete &of(stream);
    stream->release = nullptr;
  }
};

}  // namespace detail

/*
 * An audience of yours as an Arrow stream, for a Screening. `Source` has two functions, which may throw what they like:
 *
 *     void schema(ArrowSchema *out);   // fills it
 *     bool next(ArrowArray *out);      // fills it; false at the end, and leaves it alone then
 *
 * What they throw becomes an error of the stream, whose text is what() of a std::exception. Nothing leaves a function of the stream, which
 * would end the process. The functions `release` of the schema and the arrays are the source's own, and must not throw.
 */
template <typename Source>
void export_stream(Source source, ArrowArrayStream *stream) {
  using Exported = detail::Exported<Source>;
  auto behind = std::make_unique<Exported>(Exported{std::move(source), std::string()});
  stream->get_schema = Exported::get_schema;
  stream->get_next = Exported::get_next;
  stream->get_last_error = Exported::get_last_error;
  stream->release = Exported::release;
  stream->private_data = behind.release();
}

/* What was found of an audience. */
class Summary {
public:
  explicit Summary(cts_summary *taken) noexcept : summary_(taken) {}

  /* One that another process wrote as JSON, and whether its audience was read to its end. */
  [[nodiscard]] static Summary from_json(std::string_view json, bool is_complete) {
    cts_summary *summary = nullptr;
    detail::call([&](cts_error **error) {
      return cts_summary_new_from_json(json.data(), json.size(), is_complete ? 1 : 0, &summary, error);
    });
    return Summary(summary);
  }

  /* This and a later part of the same audience as one. */
  [[nodiscard]] Summary merge(const Summary &later) const {
    const cts_summary *parts[] = {get(), later.get()};
    cts_summary *merged = nullptr;
    detail::call([&](cts_error **error) { return cts_summary_merge(parts, 2, &merged, error); });
    return Summary(merged);
  }

  [[nodiscard]] cts_summary_info info() const {
    cts_summary_info info = CTS_SUMMARY_INFO_INIT;
    detail::check(cts_summary_read(get(), &info));
    return info;
  }

  [[nodiscard]] std::string_view json() const {
    cts_str text = {nullptr, 0};
    detail::check(cts_summary_json(get(), &text));
    return detail::view(text);
  }

  /* What would help most; empty where the options did not ask for it. */
  [[nodiscard]] std::string_view help_json() const {
    cts_str text = {nullptr, 0};
    detail::check(cts_summary_help_json(get(), &text));
    return detail::view(text);
  }

  [[nodiscard]] std::string_view text() const {
    cts_str text = {nullptr, 0};
    detail::check(cts_summary_text(get(), &text));
    return detail::view(text);
  }

  [[nodiscard]] const cts_summary *get() const noexcept { return summary_.get(); }

private:
  detail::Owned<cts_summary, cts_summary_free> summary_;
};

/* A campaign judged for an audience, batch by batch. */
class Screening {
public:
  /* Takes the audience over; it is released if this throws as well. */
  Screening(const Engine &engine, const Facts &campaign, ArrowArrayStream *audience,
            const cts_screen_options *options = nullptr) {
    cts_screening *screening = nullptr;
    try {
      detail::call([&](cts_error **error) {
        return cts_engine_screen(engine.get(), campaign.get(), options, audience, &rows_, &screening, error);
      });
    } catch (...) {
      if (audience->release != nullptr) {
        audience->release(audience);
      }
      throw;
    }
    screening_.reset(screening);
  }

  Screening(const Screening &) = delete;
  Screening &operator=(const Screening &) = delete;

  ~Screening() {
    if (rows_.release != nullptr) {
      rows_.release(&rows_);
    }
  }

  /* The next rows of the result, whose `release` is yours to call; false at the end. */
  [[nodiscard]] bool next(ArrowArray *rows) {
    rows->release = nullptr;
    const int number = rows_.get_next(&rows_, rows);
    if (number != 0) {
      const char *told = rows_.get_last_error(&rows_);
      throw Error(CTS_ERR_AUDIENCE, told == nullptr ? "the audience failed" : told, {});
    }
    return rows->release != nullptr;
  }

  /* Judges the rest, for the summary alone. */
  void finish() {
    ArrowArray rows;
    while (next(&rows)) {
      rows.release(&rows);
    }
  }

  [[nodiscard]] Summary summary() const {
    cts_summary *summary = nullptr;
    detail::call([&](cts_error **error) { return cts_screening_summary(screening_.get(), &summary, error); });
    return Summary(summary);
  }

private:
  ArrowArrayStream rows_ = {nullptr, nullptr, nullptr, nullptr, nullptr};
  detail::Owned<cts_screening, cts_screening_free> screening_;
};

/* Judges a campaign for every recipient of a table in a file, and writes what each is told into another, if one is named. */
[[nodiscard]] inline Summary screen_file(const Engine &engine, const Facts &campaign, std::string_view audience,
                                         std::string_view rows = {}, const cts_screen_options *options = nullptr) {
  cts_summary *summary = nullptr;
  detail::call([&](cts_error **error) {
    return cts_engine_screen_file(engine.get(), campaign.get(), options, audience.data(), audience.size(), CTS_FORMAT_BY_NAME,
                                  rows.data(), rows.size(), CTS_FORMAT_BY_NAME, &summary, error);
  });
  return Summary(summary);
}

/* The same of a table in memory, with the rows as bytes. */
[[nodiscard]] inline std::pair<std::string, Summary> screen_bytes(const Engine &engine, const Facts &campaign,
                                                                  std::string_view audience, cts_format from, cts_format into,
                                                                  const cts_screen_options *options = nullptr) {
  cts_bytes *rows = nullptr;
  cts_summary *summary = nullptr;
  detail::call([&](cts_error **error) {
    return cts_engine_screen_bytes(engine.get(), campaign.get(), options, audience.data(), audience.size(), from, into, &rows,
                                   &summary, error);
  });
  Summary found(summary);
  const detail::Owned<cts_bytes, cts_bytes_free> owned(rows);
  const std::uint8_t *data = nullptr;
  std::size_t len = 0;
  detail::check(cts_bytes_read(owned.get(), &data, &len));
  return {std::string(reinterpret_cast<const char *>(data), len), std::move(found)};
}

}  // namespace cts

#endif  /* CLEARTOSEND_HPP */
