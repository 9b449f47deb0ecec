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

constexpr std::uint64_t body_piece_bytes_max = 256 * 1024;

/// What the host keeps of the body that it has read, so that it can be stored.
struct KeptBody {
  std::uint64_t from = 0;       // An offset in the body: what lies before is forgotten.
  std::uint64_t bytes_max = 0;  // It will never be more, the next piece included.
  static constexpr auto fields = std::tuple(&KeptBody::from, &KeptBody::bytes_max);
};

/// The next piece of the request's body, of whatever size the platform has. `absent`: the body has
/// ended; `lost`: the client broke off.
struct ReadBody {
  static constexpr Port port = Port::body;
  using Result = Bytes;

  std::uint64_t bytes_max = body_piece_bytes_max;
  std::optional<KeptBody> keep{};  // Nothing: it forgets all of it.

  static constexpr auto fields = std::tuple(&ReadBody::bytes_max, &ReadBody::keep);
  Bytes encode() const { return wire::encode(*this); }
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

/// Stores bytes [from, to) of the request's body, which the host has kept, as `PutObject` stores
/// its content: they never come back out of the core. They are added to the operation's digest, in
/// the order in which they are asked for.
struct StoreBody {
  static constexpr Port port = Port::body_store;
  using Result = PutObject::Stored;

  Bytes key;
  std::uint64_t from = 0;
  std::uint64_t to = 0;

  static constexpr auto fields = std::tuple(&StoreBody::key, &StoreBody::from, &StoreBody::to);
  Bytes encode() const { return wire::encode(*this); }
  static Got<PutObject::Stored> decode(View bytes) {
    return detail::decoded<PutObject::Stored>(bytes);
  }
};

/// SHA-256 (32 bytes) of all that was stored with `StoreBody`. To be asked once, at the end.
struct DigestBody {
  static constexpr Port port = Port::body_digest;
  using Result = Bytes;

  Bytes encode() const { return {}; }
  static Got<Bytes> decode(View bytes) { return detail::raw(bytes); }
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

  // The limit first: what follows is written as `OpenUpstream` is.
  static constexpr auto fields =
      std::tuple(&AskUpstream::answer_bytes_max, &AskUpstream::method, &AskUpstream::url,
                 &AskUpstream::headers, &AskUpstream::wanted_headers, &AskUpstream::timeout_ms,
                 &AskUpstream::body);
  Bytes encode() const { return wire::encode(*this); }
  static Got<Answered> decode(View bytes) { return detail::decoded<Answered>(bytes); }
};

/// The same, answered as soon as the response's headers are there: its body is then read with
/// `ReadAnswer`, and is abandoned with `CloseAnswer`, when its time is over or when the operation
/// ends. `lost`: no headers; `late`: none in time.
struct OpenUpstream {
  struct Opened {
    std::uint32_t status = 0;
    std::vector<std::optional<Bytes>> headers;  // Those that were wanted, in that order.
    std::uint32_t handle = 0;                   // Of this operation's open answers.
    static constexpr auto fields = std::tuple(&Opened::status, &Opened::headers, &Opened::handle);
  };

  static constexpr Port port = Port::upstream_open;
  using Result = Opened;

  Bytes method;
  Bytes url;
  std::vector<http::Header> headers;
  std::vector<Bytes> wanted_headers;
  std::uint64_t timeout_ms = 0;  // From the first byte sent to the last received.
  http::Composed body;

  static constexpr auto fields =
      std::tuple(&OpenUpstream::method, &OpenUpstream::url, &OpenUpstream::headers,
                 &OpenUpstream::wanted_headers, &OpenUpstream::timeout_ms, &OpenUpstream::body);
  Bytes encode() const { return wire::encode(*this); }
  static Got<Opened> decode(View bytes) { return detail::decoded<Opened>(bytes); }
};

/// The next bytes of an open answer, as soon as there are `bytes_min`, or any after `within_ms`, or
/// no more will come: a provider writes token by token, and none of them is worth a call of its
/// own. `absent`: the body has ended; `lost`: it broke off; `late`: its time is over. Those come
/// behind all bytes, and close it. Not to be asked while it is under way.
struct ReadAnswer {
  static constexpr Port port = Port::answer;
  using Result = Bytes;

  std::uint32_t handle = 0;
  std::uint64_t bytes_min = 1;
  std::uint64_t within_ms = 0;

  static constexpr auto fields =
      std::tuple(&ReadAnswer::handle, &ReadAnswer::bytes_min, &ReadAnswer::within_ms);
  Bytes encode() const { return wire::encode(*this); }
  static Got<Bytes> decode(View bytes) { return detail::raw(bytes); }
};

/// Abandons what is left of an open answer.
struct CloseAnswer {
  static constexpr Port port = Port::answer_close;
  using Result = Nothing;

  std::uint32_t handle = 0;

  static constexpr auto fields = std::tuple(&CloseAnswer::handle);
  Bytes encode() const { return wire::encode(*this); }
  static Got<Nothing> decode(View) { return Nothing{}; }
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

// ---- room

/// A place among at most `count_max` operations that share a host's memory, each of which enters
/// once. It is left when the operation ends, however it ends; and one that the host has lost
/// without its end is taken for left once nothing was heard of it for `silence_ms_max`.
struct Enter {
  static constexpr Port port = Port::room;
  using Result = bool;  // False: all places are taken.

  Bytes room;
  std::uint32_t count_max = 0;
  std::uint64_t silence_ms_max = 0;

  static constexpr auto fields =
      std::tuple(&Enter::room, &Enter::count_max, &Enter::silence_ms_max);
  Bytes encode() const { return wire::encode(*this); }
  static Got<bool> decode(View bytes) { return detail::decoded<bool>(bytes); }
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
