// The C door from C++11: handles that free themselves, and errors that are thrown.
#include <cleartosend.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

struct Free {
  void operator()(cts_engine *engine) const { cts_engine_free(engine); }
  void operator()(cts_decision *decision) const { cts_decision_free(decision); }
  void operator()(cts_error *error) const { cts_error_free(error); }
};

template <typename Handle>
using Owned = std::unique_ptr<Handle, Free>;

std::string text(cts_str view) { return view.data == nullptr ? std::string() : std::string(view.data, view.len); }

// Of calls that tell no reason.
void must(cts_status status) {
  if (status != CTS_OK) {
    throw std::runtime_error(cts_status_name(status));
  }
}

// By reference: arguments are read in any order, and this one is set by the call before it.
void must(cts_status status, cts_error *&given) {
  const Owned<cts_error> error(given);
  given = nullptr;
  if (status == CTS_OK) {
    return;
  }
  cts_str message = {nullptr, 0};
  if (cts_error_message(error.get(), &message) != CTS_OK) {
    must(status);
  }
  throw std::runtime_error(std::string(cts_status_name(status)) + ": " + text(message));
}

Owned<cts_engine> built_in() {
  cts_engine *engine = nullptr;
  cts_error *error = nullptr;
  must(cts_engine_new_built_in(&engine, &error), error);
  return Owned<cts_engine>(engine);
}

Owned<cts_decision> check(const cts_engine *engine, const std::string &document) {
  cts_decision *decision = nullptr;
  cts_error *error = nullptr;
  must(cts_engine_check_json(engine, document.data(), document.size(), CTS_FINDINGS, &decision, &error), error);
  return Owned<cts_decision>(decision);
}

}  // namespace

int main(int argc, char **argv) try {
  if (argc != 2) {
    throw std::runtime_error("usage: first_check CAMPAIGN.json");
  }
  std::ifstream file(argv[1], std::ios::binary);
  const std::string document((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const Owned<cts_engine> engine = built_in();
  const Owned<cts_decision> decision = check(engine.get(), document);
  cts_verdict verdict = CTS_VERDICT_NONE;
  std::size_t count = 0;
  must(cts_decision_verdict(decision.get(), &verdict));
  must(cts_decision_finding_count(decision.get(), &count));
  std::cout << cts_verdict_name(verdict) << '\n';
  for (std::size_t i = 0; i < count; i++) {
    cts_finding finding = CTS_FINDING_INIT;
    must(cts_decision_finding(decision.get(), i, &finding));
    std::cout << "  " << text(finding.rule) << ": " << text(finding.message) << '\n';
  }
  return verdict == CTS_ALLOW ? 0 : verdict == CTS_DENY ? 1 : 3;
} catch (const std::exception &error) {
  std::cerr << "error: " << error.what() << '\n';
  return 2;
}
