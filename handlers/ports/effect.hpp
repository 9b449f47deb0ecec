// Effects: what an operation can ask its host for. An effect is a struct that knows its port, how
// it is written into a frame and how its result is read out of one; nothing lists them all, so a
// new effect is a new struct and nothing else.
#pragma once

#include <concepts>
#include <cstdint>
#include <variant>

#include "core/text/bytes.hpp"

namespace edgebatch::ports {

/// The host's whole vocabulary: one value, one host file.
enum class Port : std::uint8_t {
  done = 0,  // The operation has ended; its response, if it has one, is the payload.
  body = 1,
  object_put = 2,
  object_get = 3,
  object_erase = 4,
  actor = 5,
  key = 6,
  upstream = 7,
  timer = 8,
  response = 9,
  upstream_open = 10,
  answer = 11,
  answer_close = 12,
  body_store = 13,
  body_digest = 14,
  room = 15,
};

/// Why an effect has no result.
enum class Fault : std::uint8_t {
  none = 0,
  lost = 1,       // No answer: it may have happened or not.
  absent = 2,     // There is no such thing; of a body: its end.
  late = 3,       // It took longer than it was given.
  too_large = 4,  // There was more than was asked for.
};

template <class T>
using Got = std::variant<T, Fault>;

template <class T>
bool failed(const Got<T>& got) {
  return std::holds_alternative<Fault>(got);
}
template <class T>
bool failed(const Got<T>& got, Fault fault) {
  return failed(got) && std::get<Fault>(got) == fault;
}

/// A result frame is a byte for the fault and, if that is `none`, the result in the effect's own
/// encoding.
template <class E>
concept Effect = requires(const E effect, View bytes) {
  typename E::Result;
  { E::port } -> std::convertible_to<Port>;
  { effect.encode() } -> std::same_as<Bytes>;
  { E::decode(bytes) } -> std::same_as<Got<typename E::Result>>;
};

}  // namespace edgebatch::ports
