#include "bindings/abi/host_table.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "core/text/bytes.hpp"
#include "handlers/ports/table.hpp"

#define EDGEBATCH_IMPORT(function) \
  extern "C" __attribute__((import_module("host"), import_name(#function)))

// What a host answers lies in memory that it got from `eb_alloc`; it is freed here.
EDGEBATCH_IMPORT(row_get) char* row_get(const char* key, std::uint32_t key_size);
EDGEBATCH_IMPORT(row_put)
void row_put(const char* key, std::uint32_t key_size, const char* value, std::uint32_t value_size);
EDGEBATCH_IMPORT(row_erase) void row_erase(const char* key, std::uint32_t key_size);
EDGEBATCH_IMPORT(row_scan)
char* row_scan(const char* from, std::uint32_t from_size, const char* to, std::uint32_t to_size,
               std::uint32_t limit, std::uint32_t descending);

namespace edgebatch::abi {

namespace {

using HostBytes = std::unique_ptr<char, decltype(&std::free)>;

std::uint32_t size_of(View bytes) { return static_cast<std::uint32_t>(bytes.size()); }

/// Takes a little-endian u32, which WebAssembly's own byte order is, and moves on.
std::uint32_t take_u32(const char*& at) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  at += sizeof value;
  return value;
}

}  // namespace

// Each address goes with its size: `size_of` hides that from the check.
// NOLINTBEGIN(bugprone-suspicious-stringview-data-usage)

std::optional<Bytes> HostTable::get(View key) {
  const HostBytes row(row_get(key.data(), size_of(key)), &std::free);
  if (!row) return std::nullopt;
  const char* at = row.get();
  const std::uint32_t size = take_u32(at);
  return Bytes(at, size);
}

void HostTable::put(View key, View value) {
  row_put(key.data(), size_of(key), value.data(), size_of(value));
}

void HostTable::erase(View key) { row_erase(key.data(), size_of(key)); }

std::vector<ports::Row> HostTable::scan(View from, View to, std::size_t limit_count,
                                        ports::Order order) {
  constexpr std::size_t limit_max = std::numeric_limits<std::int32_t>::max();
  const auto limit = static_cast<std::uint32_t>(std::min(limit_count, limit_max));
  const HostBytes packed(row_scan(from.data(), size_of(from), to.data(), size_of(to), limit,
                                  order == ports::Order::descending ? 1 : 0),
                         &std::free);
  std::vector<ports::Row> rows;
  const char* at = packed.get();
  const std::uint32_t count = take_u32(at);
  rows.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t key_size = take_u32(at);
    const std::uint32_t value_size = take_u32(at);
    rows.emplace_back(Bytes(at, key_size), Bytes(at + key_size, value_size));
    at += key_size + value_size;
  }
  return rows;
}

// NOLINTEND(bugprone-suspicious-stringview-data-usage)

}  // namespace edgebatch::abi
