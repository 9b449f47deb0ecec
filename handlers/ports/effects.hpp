// The effects, by port. Raw bytes (bodies, objects, replies) are the rest of their frame, so that a
// host can hand them on without taking them apart.
#pragma once

#include <optional>
#include <tuple>
#include <variant>
#include <vector>

#include "core/http/composed.hpp"
#include "core/http/message.hpp"
#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "handlers/ports/effect.hpp"

namespace edgebatch::ports {

struct Nothing {
  static constexpr auto fields = std::tuple();
};

namespace detail {

inline Got<Bytes> raw(View bytes) { return Bytes(bytes); }

template <class T>
Got<T> decoded(View bytes) {
  auto value = wire::decode<T>(bytes);
  if (!value) return Fault::lost;  // A host that speaks another version: as good as no answer.
  return std::move(*value);
}

}  // namespace detail

// ---- body

/// The next piece of the request's body, of whatever size the platform has. `absent`: the body has
/// ended; `lost`: the client broke off.
struct ReadBody {
  static constexpr Port port = Port::body;
  using Result = Bytes;
  Bytes encode() const { return {}; }
  static Got<Bytes> decode(View bytes) { return detail::raw(bytes); }
};

// ---- object store

/// Stores an object, create-if-absent: an object once stored never changes.
struct PutObject {
  struct Stored {
    bool existed = false;    // It was there before, and is as it was:
    std::uint64_t size = 0;  // its size in bytes …
    Bytes checksum;          // … and the checksum it was stored with.
    static constexpr auto fields = std::tuple(&Stored::existed, &Stored::size, &Stored::checksum);
  };

  static constexpr Port port = Port::object_put;
  using Result = Stored;

  Bytes key;
  Bytes checksum;  // Kept beside the object, to tell equal content from other content.
  Bytes content;

  /// Two strings, key and checksum; the content is the rest.
  Bytes encode() const {
    wire::Writer out;
    out.value(key);
    out.value(checksum);
    out.raw(content);
    return out.take();
  }
  static Got<Stored> decode(View bytes) { return detail::decoded<Stored>(bytes); }
};

/// Bytes [offset, offset + length) of an object, fewer if it ends before.
struct GetObject {
  static constexpr Port port = Port::object_get;
  using Result = Bytes;

  Bytes key;
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> length;  // Nothing: to the end.

  static constexpr auto fields =
      std::tuple(&GetObject::key, &GetObject::offset, &GetObject::length);
  Bytes encode() const { return wire::encode(*this); }
  static Got<Bytes> decode(View bytes) { return detail::raw(bytes); }
};

/// Erases objects whose keys begin with `prefix`, as many as the platform does at once.
struct EraseObjects {
  struct Erased {
    bool more = false;  // Some are left: ask again.
    static constexpr auto fields = std::tuple(&Erased::more);
  };

  static constexpr Port port = Port::object_erase;
  using Result = Erased;

  Bytes prefix;

  static constexpr auto fields = std::tuple(&EraseObjects::prefix);
  Bytes encode() const { return wire::encode(*this); }
  static Got<Erased> decode(View bytes) { return detail::decoded<Erased>(bytes); }
};

// ---- keys

/// A value of the key store. It may be a minute old.
struct GetKey {
  static constexpr Port port = Port::key;
  using Result = Bytes;

  Bytes key;

  static constexpr auto fields = std::tuple(&GetKey::key);
  Bytes encode() const { return wire::encode(*this); }
  static Got<Bytes> decode(View bytes) { return detail::raw(bytes); }
};

// ---- upstream

/// An HTTP request to a model provider. Redirects aren't followed. `lost`: no whole answer; `late`:
/// none in time; `too_large`: more bytes than wanted.
struct AskUpstream {
  struct Answered {
    std::uint32_t status = 0;
    std::vector<std::optional<Bytes>> headers;  // Those that were wanted, in that order.
    Bytes body;
    static constexpr auto fields =
        std::tuple(&Answered::status, &Answered::headers, &Answered::body);
  };

  static constexpr Port port = Port::upstream;
  using Result = Answered;

  Bytes method;
  Bytes url;
  std::vector<http::Header> headers;
  std::vector<Bytes> wanted_headers;
  std::uint64_t answer_bytes_max = 0;
  std::uint64_t timeout_ms = 0;  // From the first byte sent to the last received.
  http::Composed body;

  static constexpr auto fields = std::tuple(
      &AskUpstream::method, &AskUpstream::url, &AskUpstream::headers, &AskUpstream::wanted_headers,
      &AskUpstream::answer_bytes_max, &AskUpstream::timeout_ms, &AskUpstream::body);
  Bytes encode() const { return wire::encode(*this); }
  static Got<Answered> decode(View bytes) { return detail::decoded<Answered>(bytes); }
};

// ---- response

/// A response whose body comes piece by piece, as long as its operation lives: once it is begun,
/// what the operation ends with is not looked at. A piece is answered when the client has taken
/// it; `lost`: the client is gone.
struct Respond {
  struct Begin {
    std::uint32_t status = 200;
    std::vector<http::Header> headers;
    static constexpr auto fields = std::tuple(&Begin::status, &Begin::headers);
  };
  /// The client has to see that this is not the body's end.
  struct BreakOff {
    static constexpr auto fields = std::tuple();
  };

  static constexpr Port port = Port::response;
  using Result = Nothing;

  std::variant<Begin, Bytes, std::vector<http::Section>, BreakOff> what;

  static constexpr auto fields = std::tuple(&Respond::what);
  Bytes encode() const { return wire::encode(*this); }
  static Got<Nothing> decode(View) { return Nothing{}; }
};

// ---- timer

struct Sleep {
  static constexpr Port port = Port::timer;
  using Result = Nothing;

  Ms duration = 0;

  Bytes encode() const {
    return wire::encode(static_cast<std::uint64_t>(duration > 0 ? duration : 0));
  }
  static Got<Nothing> decode(View) { return Nothing{}; }
};

}  // namespace edgebatch::ports
