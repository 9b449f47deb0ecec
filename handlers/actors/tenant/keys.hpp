// How the tenant's rows are named (`rows.hpp` lists them), and the subjects of its letters.
#pragma once

#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::actors::tenant {

constexpr View due_prefix = "due/";
constexpr View batch_prefix = "batch/";
constexpr View erase_subject = "erase/";      // … and the file's id.
constexpr View abandon_subject = "abandon/";  // … and the batch's id.

inline Bytes file_key(View id) { return Bytes("file/").append(id); }
inline Bytes listed_prefix(View purpose) { return Bytes("listed/").append(purpose).append("/"); }
inline Bytes pins_prefix(View file_id) { return Bytes("pin/").append(file_id).append("/"); }
inline Bytes pin_key(View file_id, View batch_id) { return pins_prefix(file_id).append(batch_id); }
inline Bytes batch_key(View id) { return Bytes(batch_prefix).append(id); }
inline Bytes reserved_key(View batch_id) { return Bytes("reserved/").append(batch_id); }
inline Bytes registered_key(View batch_id) { return Bytes("registered/").append(batch_id); }

/// An entry of the agenda, which is all in its key.
struct Due {
  enum class Kind : char { batch = 'b', file = 'f' };
  Ms at = 0;
  Kind kind = Kind::file;
  View id;

  /// Of `due/<16 hexadecimal digits>/<kind>/<id>`; the id borrows from the key.
  static Due of(View key) {
    Due due;
    for (const char digit : key.substr(due_prefix.size(), 16))
      due.at = due.at * 16 + (digit <= '9' ? digit - '0' : digit - 'a' + 10);
    due.kind = static_cast<Kind>(key[due_prefix.size() + 17]);
    due.id = key.substr(due_prefix.size() + 19);
    return due;
  }
};

inline Bytes due_key(Ms at, Due::Kind kind, View id) {
  return Bytes(due_prefix)
      .append(text::hex(static_cast<std::uint64_t>(at), 16))
      .append({'/', static_cast<char>(kind), '/'})
      .append(id);
}

}  // namespace edgebatch::actors::tenant
