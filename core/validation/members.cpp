#include "core/validation/members.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"

namespace edgebatch::validation {

namespace {

constexpr std::array members_of_line{
    NamedMember{"custom_id", &Line::custom_id, true},
    NamedMember{"method", &Line::method, true},
    NamedMember{"url", &Line::url, true},
    NamedMember{"body", &Line::body, false},
};
constexpr std::array members_of_body{
    NamedMember{"model", &Line::model, true},        NamedMember{"stream", &Line::stream, false},
    NamedMember{"messages", &Line::messages, false}, NamedMember{"input", &Line::input, false},
    NamedMember{"prompt", &Line::prompt, false},
};

void clear(Member& member) {
  if (!member.present) return;
  member.present = false;
  member.kind = json::Kind::null;
  member.extent = {};
  member.column = {};
  member.text.clear();
  member.too_long = false;
  member.is_true = false;
}

}  // namespace

const NamedMember* find_member(View name, bool in_body) {
  const auto members = in_body ? std::span<const NamedMember>(members_of_body)
                               : std::span<const NamedMember>(members_of_line);
  const auto found = std::ranges::find(members, name, &NamedMember::name);
  return found == members.end() ? nullptr : &*found;
}

void clear_members(Line& line) {
  for (const NamedMember& named : members_of_line) clear(line.*named.member);
  for (const NamedMember& named : members_of_body) clear(line.*named.member);
}

}  // namespace edgebatch::validation
