// An object that comes in pieces: what each of its members is so far.
#pragma once

#include <cstddef>
#include <vector>

#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

/// The bytes that may still be kept. One for all objects of an answer.
class Room {
 public:
  explicit Room(std::size_t bytes_max) : left_(bytes_max) {}

  /// False, and nothing left from then on, if it is more than there is.
  bool take(std::size_t bytes) {
    full_ = full_ || bytes > left_;
    if (!full_) left_ -= bytes;
    return !full_;
  }
  void give_back(std::size_t bytes) { left_ += bytes; }
  bool full() const { return full_; }

 private:
  std::size_t left_;
  bool full_ = false;
};

/// Values are JSON as it came and stay that: strings are joined as literals, so that a surrogate
/// pair whose halves came apart is whole again, and numbers keep their digits.
class Growing {
 public:
  static constexpr std::size_t member_bytes = 64;  // What one takes beside its name and value.
  static constexpr std::size_t members_count_max = 128;

  /// The last value that says something: null, `""` and `0` never replace another.
  void replace(Room& room, View name, View value);

  /// Strings are joined, arrays too; any other value replaces, but for null.
  void join(Room& room, View name, View value);

  bool empty() const { return members_.empty(); }
  /// There were more members than we follow.
  bool overgrown() const { return overgrown_; }
  /// The value so far; empty if there is none.
  View value(View name) const;

  /// Takes the member out, and writes it, or `otherwise`, or nothing if that is empty.
  void write_first(json::Writer& out, View name, View otherwise = {});
  /// What is left, in the order in which it first came.
  void write_rest(json::Writer& out) const;

 private:
  struct Member {
    Bytes name;
    Bytes value;
  };

  Member* find(View name);
  void add(Room& room, View name, View value);
  static void set(Room& room, Member& member, View value);

  std::vector<Member> members_;
  bool overgrown_ = false;
};

}  // namespace edgebatch::dialects
