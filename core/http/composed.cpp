#include "core/http/composed.hpp"

#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::http {

std::uint64_t base64_bytes(std::uint64_t plain_bytes) { return (plain_bytes + 2) / 3 * 4; }

std::uint64_t json_text_bytes(View text) {
  std::uint64_t bytes = 0;
  for (const char character : text) {
    switch (character) {
      case '"':
      case '\\':
      case '\b':
      case '\f':
      case '\n':
      case '\r':
      case '\t': bytes += 2; break;
      default: bytes += static_cast<unsigned char>(character) < 0x20 ? 6 : 1;
    }
  }
  return bytes;
}

}  // namespace edgebatch::http
