#include "core/json/elements.hpp"

#include <cstddef>
#include <functional>

#include "core/json/grammar.hpp"
#include "core/json/inner_values.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::json {

namespace {

bool begins_array(View text) {
  const std::size_t begin = text.find_first_not_of(" \t\n\r");
  return begin != View::npos && text[begin] == '[';
}

}  // namespace

bool each_element(View text, const std::function<void(View element)>& see) {
  if (!begins_array(text) || !text::utf8_valid(text)) return false;
  Grammar grammar;
  InnerValues values(text);
  for (std::size_t at = 0; at < text.size(); ++at) {
    at += grammar.plain(text.substr(at));
    if (at == text.size()) break;
    const Token token = grammar.step(text[at]);
    if (token == Token::error) return false;
    if (const auto element = values.see(token, at, grammar.depth())) see(*element);
  }
  return grammar.complete();
}

}  // namespace edgebatch::json
