#include "core/pattern/scanner.hpp"

#include <cstddef>
#include <optional>
#include <utility>

#include "core/pattern/decode.hpp"
#include "core/pattern/pattern.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::pattern {

bool Scanner::eat(char byte) {
  if (done() || source_[at_] != byte) return false;
  ++at_;
  return true;
}

bool Scanner::eat(View text) {
  if (!rest().starts_with(text)) return false;
  at_ += text.size();
  return true;
}

char32_t Scanner::take() {
  const auto [point, size] = decode(source_.data() + at_, source_.data() + source_.size());
  at_ += size;
  return point;
}

std::nullopt_t Scanner::fail(std::size_t offset, Bytes message) {
  if (!flaw_) flaw_ = Flaw{offset, std::move(message)};
  return std::nullopt;
}

}  // namespace edgebatch::pattern
