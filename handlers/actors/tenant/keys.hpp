// How the tenant's rows are named (`rows.hpp` lists them), and the subjects of its letters.
#pragma once

#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::actors::tenant {

constexpr View due_prefix = "due/";
constexpr View pins_prefix = "pins/";
constexpr View waiting_prefix = "waiting/";
constexpr View erase_subject = "erase/";          // … and the file's id.
constexpr View abandon_subject = "abandon/";      // … and the batch's id.
constexpr View poke_subject = "poke/";            // … and the batch's id.
constexpr View inline_subject = "erase_inline/";  // … and the name of the items.

inline Bytes file_key(View id) { return Bytes("file/").append(id); }
inline Bytes listed_prefix(View purpose) { return Bytes("listed/").append(purpose).append("/"); }
inline Bytes pins_key(View batch_id) { return Bytes(pins_prefix).append(batch_id); }
inline Bytes waiting_key(View file_id) { return Bytes(waiting_prefix).append(file_id); }
inline Bytes batch_key(View id) { return Bytes("batch/").append(id); }
inline Bytes status_prefix(View status) { return Bytes("status/").append(status).append("/"); }
inline Bytes inline_key(View name) { return Bytes("inline/").append(name); }
inline Bytes memory_row_key(View memory) { return Bytes("memory/").append(memory); }
inline Bytes memory_of_key(View key) { return Bytes("key/").append(key); }
inline Bytes memory_of_body(View fingerprint) { return Bytes("body/").append(fingerprint); }
inline Bytes reserved_key(View batch_id) { return Bytes("reserved/").append(batch_id); }
inline Bytes registered_key(View batch_id) { return Bytes("registered/").append(batch_id); }

/// An entry of the agenda, which is all in its key.
struct Due {
  enum class Kind : char {
    batch = 'b',
    file = 'f',
    inline_items = 'i',
    memory = 'm',
    running = 'r'
  };
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
