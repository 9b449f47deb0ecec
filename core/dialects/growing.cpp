#include "core/dialects/growing.hpp"

#include <algorithm>

#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

namespace {

bool is_string(View value) { return value.starts_with('"'); }
bool is_array(View value) { return value.starts_with('['); }

// Of an array: what stands between its brackets, nothing if that is whitespace.
View inside(View array) {
  const View all = array.substr(1, array.size() - 2);
  return all.find_first_not_of(" \t\n\r") == View::npos ? View() : all;
}

// A value in the form that can be joined to.
Bytes kept(View value) {
  return is_array(value) && inside(value).empty() ? Bytes("[]") : Bytes(value);
}

}  // namespace

Growing::Member* Growing::find(View name) {
  const auto found = std::ranges::find(members_, name, &Member::name);
  return found == members_.end() ? nullptr : &*found;
}

void Growing::add(Room& room, View name, View value) {
  overgrown_ = overgrown_ || members_.size() == members_count_max;
  if (overgrown_ || !room.take(member_bytes + name.size() + value.size())) return;
  members_.push_back({.name = Bytes(name), .value = kept(value)});
}

void Growing::set(Room& room, Member& member, View value) {
  room.give_back(member.value.size());
  if (room.take(value.size())) member.value = kept(value);
}

void Growing::replace(Room& room, View name, View value) {
  Member* const member = find(name);
  if (member == nullptr) return add(room, name, value);
  if (value != "null" && value != "\"\"" && value != "0") set(room, *member, value);
}

void Growing::join(Room& room, View name, View value) {
  Member* const member = find(name);
  if (member == nullptr) return add(room, name, value);
  Bytes& so_far = member->value;
  if (is_string(so_far) && is_string(value)) {
    if (!room.take(value.size() - 2)) return;
    so_far.pop_back();
    so_far.append(value.substr(1));
  } else if (is_array(so_far) && is_array(value)) {
    const View more = inside(value);
    if (more.empty() || !room.take(more.size() + 1)) return;
    so_far.pop_back();
    if (so_far != "[") so_far.push_back(',');
    so_far.append(more).push_back(']');
  } else if (value != "null") {
    set(room, *member, value);
  }
}

View Growing::value(View name) const {
  const auto found = std::ranges::find(members_, name, &Member::name);
  return found == members_.end() ? View() : View(found->value);
}

void Growing::write_first(json::Writer& out, View name, View otherwise) {
  const auto found = std::ranges::find(members_, name, &Member::name);
  if (found != members_.end()) {
    out.key(name).raw(found->value);
    members_.erase(found);
  } else if (!otherwise.empty()) {
    out.key(name).raw(otherwise);
  }
}

void Growing::write_rest(json::Writer& out) const {
  for (const auto& [name, value] : members_) out.key(name).raw(value);
}

}  // namespace edgebatch::dialects
