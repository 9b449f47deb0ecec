#include "core/json/grammar.hpp"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "core/text/bytes.hpp"

#include "tests/fuzz/targets.hpp"
#include "tests/support/exact.hpp"

namespace edgebatch::fuzz {

namespace {

class Sax final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return deeper(); }
  bool key(string_t&) override { return true; }
  bool end_object() override { return higher(); }
  bool start_array(std::size_t) override { return deeper(); }
  bool end_array() override { return higher(); }
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception& why) override {
    constexpr int number_out_of_range = 406;
    out_of_range = why.id == number_out_of_range;
    return false;
  }

  bool out_of_range = false;
  bool too_deep = false;

 private:
  bool deeper() {
    too_deep = ++depth_ > json::nesting_max;
    return !too_deep;
  }
  bool higher() {
    --depth_;
    return true;
  }

  unsigned depth_ = 0;
};

// Escapes of surrogates become others: alone they are of RFC 8259's grammar, but nlohmann_json
// refuses them.
Bytes without_surrogates(View text) {
  Bytes out(text);
  for (std::size_t at = 0; at + 1 < out.size(); ++at) {
    if (out[at] != '\\') continue;
    ++at;  // What is escaped can't begin another escape.
    if (out[at] == 'u' && at + 1 < out.size() && (out[at + 1] == 'd' || out[at + 1] == 'D'))
      out[at + 1] = '0';
  }
  return out;
}

}  // namespace

void grammar(View input) {
  const support::Exact exact(input);
  const bool ours = json::valid(exact.view());
  // nlohmann_json takes a byte order mark away, and a NUL for the end.
  if (input.find('\0') != View::npos) return expect(!ours, "a NUL is in no JSON");
  if (input.starts_with("\xEF")) return expect(!ours, "no JSON begins like that");

  Sax sax;
  const bool theirs = nlohmann::json::sax_parse(without_surrogates(input), &sax);
  if (sax.out_of_range) return;  // Beyond double, perhaps in front of something wrong.
  expect(ours == theirs, "nlohmann_json says the same");

  // Byte by byte, no token is whole.
  json::Grammar machine;
  bool wrong = false;
  for (std::size_t i = 0; i < input.size() && !wrong; ++i) {
    const support::Exact piece(input.substr(i, 1));
    for (std::size_t at = 0; at < 1 && !wrong;)
      wrong = machine.next(piece.view(), at) == json::Token::error;
  }
  expect(ours == (!wrong && machine.complete()), "byte by byte the same");
}

}  // namespace edgebatch::fuzz
