// Values ↔ bytes, for rows, commands and effects. A struct lists its members once:
//
//   struct Renew { std::uint32_t attempt = 0; static constexpr auto fields =
//   std::tuple(&Renew::attempt); };
//
// and `encode` and `decode` follow. Unsigned integers, enums and sizes are LEB128 varints; signed
// integers are zigzag varints; strings and vectors carry their size in front; an optional is a bool
// and perhaps a value; a variant is the index of its alternative and that alternative.
//
// Decoding never trusts its input: what doesn't fit gives std::nullopt. Members are added at the
// end of the outermost struct only: a reader takes what is absent there as its default, so that
// rows written by an older version stay readable.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::wire {

template <class T>
concept Struct = requires { T::fields; };

// ---- Writing

class Writer {
 public:
  Bytes take() { return std::move(out_); }

  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      out_.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<char>(value));
  }
  void raw(View bytes) { out_.append(bytes); }

  template <class T>
  void value(const T& v);

 private:
  Bytes out_;
};

// ---- Reading

class Reader {
 public:
  explicit Reader(View in) : in_(in) {}

  bool ok() const { return ok_; }
  bool empty() const { return in_.empty(); }
  std::size_t left() const { return in_.size(); }
  void fail() { ok_ = false; }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (in_.empty()) break;
      const auto byte = static_cast<std::uint8_t>(in_.front());
      in_.remove_prefix(1);
      if (shift == 63 && byte > 1) break;  // More than 64 bits.
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    fail();
    return 0;
  }
  View raw(std::uint64_t size) {
    if (size > in_.size()) {
      fail();
      return {};
    }
    const View taken = in_.substr(0, static_cast<std::size_t>(size));
    in_.remove_prefix(taken.size());
    return taken;
  }

  template <class T>
  void value(T& v);

 private:
  template <class... T>
  void nested(T&... v) {
    ++depth_;
    (value(v), ...);
    --depth_;
  }

  View in_;
  bool ok_ = true;
  unsigned depth_ = 0;  // Of structs and collections around the value that is read.
};

namespace detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_array = false;
template <class T, std::size_t N>
inline constexpr bool is_array<std::array<T, N>> = true;
template <class T>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;
template <class T>
inline constexpr bool is_pair = false;
template <class A, class B>
inline constexpr bool is_pair<std::pair<A, B>> = true;
template <class>
inline constexpr bool unsupported = false;

// Whether every value of the type is at least one byte.
template <class T>
constexpr bool takes_bytes();

template <class Member, class Owner>
constexpr bool member_takes_bytes(Member Owner::*) {
  return takes_bytes<Member>();
}

template <class T>
constexpr bool takes_bytes() {
  if constexpr (Struct<T>) {
    return std::apply([](auto... member) { return (member_takes_bytes(member) || ...); },
                      T::fields);
  } else if constexpr (is_pair<T>) {
    return takes_bytes<typename T::first_type>() || takes_bytes<typename T::second_type>();
  } else if constexpr (is_array<T>) {
    return std::tuple_size_v<T> > 0 && takes_bytes<typename T::value_type>();
  } else {
    return !std::is_same_v<T, std::monostate>;
  }
}

constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

// Alternatives are tried by index, so that only the one that was written is ever built.
template <class Variant, std::size_t I = 0>
void read_alternative(Reader& in, Variant& v, std::uint64_t index) {
  if constexpr (I == std::variant_size_v<Variant>) {
    in.fail();
  } else if (index == I) {
    in.value(v.template emplace<I>());
  } else {
    read_alternative<Variant, I + 1>(in, v, index);
  }
}

}  // namespace detail

