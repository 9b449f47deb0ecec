#include "core/json/elements.hpp"

#include <cstddef>
#include <functional>

#include "core/json/grammar.hpp"
#include "core/json/inner_values.hpp"
#include "core/json/walk.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::json {

namespace {

bool begins_array(View text) {
  const std::size_t begin = text.find_first_not_of(" \t\n\r");
  return begin != View::npos && text[begin] == '[';
}

}  // namespace

bool each_element(View text, const std::function<void(View element)>& see) {
  if (!begins_array(text)) return false;
  InnerValues values(text);
  return walk(text, InnerValues::levels_max, [&](Token token, std::size_t at, unsigned level) {
    if (const auto element = values.see(token, at, level)) see(*element);
    return true;
  });
}

}  // namespace edgebatch::json
