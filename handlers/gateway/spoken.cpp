#include "handlers/gateway/spoken.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "core/dialects/dialect.hpp"
#include "core/dialects/objects.hpp"
#include "core/http/message.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::gateway {

using dialects::Dialect;
using dialects::Voice;

namespace {

struct Front {
  Mount mount;
  View path;
  std::array<View, 2> segments;
  std::size_t count;
};

constexpr auto fronts = std::to_array<Front>({
    {Mount::v1, "/v1", {"v1", ""}, 1},
    {Mount::openai, "/openai/v1", {"openai", "v1"}, 2},
    {Mount::datagrid, "/datagrid/v1", {"datagrid", "v1"}, 2},
    {Mount::impala, "/impala/v1", {"impala", "v1"}, 2},
});

Mount mount_of(const std::vector<Bytes>& segments) {
  for (const Front& front : fronts) {
    bool same = segments.size() >= front.count;
    for (std::size_t i = 0; same && i < front.count; ++i) same = segments[i] == front.segments[i];
    if (same) return front.mount;
  }
  return Mount::root;
}

const Front* front_of(Mount mount) {
  for (const Front& front : fronts)
    if (front.mount == mount) return &front;
  return nullptr;
}

/// What only one vendor's clients send.
Dialect by_headers(const std::vector<http::Header>& headers) {
  const View agent = http::find_header(headers, "user-agent").value_or("");
  const bool is_datagrid = agent.find("Datagrid/") != View::npos ||
                           http::find_header(headers, "datagrid-teamspace").has_value();
  return is_datagrid ? Dialect::datagrid : Dialect::openai;
}

std::optional<Dialect> by_file_id(View id) {
  for (const Dialect dialect : {Dialect::openai, Dialect::datagrid})
    if (id.starts_with(dialects::file_id_prefix(dialect))) return dialect;
  return std::nullopt;
}

Dialect dialect_of(Mount mount, View room, View id, const std::vector<http::Header>& headers) {
  switch (mount) {
    case Mount::openai:
    case Mount::impala: return Dialect::openai;
    case Mount::datagrid: return Dialect::datagrid;
    default: break;
  }
  if (room == "batch-predictions") return Dialect::datagrid;
  if (room == "batches" || room == "models") return Dialect::openai;
  if (room == "files")
    if (const auto owner = by_file_id(id)) return *owner;
  return by_headers(headers);
}

}  // namespace

View path_of(Mount mount) {
  const Front* const front = front_of(mount);
  return front == nullptr ? View() : front->path;
}

std::size_t segments_count(Mount mount) {
  const Front* const front = front_of(mount);
  return front == nullptr ? 0 : front->count;
}

Voice files_voice(Mount mount, Dialect dialect) {
  if (dialect == Dialect::datagrid) return Voice::datagrid_files;
  return mount == Mount::impala ? Voice::impala : Voice::openai;
}

Spoken spoken(const std::vector<Bytes>& segments, const std::vector<http::Header>& headers) {
  Spoken found{.mount = mount_of(segments)};
  const std::size_t below = segments_count(found.mount);
  const View room = segments.size() > below ? View(segments[below]) : View();
  const View id = segments.size() > below + 1 ? View(segments[below + 1]) : View();
  found.dialect = dialect_of(found.mount, room, id, headers);
  const bool in_problem_details = found.dialect == Dialect::datagrid && room != "files";
  found.voice = in_problem_details ? Voice::datagrid : files_voice(found.mount, found.dialect);
  return found;
}

}  // namespace edgebatch::gateway
