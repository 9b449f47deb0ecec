#include "core/http/range.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <variant>
#include <vector>

#include "core/http/message.hpp"
#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::http {
namespace {

using Parsed = std::variant<WholeBody, ByteRange, Unsatisfiable>;

constexpr View unit = "bytes=";

std::optional<std::uint64_t> position(View text) {
  return text::parse_decimal_up_to(text, std::numeric_limits<std::uint64_t>::max());
}

Parsed last_bytes(std::uint64_t count, std::uint64_t size) {
  if (count == 0) return Unsatisfiable{};
  if (size == 0) return WholeBody{};  // All of nothing: no Content-Range can say that.
  const std::uint64_t length = std::min(count, size);
  return ByteRange{size - length, length};
}

}  // namespace

Parsed parse_range(std::optional<View> header, std::uint64_t size) {
  if (!header || !text::equal_ignoring_case(header->substr(0, unit.size()), unit))
    return WholeBody{};
  const View range = text::trimmed(header->substr(unit.size()));
  const auto dash = range.find('-');
  if (dash == View::npos) return WholeBody{};

  const View first_text = range.substr(0, dash);
  const View last_text = range.substr(dash + 1);
  const auto first = position(first_text);
  const auto last = position(last_text);
  if (!last && !last_text.empty()) return WholeBody{};
  if (!first) return first_text.empty() && last ? last_bytes(*last, size) : Parsed(WholeBody{});
  if (last && *last < *first) return WholeBody{};
  if (*first >= size) return Unsatisfiable{};
  const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;  // The last byte itself.
  return ByteRange{*first, end - *first + 1};
}

std::uint64_t total_length(const std::vector<Section>& sections) {
  std::uint64_t total = 0;
  for (const Section& section : sections) total += section.length;
  return total;
}

std::vector<Section> slice(const std::vector<Section>& sections, std::uint64_t offset,
                           std::uint64_t length) {
  std::vector<Section> out;
  for (const Section& section : sections) {
    if (length == 0) break;
    const std::uint64_t skipped = std::min(offset, section.length);
    const std::uint64_t taken = std::min(length, section.length - skipped);
    if (taken > 0) out.push_back({section.key, section.offset + skipped, taken});
    offset -= skipped;
    length -= taken;
  }
  return out;
}

}  // namespace edgebatch::http
