// The header for C++17: objects that free themselves, errors that are thrown, and an audience whose functions may throw.
#include "cleartosend.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <type_traits>

#define CHECK(condition)                                                              \
  do {                                                                                \
    if (!(condition)) {                                                               \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);    \
      std::exit(1);                                                                   \
    }                                                                                 \
  } while (0)

namespace {

static_assert(!std::is_copy_constructible_v<cts::Engine> && std::is_nothrow_move_constructible_v<cts::Engine>);
static_assert(!std::is_copy_constructible_v<cts::Facts> && std::is_nothrow_move_constructible_v<cts::Decision>);
static_assert(std::is_nothrow_copy_constructible_v<cts::Error>);

std::string content(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  CHECK(file.good());
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

void decisions(const cts::Engine &engine, const std::string &examples) {
  const std::string document = content(examples + "/rogue-provider.json");
  const cts::Decision decision = engine.check(document);
  CHECK(decision.verdict() == CTS_DENY);
  CHECK(decision.json().substr(0, 18) == "{\"verdict\":\"deny\",");
  CHECK(decision.digest().substr(0, 7) == "sha256:");
  CHECK(decision.text().find("not clear to send") != std::string_view::npos);
  const std::vector<cts::Finding> findings = decision.findings();
  CHECK(!findings.empty() && findings.front().verdict() == CTS_DENY);
  CHECK(findings.front().pack() == "whatsapp" && !findings.front().message().empty());
  CHECK(decision.json().find(findings.front().rule()) != std::string_view::npos);
  CHECK(!decision.exposure().empty());

  const cts::Decision earlier = engine.check(document, cts::Instant{1500000000, 0});
  CHECK(earlier.json() != decision.json());
  const std::string record = engine.record(document);
  CHECK(record.find("\"record\":1") == 1 && record.find("\"explanation\":null") != std::string::npos);
  CHECK(engine.record(document, true).find("\"explanation\":{") != std::string::npos);
  const std::string masked = engine.record(document, false, "cts-mask-key-1:000102030405060708090a0b0c0d0e0f");
  CHECK(masked.find("hmac-sha256") != std::string::npos);
  const cts::Explanation explanation = engine.explain(document);
  CHECK(explanation.decision().digest() == decision.digest());
  CHECK(explanation.text().find("DENY") == 0);
}

void facts(const cts::Engine &engine, const std::string &examples) {
  cts::Facts campaign(engine, content(examples + "/campaign-only.json"));
  const std::uint32_t phone = engine.attribute("recipient.phone");
  const std::uint32_t opt_in = engine.attribute("recipient.opt_in");
  const std::uint32_t opted_out = engine.attribute("recipient.opted_out");
  const std::uint32_t opt_in_at = engine.attribute("recipient.opt_in_at");
  cts::Report report;
  const auto verdict = [&](const char *number, const std::string &given, bool out) {
    campaign.reset();
    campaign.set(phone, number);
    campaign.set(opt_in, given);
    campaign.set(opted_out, out);
    campaign.set(opt_in_at, cts::Instant{1767225600, 0});
    engine.check_into(campaign, report);
    return report.verdict();
  };
  CHECK(verdict("+34600000001", "none", true) == CTS_DENY);
  CHECK(report.rules().size() >= 2);
  CHECK(verdict("+34600000002", "given", false) != CTS_DENY);
  CHECK(engine.check(campaign.clone()).verdict() == report.verdict());
}

void errors(const cts::Engine &engine) {
  try {
    (void)engine.check("{\"send_at\": \"2026-03-02T15:00:00Z\", \"account\": {\"quality\": \"reed\", \"is\": 1}}");
    CHECK(false);
  } catch (const cts::Error &error) {
    CHECK(error.status() == CTS_ERR_FACTS);
    CHECK(error.problems().size() == 2);
    CHECK(std::string(error.what()).find("did you mean `red`?") != std::string::npos);
    CHECK(error.code().substr(0, 6) == "facts/");
  }
  try {
    (void)cts::explain_code(-77);
    CHECK(false);
  } catch (const cts::Error &error) {
    CHECK(error.status() == CTS_ERR_EMPTY && error.code() == "account/unknown-code");
  }
  CHECK(cts::explain_code(131049).find("\"code\":131049") != std::string::npos);

  cts::Builder builder;
  builder.add_built_in_pack("messaging-law");
  engine.replace(builder);
  CHECK(engine.info().find("\"name\":\"messaging-law\"") != std::string::npos);
  try {
    builder.add_pack_folder("no/such/folder");
    CHECK(false);
  } catch (const cts::Error &error) {
    CHECK(error.status() == CTS_ERR_FILE);
  }
}

// Two rows of one column that says that they opted out, and then what is thrown.
class Rows {
public:
  enum class End { quiet, exception, something };
  explicit Rows(End end) : end_(end) {}

  void schema(ArrowSchema *out) {
    static ArrowSchema column;
    static ArrowSchema *columns[] = {&column};
    column = {"b", "recipient.opted_out", nullptr, ARROW_FLAG_NULLABLE, 0, nullptr, nullptr, done<ArrowSchema>, nullptr};
    *out = {"+s", "", nullptr, 0, 1, columns, nullptr, done<ArrowSchema>, nullptr};
  }

  bool next(ArrowArray *out) {
    if (batches_++ > 0) {
      if (end_ == End::exception) {
        throw std::runtime_error("the table went away");
      }
      if (end_ == End::something) {
        throw 7;
      }
      return false;
    }
    static const std::uint8_t bits[64] = {1};
    static const void *buffers[] = {nullptr, bits};
    static const void *none[] = {nullptr};
    static ArrowArray column;
    static ArrowArray *columns[] = {&column};
    column = {2, 0, 0, 2, 0, buffers, nullptr, nullptr, done<ArrowArray>, nullptr};
    *out = {2, 0, 0, 1, 1, none, columns, nullptr, done<ArrowArray>, nullptr};
    return true;
  }

private:
  template <typename Part>
  static void done(Part *part) {
    part->release = nullptr;
  }

  End end_;
  int batches_ = 0;
};

void audiences(const cts::Engine &engine, const std::string &examples) {
  const cts::Facts campaign(engine, content(examples + "/campaign-only.json"));
  {
    ArrowArrayStream stream;
    cts::export_stream(Rows(Rows::End::quiet), &stream);
    cts::Screening screening(engine, campaign, &stream);
    screening.finish();
    const cts::Summary summary = screening.summary();
    CHECK(summary.info().rows == 2 && summary.info().is_complete == 1);
    CHECK(summary.info().verdicts.deny >= 1);
    CHECK(summary.json().find("\"rows\":2") != std::string_view::npos);
    CHECK(summary.help_json().empty());
    const cts::Summary twice = summary.merge(cts::Summary::from_json(summary.json(), true));
    CHECK(twice.info().rows == 4 && twice.info().is_complete == 1);
  }
  for (const Rows::End end : {Rows::End::exception, Rows::End::something}) {
    ArrowArrayStream stream;
    cts::export_stream(Rows(end), &stream);
    cts::Screening screening(engine, campaign, &stream);
    try {
      screening.finish();
      CHECK(false);
    } catch (const cts::Error &error) {
      const bool is_told = std::string(error.what()).find("the table went away") != std::string::npos;
      CHECK(is_told == (end == Rows::End::exception));
    }
    CHECK(screening.summary().info().is_complete == 0);
  }
}

void tables(const cts::Engine &engine, const std::string &examples) {
  const cts::Facts campaign(engine, content(examples + "/campaign-only.json"));
  const std::string lines = "{\"recipient.phone\": \"+34600000001\", \"recipient.opted_out\": true}\n";
  const auto [rows, summary] = cts::screen_bytes(engine, campaign, lines, CTS_NDJSON, CTS_NDJSON);
  CHECK(rows.find("{\"verdict\":\"deny\"") == 0 && summary.info().verdicts.deny == 1);
  try {
    (void)cts::screen_file(engine, campaign, "no/such.csv");
    CHECK(false);
  } catch (const cts::Error &error) {
    CHECK(error.code() == "c/file");
  }
}

void packs(const std::string &examples) {
  const cts::Pack pack = cts::Pack::read(examples + "/../tests/packs/good");
  CHECK(pack.lint(cts::Instant{1772463600, 0}).find("\"warnings\":[") != std::string::npos);
  CHECK(!pack.test().first);
  cts::Builder builder;
  const cts::Engine engine(builder.add(pack));
  CHECK(engine.info().find("\"whatsapp\"") != std::string::npos);
}

}  // namespace

int main(int argc, char **argv) try {
  CHECK(argc == 2);
  const std::string examples = argv[1];
  const cts::Engine engine = cts::Engine::built_in();
  decisions(engine, examples);
  facts(engine, examples);
  audiences(engine, examples);
  tables(engine, examples);
  packs(examples);
  errors(engine);
  return 0;
} catch (const cts::Error &error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
