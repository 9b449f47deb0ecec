#include "handlers/gateway/content_response.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/http/message.hpp"
#include "core/http/range.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::gateway {

namespace {

/// Whether a list of entity tags (`"a", W/"b"`) has this one, or is `*`.
bool names(View list, View quoted_tag) {
  return list == "*" || list.find(quoted_tag) != View::npos;
}

/// The range that is asked for, unless it was meant for other content.
std::optional<View> wanted_range(const std::vector<http::Header>& headers, View quoted_tag) {
  const auto condition = http::find_header(headers, "if-range");
  if (condition && *condition != quoted_tag) return std::nullopt;
  return http::find_header(headers, "range");
}

Bytes content_range(const http::ByteRange& range, std::uint64_t size) {
  return "bytes " + text::decimal(range.offset) + "-" +
         text::decimal(range.offset + range.length - 1) + "/" + text::decimal(size);
}

}  // namespace

http::Response content_response(Content content, const std::vector<http::Header>& headers) {
  const std::uint64_t size = http::total_length(content.sections);
  const Bytes quoted_tag = "\"" + content.entity_tag + "\"";
  http::Response response{.status = 200,
                          .headers = {{"content-type", std::move(content.media_type)},
                                      {"accept-ranges", "bytes"},
                                      {"etag", quoted_tag}},
                          .body = {}};
  if (const auto known = http::find_header(headers, "if-none-match");
      known && names(*known, quoted_tag)) {
    response.status = 304;
    return response;
  }
  const auto range = http::parse_range(wanted_range(headers, quoted_tag), size);
  if (std::holds_alternative<http::Unsatisfiable>(range)) {
    response.status = 416;
    response.headers.emplace_back("content-range", "bytes */" + text::decimal(size));
    return response;
  }
  std::uint64_t length = size;
  if (const auto* part = std::get_if<http::ByteRange>(&range)) {
    response.status = 206;
    response.headers.emplace_back("content-range", content_range(*part, size));
    content.sections = http::slice(content.sections, part->offset, part->length);
    length = part->length;
  }
  response.headers.emplace_back("content-length", text::decimal(length));
  response.body = std::move(content.sections);
  return response;
}

}  // namespace edgebatch::gateway
