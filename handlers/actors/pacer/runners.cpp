#include "handlers/actors/pacer/runners.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "handlers/actors/pacer/turns.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::pacer {

namespace {

using Members = std::span<const Runner>;

constexpr View prefix = "runner/";

enum Level : std::size_t { of_tenants, of_batches, of_runners };

// Sizes stand in front: what begins alike is of the same tenant, or of the same batch.
Bytes key_of(const Runner::Name& name) { return Bytes(prefix).append(wire::encode(name)); }

bool together(const Runner::Name& a, const Runner::Name& b, Level level) {
  return a.tenant == b.tenant && (level == of_tenants || a.batch == b.batch) &&
         (level != of_runners || a.number == b.number);
}

std::vector<Members> split(Members members, Level level) {
  std::vector<Members> parts;
  while (!members.empty()) {
    const auto end = std::ranges::find_if_not(members, [&](const Runner& runner) {
      return together(runner.name, members.front().name, level);
    });
    const auto count = static_cast<std::size_t>(end - members.begin());
    parts.push_back(members.first(count));
    members = members.subspan(count);
  }
  return parts;
}

/// As its runner says that was heard of last.
std::uint32_t wanted_by_batch(Members batch) {
  return std::ranges::max_element(batch, {},
                                  [](const Runner& runner) { return runner.row.heard_at; })
      ->row.batch_wanted;
}

/// `own_batch`: counts as if its runners wanted all that the batch does; may be empty.
std::uint32_t demand_of(Members members, Level level, Members own_batch) {
  std::uint64_t demand = 0;
  if (level == of_tenants) {
    for (const Members batch : split(members, of_batches))
      demand += demand_of(batch, of_batches, own_batch);
  } else if (level == of_batches) {
    const bool all = members.data() == own_batch.data() && !own_batch.empty();
    for (const Runner& runner : members) demand += runner.row.wanted;
    const std::uint32_t bound = wanted_by_batch(members);
    demand = all ? bound : std::min<std::uint64_t>(demand, bound);
  } else {
    demand = members.front().row.wanted;
  }
  constexpr auto most = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(demand, most));
}

/// A group's is known to whichever of its runners took it last.
Turn turn_of(Members members, Level level) {
  Turn latest = members.front().row.turns[level];
  for (const Runner& runner : members) latest = std::max(latest, runner.row.turns[level]);
  return latest;
}

/// The part of `members` that the runner belongs to.
Members part_of(Members members, Level level, const Runner::Name& name) {
  for (const Members part : split(members, level))
    if (together(part.front().name, name, level)) return part;
  return {};
}

std::vector<Claim> claims_of(const std::vector<Members>& parts, Level level, Members own_batch) {
  std::vector<Claim> claims;
  claims.reserve(parts.size());
  for (const Members part : parts)
    claims.push_back({demand_of(part, level, own_batch), turn_of(part, level)});
  return claims;
}

/// What the runner's tenant, batch or itself gets of what `members` have together.
Share share_among(Members members, Level level, std::uint32_t lanes, const Runner::Name& name,
                  Ms now, Members own_batch = {}) {
  const auto parts = split(members, level);
  const auto own = std::ranges::find_if(
      parts, [&](Members part) { return together(part.front().name, name, level); });
  return share_of(static_cast<std::size_t>(own - parts.begin()), lanes,
                  claims_of(parts, level, own_batch), now);
}

}  // namespace

Runners::Runners(ports::Table& table, Ms heard_since) : table_(table) {
  for (const auto& [key, bytes] : table_.scan(
           prefix, ports::behind(prefix), static_cast<std::size_t>(-1), ports::Order::ascending)) {
    auto name = wire::decode<Runner::Name>(View(key).substr(prefix.size()));
    const auto row = wire::decode<Runner::Row>(bytes);
    if (!name || !row || row->heard_at <= heard_since)
      table_.erase(key);
    else
      runners_.push_back({std::move(*name), *row});
  }
}

Runner::Row& Runners::row_of(const Runner::Name& name, Ms now) {
  const Bytes key = key_of(name);
  auto at = std::ranges::lower_bound(runners_, key, {},
                                     [](const Runner& runner) { return key_of(runner.name); });
  if (at == runners_.end() || at->name != name) {
    const Runner::Row row{.turns = turns_of_newcomer(name, now)};
    at = runners_.insert(at, {name, row});
  }
  return at->row;
}

void Runners::store(const Runner::Name& name) {
  const auto found = std::ranges::find(runners_, name, &Runner::name);
  if (found != runners_.end()) ports::store(table_, key_of(name), found->row);
}

void Runners::erase(const Runner::Name& name) {
  std::erase_if(runners_, [&](const Runner& runner) { return runner.name == name; });
  table_.erase(key_of(name));
}

std::uint64_t Runners::held_by_others(const Runner::Name& name) const {
  std::uint64_t held = 0;
  for (const Runner& runner : runners_)
    if (runner.name != name) held += runner.row.held;
  return held;
}

Division Runners::divide(std::uint32_t limit, const Runner::Name& name, Ms now) const {
  const Members tenant = part_of(runners_, of_tenants, name);
  const Members batch = part_of(tenant, of_batches, name);

  const Share tenants = share_among(runners_, of_tenants, limit, name, now);
  const Share batches = share_among(tenant, of_batches, tenants.lanes, name, now);
  const Share runners = share_among(batch, of_runners, batches.lanes, name, now);

  const Share tenants_if = share_among(runners_, of_tenants, limit, name, now, batch);
  const Share batches_if = share_among(tenant, of_batches, tenants_if.lanes, name, now, batch);

  return {.lanes = runners.lanes,
          .batch_lanes = batches_if.lanes,
          .turns = {tenants.turn, batches.turn, runners.turn}};
}

// Its tenant and batch keep their places if they are there already.
std::array<Turn, 3> Runners::turns_of_newcomer(const Runner::Name& name, Ms now) const {
  std::array<Turn, 3> turns = {};
  Members around = runners_;
  for (const Level level : {of_tenants, of_batches, of_runners}) {
    const Members part = part_of(around, level, name);
    turns[level] = part.empty() ? turn_of_newcomer(claims_of(split(around, level), level, {}), now)
                                : turn_of(part, level);
    around = part;
  }
  return turns;
}

}  // namespace edgebatch::actors::pacer
