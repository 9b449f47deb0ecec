#include "core/ndjson/compact.hpp"

#include <algorithm>
#include <cstddef>

#include "core/json/grammar.hpp"
#include "core/json/separators.hpp"
#include "core/json/walk.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::ndjson {

namespace {

using json::Token;

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
    const bool valid =
        json::walk(text_, json::nesting_max, [this](Token token, std::size_t at, unsigned) {
          see(token, at);
          return true;
        });
    if (valid) copy_outside(text_.size());
    return valid;
  }

 private:
  void see(Token token, std::size_t at) {
    switch (token) {
      case Token::key_begin:
      case Token::string_begin: copy_outside(at + 1); break;
      case Token::key_end:
      case Token::string_end: copy_inside(at); break;
      default: break;
    }
  }

  // What stands between two strings.
  void copy_outside(std::size_t end) {
    for (const char byte : text_.substr(done_, end - done_))
      if (!json::is_space(byte)) out_.push_back(byte);
    done_ = end;
  }

  // The inside of a string.
  void copy_inside(std::size_t end) {
    View rest = text_.substr(done_, end - done_);
    done_ = end;
    for (;;) {
      const std::size_t plain = std::min(rest.find('\\'), rest.size());
      json::append_without_separators(out_, rest.substr(0, plain));
      rest.remove_prefix(plain);
      if (rest.empty()) return;
      copy_escape(rest);
    }
  }

  // A whole escape at once, of two code units if it is a pair.
  void copy_escape(View& rest) {
    const bool high = is_high_surrogate(rest);
    const bool pair = high && is_low_surrogate(rest.substr(unicode_escape_size));
    const bool unicode = rest.starts_with("\\u");
    const std::size_t size = pair ? 2 * unicode_escape_size : unicode ? unicode_escape_size : 2;
    const bool lone = !pair && (high || is_low_surrogate(rest));
    out_.append(lone ? replacement : rest.substr(0, size));
    rest.remove_prefix(size);
  }

  Bytes& out_;
  View text_;
  std::size_t done_ = 0;
};

}  // namespace

bool append_compact(Bytes& out, View text) {
  const std::size_t before = out.size();
  if (Compactor(out, text).run()) return true;
  out.resize(before);
  return false;
}

}  // namespace edgebatch::ndjson
