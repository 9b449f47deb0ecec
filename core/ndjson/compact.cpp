#include "core/ndjson/compact.hpp"

#include <cstddef>

#include "core/json/grammar.hpp"
#include "core/json/separators.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::ndjson {

namespace {

constexpr View replacement = "\xEF\xBF\xBD";
constexpr std::size_t unicode_escape_size = 6;  // \uXXXX

// At `text`'s start, which may be anything: whether it is an escape of such a surrogate.
bool is_high_surrogate(View text) {
  return text.size() >= unicode_escape_size && text.starts_with("\\u") &&
         (text[2] == 'd' || text[2] == 'D') && View("89abAB").find(text[3]) != View::npos;
}
bool is_low_surrogate(View text) {
  return text.size() >= unicode_escape_size && text.starts_with("\\u") &&
         (text[2] == 'd' || text[2] == 'D') && View("cdefCDEF").find(text[3]) != View::npos;
}

class Compactor {
 public:
  Compactor(Bytes& out, View text) : out_(out), text_(text) {}

  bool run() {
    while (at_ < text_.size()) {
      if (!step()) return false;
    }
    return grammar_.complete();
  }

 private:
  bool step() {
    const View rest = text_.substr(at_);
    if (const std::size_t plain = grammar_.plain(rest); plain > 0) {
      json::append_without_separators(out_, rest.substr(0, plain));
      at_ += plain;
      return true;
    }
    if (grammar_.in_string() && rest.front() == '\\') return escape(rest);
    if (!accept(1)) return false;
    // A string's bytes never come here but for its quotes.
    if (!json::is_space(rest.front())) out_.push_back(rest.front());
    return true;
  }

  // A whole escape at once, of two code units if it is a pair.
  bool escape(View rest) {
    const bool high = is_high_surrogate(rest);
    const bool pair = high && is_low_surrogate(rest.substr(unicode_escape_size));
    const bool unicode = rest.starts_with("\\u");
    const std::size_t size = pair ? 2 * unicode_escape_size : unicode ? unicode_escape_size : 2;
    if (!accept(size)) return false;
    const bool lone = !pair && (high || is_low_surrogate(rest));
    out_.append(lone ? replacement : rest.substr(0, size));
    return true;
  }

  bool accept(std::size_t size) {
    for (const char byte : text_.substr(at_, size)) {
      if (grammar_.step(byte) == json::Token::error) return false;
    }
    at_ += size;
    return true;
  }

  Bytes& out_;
  View text_;
  std::size_t at_ = 0;
  json::Grammar grammar_;
};

}  // namespace

bool append_compact(Bytes& out, View text) {
  if (!text::utf8_valid(text)) return false;
  const std::size_t before = out.size();
  if (Compactor(out, text).run()) return true;
  out.resize(before);
  return false;
}

}  // namespace edgebatch::ndjson