template <class T>
void Writer::value(const T& v) {
  if constexpr (std::is_same_v<T, bool>) {
    varint(v ? 1 : 0);
  } else if constexpr (std::is_enum_v<T>) {
    varint(static_cast<std::uint64_t>(v));
  } else if constexpr (std::unsigned_integral<T>) {
    varint(v);
  } else if constexpr (std::signed_integral<T>) {
    varint(detail::zigzag(v));
  } else if constexpr (std::is_same_v<T, Bytes> || std::is_same_v<T, View>) {
    varint(v.size());
    raw(v);
  } else if constexpr (std::is_same_v<T, std::monostate>) {
  } else if constexpr (Struct<T>) {
    std::apply([&](auto... member) { (value(v.*member), ...); }, T::fields);
  } else if constexpr (detail::is_optional<T>) {
    value(v.has_value());
    if (v) value(*v);
  } else if constexpr (detail::is_vector<T>) {
    varint(v.size());
    for (const auto& element : v) value(element);
  } else if constexpr (detail::is_array<T>) {
    for (const auto& element : v) value(element);
  } else if constexpr (detail::is_pair<T>) {
    value(v.first);
    value(v.second);
  } else if constexpr (detail::is_variant<T>) {
    varint(v.index());
    std::visit([&](const auto& alternative) { value(alternative); }, v);
  } else {
    static_assert(detail::unsupported<T>, "this type has no wire form: give it `fields`");
  }
}

template <class T>
void Reader::value(T& v) {
  if (!ok_) return;
  if constexpr (std::is_same_v<T, bool>) {
    const std::uint64_t wide = varint();
    v = wide != 0;
    if (wide > 1) fail();
  } else if constexpr (std::is_enum_v<T>) {
    // Which enumerators there are, only the type's owner knows.
    const std::uint64_t wide = varint();
    v = static_cast<T>(wide);
    if (static_cast<std::uint64_t>(v) != wide) fail();
  } else if constexpr (std::unsigned_integral<T>) {
    const std::uint64_t wide = varint();
    v = static_cast<T>(wide);
    if (v != wide) fail();
  } else if constexpr (std::signed_integral<T>) {
    const std::int64_t wide = detail::unzigzag(varint());
    v = static_cast<T>(wide);
    if (v != wide) fail();
  } else if constexpr (std::is_same_v<T, Bytes>) {
    v.assign(raw(varint()));
  } else if constexpr (std::is_same_v<T, std::monostate>) {
  } else if constexpr (Struct<T>) {
    // An older writer knew fewer members: what is absent at the end keeps its default.
    const bool may_end = depth_ == 0;
    const auto read = [&](auto& member) {
      if (!may_end || !empty()) nested(member);
    };
    std::apply([&](auto... member) { (read(v.*member), ...); }, T::fields);
  } else if constexpr (detail::is_optional<T>) {
    bool present = false;
    value(present);
    if (present) value(v.emplace());
  } else if constexpr (detail::is_vector<T>) {
    static_assert(detail::takes_bytes<typename T::value_type>(),
                  "elements without bytes would let a few bytes claim any number of them");
    const std::uint64_t count = varint();
    v.clear();
    // Every element takes at least one byte, so a lying count ends here and not in the allocator.
    for (std::uint64_t i = 0; ok_ && i < count; ++i) {
      if (empty()) return fail();
      nested(v.emplace_back());
    }
  } else if constexpr (detail::is_array<T>) {
    for (auto& element : v) nested(element);
  } else if constexpr (detail::is_pair<T>) {
    nested(v.first, v.second);
  } else if constexpr (detail::is_variant<T>) {
    detail::read_alternative(*this, v, varint());
  } else {
    static_assert(detail::unsupported<T>, "this type has no wire form: give it `fields`");
  }
}

template <class T>
Bytes encode(const T& value) {
  Writer out;
  out.value(value);
  return out.take();
}

template <class T>
std::optional<T> decode(View bytes) {
  Reader in(bytes);
  T value{};
  in.value(value);
  if (!in.ok() || !in.empty()) return std::nullopt;
  return value;
}

}  // namespace edgebatch::wire
