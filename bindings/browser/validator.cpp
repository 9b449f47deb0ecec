// The functions that the browser's worker calls: one validation an instance, piece by piece. All
// that comes in goes through one buffer; integers are little-endian.
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "core/dialects/openai/endpoints.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/dialects/openai/verdict_json.hpp"
#include "core/problem/parameter.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

#define EDGEBATCH_EXPORT(function) extern "C" __attribute__((export_name(#function), used))

using namespace edgebatch;
namespace openai = edgebatch::dialects::openai;

namespace {

constexpr std::uint32_t buffer_bytes = 256 * 1024;

/// The instance's state: WebAssembly's instances are the only globals here.
struct Instance {
  std::array<char, buffer_bytes> buffer;
  std::optional<openai::Inspector> inspector;
  Bytes shown;  // What the host reads.
};

Instance& instance() {
  static Instance the_instance;
  return the_instance;
}

void show(Bytes bytes) { instance().shown = std::move(bytes); }

}  // namespace

/// Where the host puts what it hands in: so many bytes, for the whole life of the instance.
EDGEBATCH_EXPORT(eb_buffer) char* eb_buffer() { return instance().buffer.data(); }
EDGEBATCH_EXPORT(eb_buffer_bytes) std::uint32_t eb_buffer_bytes() { return buffer_bytes; }

/// What the function before has shown: valid until the next call of another one.
EDGEBATCH_EXPORT(eb_shown) const char* eb_shown() { return instance().shown.data(); }
EDGEBATCH_EXPORT(eb_shown_bytes) std::uint32_t eb_shown_bytes() {
  return static_cast<std::uint32_t>(instance().shown.size());
}

/// Once, before anything else. In the buffer: 16 random bytes, then the endpoint of the batch,
/// empty if any will do; `size` bytes in all. False if there is no such endpoint: a sentence is
/// shown.
EDGEBATCH_EXPORT(eb_begin) bool eb_begin(std::uint32_t size) {
  text::SipKey secret{};
  const View given(instance().buffer.data(), size);
  std::memcpy(secret.data(), given.data(), sizeof secret);
  Bytes endpoint(given.substr(sizeof secret));
  if (!endpoint.empty()) {
    // As creates have it: the first slash may be missing.
    Bytes url = endpoint.starts_with('/') ? endpoint : "/" + endpoint;
    if (!openai::is_endpoint(url)) {
      const auto urls = openai::endpoints();
      show(problem::unsupported_value("endpoint", endpoint, {urls.begin(), urls.end()}).detail);
      return false;
    }
    endpoint = std::move(url);
  }
  instance().inspector.emplace(secret,
                               openai::Expected{.endpoint = std::move(endpoint), .serves = {}});
  return true;
}

/// The input's next `size` bytes, in the buffer.
EDGEBATCH_EXPORT(eb_feed) void eb_feed(std::uint32_t size) {
  instance().inspector->feed({instance().buffer.data(), size});
}

/// Of what was fed so far.
EDGEBATCH_EXPORT(eb_lines) double eb_lines() {
  return static_cast<double>(instance().inspector->so_far().lines);
}
EDGEBATCH_EXPORT(eb_errors) double eb_errors() {
  return static_cast<double>(instance().inspector->so_far().errors_count);
}

/// The input's end: the verdict is shown, as JSON.
EDGEBATCH_EXPORT(eb_finish) void eb_finish() {
  show(openai::verdict_json(instance().inspector->finish().verdict));
}
