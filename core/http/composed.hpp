// Bodies of requests that are partly stored: what is at hand, and stretches of stored objects that
// stand inside of a JSON string. A host pipes those through, so that no instance ever holds a file.
#pragma once

#include <cstdint>
#include <tuple>
#include <variant>
#include <vector>

#include "core/http/message.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::http {

/// How stored bytes are written into the string.
enum class Encoding : std::uint8_t {
  base64,     // RFC 4648 §4, padded.
  json_text,  // Valid UTF-8, escaped as `json_text_bytes` counts it.
};

struct Embedded {
  Encoding encoding = Encoding::base64;
  std::vector<Section> sections;  // One behind another.
  std::uint64_t length = 0;       // Of what they are written as, in bytes.

  bool operator==(const Embedded&) const = default;
  static constexpr auto fields =
      std::tuple(&Embedded::encoding, &Embedded::sections, &Embedded::length);
};

using Piece = std::variant<Bytes, Embedded>;
using Composed = std::vector<Piece>;

std::uint64_t base64_bytes(std::uint64_t plain_bytes);

/// What `text` comes to inside of a JSON string: `"`, `\\` and the five short escapes take two
/// bytes, other control characters six, everything else stays.
std::uint64_t json_text_bytes(View text);

}  // namespace edgebatch::http
