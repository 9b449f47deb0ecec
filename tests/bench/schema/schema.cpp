// What the bench's schema part times and the test suite's worker asks: schemas alone, as a reactor
// of its own. A host writes a text, then has it compiled or validated.
#include "core/schema/schema.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/text/bytes.hpp"

#define EDGEBATCH_EXPORT(function) extern "C" __attribute__((export_name(#function), used))

using namespace edgebatch;

namespace {

struct Instance {
  Bytes text;
  Bytes words;
  std::optional<schema::Schema> schema;
};

Instance& instance() {
  static Instance the_instance;
  return the_instance;
}

}  // namespace

/// Where a host writes a text of that size.
EDGEBATCH_EXPORT(schema_text) char* schema_text(std::uint32_t size) {
  instance().text.resize(size);
  return instance().text.data();
}

/// Compiles the text. How many flaws it has; `schema_words` says where.
EDGEBATCH_EXPORT(schema_compile) std::uint32_t schema_compile() {
  auto compiled = schema::Schema::compile(instance().text, {1, 2});
  instance().words.clear();
  if (auto* const schema = std::get_if<schema::Schema>(&compiled)) {
    instance().schema = std::move(*schema);
    return 0;
  }
  const auto& flaws = std::get<std::vector<schema::Flaw>>(compiled);
  for (const schema::Flaw& flaw : flaws)
    instance().words.append(flaw.code).append(" ").append(flaw.pointer).append("\n");
  return static_cast<std::uint32_t>(flaws.size());
}

/// Validates the first `size` bytes of the text by what was compiled last. How many failures are
/// listed; `schema_words` says which.
EDGEBATCH_EXPORT(schema_validate) std::uint32_t schema_validate(std::uint32_t size) {
  const auto failures = instance().schema->validate(View(instance().text).substr(0, size));
  instance().words.clear();
  for (const schema::Failure& failure : failures)
    instance().words.append(schema::in_words(failure)).append("\n");
  return static_cast<std::uint32_t>(failures.size());
}

EDGEBATCH_EXPORT(schema_words) const char* schema_words() { return instance().words.data(); }
EDGEBATCH_EXPORT(schema_words_size) std::uint32_t schema_words_size() {
  return static_cast<std::uint32_t>(instance().words.size());
}
