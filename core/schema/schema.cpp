#include "core/schema/schema.hpp"

#include <cstdint>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "core/schema/compiler.hpp"
#include "core/schema/glance.hpp"
#include "core/schema/program.hpp"
#include "core/schema/run.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::schema {

Bytes in_words(const Failure& failure) {
  Bytes words = failure.pointer.empty() ? "the answer" : failure.pointer + ":";
  words.append(" ").append(failure.message);
  if (!failure.keyword.empty()) words.append(" (").append(failure.keyword).append(")");
  return words;
}

Schema::Schema(std::unique_ptr<Program> program)
    : program_(std::move(program)),
      glance_(std::make_unique<Glance>(*program_)),
      run_(std::make_unique<Run>(*program_)) {}
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

std::variant<Schema, std::vector<Flaw>> Schema::compile(View text, const text::SipKey& secret) {
  auto program = std::make_unique<Program>(secret);
  program->text = text;
  std::vector<Flaw> flaws = Compiler(*program).run();
  if (!flaws.empty()) return flaws;
  return Schema(std::move(program));
}

std::vector<Failure> Schema::validate(View answer) {
  seen_at_a_glance_ = glance_->fits(answer);
  return seen_at_a_glance_ ? std::vector<Failure>() : run_->validate(answer);
}

std::uint64_t Schema::steps_count() const {
  return glance_->steps_count() + (seen_at_a_glance_ ? 0 : run_->steps_count());
}

}  // namespace edgebatch::schema
