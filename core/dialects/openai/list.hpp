// Pages of lists: `{"object":"list","data":[…],"first_id","last_id","has_more"}`.
#pragma once

#include <vector>

#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::openai {

void append_list_head(json::Writer& out);
/// `first_id` and `last_id` are empty where the page is.
Bytes finish_list(json::Writer& out, View first_id, View last_id, bool has_more);

/// `append(out, element)` writes one element; elements have an `id`.
template <class Element, class Append>
Bytes list_json(const std::vector<Element>& elements, bool has_more, Append append) {
  json::Writer out;
  append_list_head(out);
  for (const Element& element : elements) append(out, element);
  const bool empty = elements.empty();
  return finish_list(out, empty ? View() : View(elements.front().id),
                     empty ? View() : View(elements.back().id), has_more);
}

}  // namespace edgebatch::dialects::openai
