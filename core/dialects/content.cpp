#include "core/dialects/content.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/http/composed.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::dialects {

namespace {

struct Signature {
  View front;
  View behind;         // What stands further on, too …
  std::size_t at = 0;  // … and where.
  Content content = Content::unknown;

  constexpr bool matches(View bytes) const {
    return bytes.starts_with(front) &&
           (behind.empty() || bytes.substr(0, at + behind.size()).ends_with(behind));
  }
};

constexpr auto signatures = std::to_array<Signature>({
    {.front = "\x89PNG\r\n\x1A\n", .behind = {}, .content = Content::png},
    {.front = "\xFF\xD8\xFF", .behind = {}, .content = Content::jpeg},
    {.front = "GIF87a", .behind = {}, .content = Content::gif},
    {.front = "GIF89a", .behind = {}, .content = Content::gif},
    {.front = "RIFF", .behind = "WEBP", .at = 8, .content = Content::webp},
    {.front = "%PDF-", .behind = {}, .content = Content::pdf},
    {.front = "\xEF\xBB\xBF%PDF-", .behind = {}, .content = Content::pdf},
});

constexpr std::size_t front_bytes_max = 12;
static_assert(std::ranges::all_of(signatures, [](const Signature& signature) {
  return signature.front.size() <= front_bytes_max &&
         signature.at + signature.behind.size() <= front_bytes_max;
}));

bool is_plain(char byte) {
  const auto code = static_cast<unsigned char>(byte);
  return (code >= 0x20 && code != 0x7F) || byte == '\t' || byte == '\n' || byte == '\f' ||
         byte == '\r';
}

}  // namespace

View media_type(Content content) {
  switch (content) {
    case Content::png: return "image/png";
    case Content::jpeg: return "image/jpeg";
    case Content::webp: return "image/webp";
    case Content::gif: return "image/gif";
    case Content::pdf: return "application/pdf";
    case Content::text: return "text/plain";
    case Content::unknown: break;
  }
  return "";
}

void ContentReader::feed(View piece) {
  front_.append(piece.substr(0, front_bytes_max - front_.size()));
  plain_ = plain_ && utf8_.feed(piece) && std::ranges::all_of(piece, is_plain);
  if (plain_) json_text_bytes_ += http::json_text_bytes(piece);
}

Content ContentReader::content() const {
  for (const Signature& signature : signatures)
    if (signature.matches(front_)) return signature.content;
  const bool is_text = plain_ && utf8_.complete() && !front_.empty();
  return is_text ? Content::text : Content::unknown;
}

std::uint64_t ContentReader::json_text_bytes() const {
  return content() == Content::text ? json_text_bytes_ : 0;
}

}  // namespace edgebatch::dialects
