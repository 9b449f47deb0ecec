#include <algorithm>
#include <array>
#include <cstddef>

#include "core/dialects/content.hpp"
#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

namespace {

constexpr std::size_t name_bytes_max = 127;  // Of a type, and of a subtype (RFC 6838 §4.2).

struct Extension {
  View extension;
  View media_type;
};

constexpr auto text_extensions = std::to_array<Extension>({
    {".csv", "text/csv"},
    {".htm", "text/html"},
    {".html", "text/html"},
    {".json", "application/json"},
    {".jsonl", "application/x-ndjson"},
    {".markdown", "text/markdown"},
    {".md", "text/markdown"},
    {".ndjson", "application/x-ndjson"},
    {".tsv", "text/tab-separated-values"},
    {".xml", "application/xml"},
    {".yaml", "application/yaml"},
    {".yml", "application/yaml"},
});

bool is_name(View name) {
  return !name.empty() && name.size() <= name_bytes_max && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           View("!#$&-^_.+").find(c) != View::npos;
  });
}

// Lower-case, without parameters; empty if it isn't one.
Bytes essence(View declared) {
  Bytes type = text::lowered(text::trimmed(declared.substr(0, declared.find(';'))));
  const std::size_t slash = type.find('/');
  const bool formed = slash != Bytes::npos && is_name(View(type).substr(0, slash)) &&
                      is_name(View(type).substr(slash + 1));
  return formed ? type : Bytes();
}

bool is_type_of_text(View type) {
  return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml") ||
         std::ranges::find(text_extensions, type, &Extension::media_type) != text_extensions.end();
}

View by_extension(View filename) {
  for (const auto& [extension, type] : text_extensions) {
    if (filename.size() < extension.size()) continue;
    const View end = filename.substr(filename.size() - extension.size());
    if (text::equal_ignoring_case(end, extension)) return type;
  }
  return media_type(Content::text);
}

}  // namespace

Bytes shown_media_type(Content content, View declared, View filename) {
  const Bytes type = essence(declared);
  if (content == Content::text) return is_type_of_text(type) ? type : Bytes(by_extension(filename));
  if (content != Content::unknown) return Bytes(media_type(content));
  return type.empty() ? "application/octet-stream" : type;
}

}  // namespace edgebatch::dialects
