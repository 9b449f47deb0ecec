// Goes through a pattern's source, and keeps the first thing that is wrong with it.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include "core/pattern/pattern.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::pattern {

class Scanner {
 public:
  /// Of well-formed UTF-8.
  explicit Scanner(View source) : source_(source) {}

  std::size_t offset() const { return at_; }
  void go_back_to(std::size_t offset) { at_ = offset; }
  bool done() const { return at_ == source_.size(); }
  View rest() const { return source_.substr(at_); }
  /// From `offset` to here.
  View since(std::size_t offset) const { return source_.substr(offset, at_ - offset); }

  /// The next byte; NUL at the end, which has to be told apart where it matters.
  char peek() const { return done() ? '\0' : source_[at_]; }
  /// Whether it was the next byte; if so, behind it.
  bool eat(char byte);
  bool eat(View text);
  /// The next character, all of it: there has to be one.
  char32_t take();

  std::nullopt_t fail(std::size_t offset, Bytes message);
  bool failed() const { return flaw_.has_value(); }
  Flaw flaw() { return *std::move(flaw_); }

 private:
  View source_;
  std::size_t at_ = 0;
  std::optional<Flaw> flaw_;
};

}  // namespace edgebatch::pattern
