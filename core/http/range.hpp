// Range requests (RFC 9110 §14): one range of bytes; anything else is answered whole.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "core/http/message.hpp"

namespace edgebatch::http {

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};
struct WholeBody {};
struct Unsatisfiable {};

/// `bytes=5-9`, `bytes=5-`, `bytes=-5` against a body of `size` bytes. Syntax errors, other units
/// and several ranges are ignored, as the RFC allows.
std::variant<WholeBody, ByteRange, Unsatisfiable> parse_range(std::optional<View> header,
                                                              std::uint64_t size);

std::uint64_t total_length(const std::vector<Section>& sections);

/// The sections that hold bytes [offset, offset + length) of the stream that `sections` make up.
/// What lies beyond the end is left out.
std::vector<Section> slice(const std::vector<Section>& sections, std::uint64_t offset,
                           std::uint64_t length);

}  // namespace edgebatch::http
