// A place in a whole text, going from token to token at full speed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/json/characters.hpp"
#include "core/json/literal_string.hpp"
#include "core/json/whole_tokens.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::json {

/// Tokens close to the end, and whatever can't be passed, are looked at once more in a copy that
/// goes on behind the end: what can't be passed there is wrong. A copy of a cursor is a place to
/// come back to, also from behind it.
class Cursor {
 public:
  /// `text` has to outlive it, and so has `tail`, which is its own to write to.
  Cursor(View text, Bytes& tail)
      : base_(text.data()),
        at_(base_),
        text_end_(base_ + text.size()),
        end_(text_end_),
        tail_(&tail) {}

  /// False at the text's end. Else there is a token, or what is none, with `lookahead` bytes at
  /// least from here on.
  bool skip_space() {
    const bool at_token = end_ - at_ >= lookahead && static_cast<unsigned char>(*at_) > ' ';
    return at_token || skip_space_slowly();
  }

  /// Of all that follows these, skip_space() has to have said that something is there.
  char byte() const { return *at_; }
  const char* at() const { return at_; }
  void pass_bytes(std::ptrdiff_t count) { at_ += count; }
  /// Whether it was this one; then it is passed.
  bool pass(char byte) {
    if (*at_ != byte) return false;
    ++at_;
    return true;
  }

  /// At a quote; false if there is no whole string.
  bool string(LiteralString& out) {
    std::uint64_t continuations = 0;
    const View whole = token([&](const char* at, const char* end) {
      return pass_string(at + 1, end, continuations, out.escaped);
    });
    if (whole.empty()) return false;
    out.inside = whole.substr(1, whole.size() - 2);
    out.ascii = continuations == 0;
    return true;
  }
  /// As it is written; empty if there is none.
  View number() { return *at_ == '-' || is_digit(*at_) ? token(pass_number) : View(); }
  /// true, false or null; empty if there is none.
  View literal() {
    return token([](const char* at, const char*) { return pass_literal(at); });
  }

  /// Where it is, in bytes from the text's begin on; and where something lies that it gave last.
  std::size_t offset() const { return shift_ + static_cast<std::size_t>(at_ - base_); }
  std::size_t offset_of(View given) const {
    return shift_ + static_cast<std::size_t>(given.data() - base_);
  }

 private:
  // `pass` gives the place behind a token, or null.
  template <class Pass>
  View token(Pass pass) {
    const char* behind = pass(at_, end_);
    if (behind == nullptr && !in_tail_) {
      go_to_tail();
      behind = pass(at_, end_);
    }
    if (behind == nullptr) return {};
    const View passed(at_, static_cast<std::size_t>(behind - at_));
    at_ = behind;
    return passed;
  }

  bool skip_space_slowly();
  void go_to_tail();

  const char* base_;  // What lies at byte `shift_` of the text.
  std::size_t shift_ = 0;
  const char* at_;
  const char* text_end_;
  const char* end_;  // Of what may be looked at.
  bool in_tail_ = false;
  Bytes* tail_;
};

}  // namespace edgebatch::json
