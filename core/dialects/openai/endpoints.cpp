#include "core/dialects/openai/endpoints.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"

namespace edgebatch::dialects::openai {

namespace {

using validation::Line;

constexpr std::array table = [] {
  using enum InputKind;
  return std::to_array<Endpoint>({
      {"/v1/responses", "Responses", &Line::input, "input", string_or_array, &Line::prompt},
      {"/v1/chat/completions", "Chat Completions", &Line::messages, "messages", array},
      {"/v1/embeddings", "Embeddings", &Line::input, "input", string_or_array},
      {"/v1/completions", "Completions", &Line::prompt, "prompt", string_or_array},
      {"/v1/moderations", "Moderations", &Line::input, "input", string_or_array},
      {"/v1/images/generations", "Images", &Line::prompt, "prompt", string},
      {"/v1/images/edits", "Images", &Line::prompt, "prompt", string},
      {"/v1/videos", "Videos", &Line::prompt, "prompt", string},
  });
}();

constexpr std::array<View, table.size()> urls = [] {
  std::array<View, table.size()> found;
  for (std::size_t i = 0; i < table.size(); ++i) found[i] = table[i].url;
  return found;
}();

static_assert(std::ranges::all_of(urls, [](View url) { return url.starts_with(version_prefix); }));

}  // namespace

const Endpoint* find_endpoint(View url) {
  const auto found = std::ranges::find(table, url, &Endpoint::url);
  return found == table.end() ? nullptr : &*found;
}

std::span<const View> endpoints() { return urls; }

bool is_endpoint(View url) { return find_endpoint(url) != nullptr; }

}  // namespace edgebatch::dialects::openai
