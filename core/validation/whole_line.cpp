#include "core/validation/whole_line.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/json/characters.hpp"
#include "core/json/grammar.hpp"
#include "core/json/nesting.hpp"
#include "core/json/value.hpp"
#include "core/json/whole_tokens.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"
#include "core/validation/members.hpp"
#include "core/validation/name_set.hpp"

namespace edgebatch::validation {

using json::Kind;
using json::lookahead;

// Every function takes the walk further, or says false: then the line isn't one for this way.
struct WholeLine::Walk {
  const char* const begin;
  const char* const end;
  Line& line;
  NameSet& others_of_line;
  NameSet& others_of_body;
  const char* at = begin;
  std::uint64_t continuations = 0;
  json::Nesting nesting{};

  bool line_object() {
    if (!to_token() || *at != '{') return false;
    line.begin = {offset(at) + 1, offset(at) + 1};
    return members(false) && to_token() && *at == '\n';
  }

  // From an object's brace to behind it.
  bool members(bool in_body) {
    NameSet& others = in_body ? others_of_body : others_of_line;
    nesting.open(true);
    ++at;
    if (!to_token()) return false;
    for (bool first = true; first ? *at != '}' : *at == ','; first = false) {
      if (!first) ++at;
      if (!to_token() || !member(in_body, others) || !to_token()) return false;
    }
    if (*at != '}') return false;
    ++at;
    nesting.close();
    return true;
  }

  bool member(bool in_body, NameSet& others) {
    if (*at != '"') return false;
    const char* const name_begin = at + 1;
    if (!moved(json::pass_string(name_begin, end, continuations))) return false;
    const View name(name_begin, static_cast<std::size_t>(at - 1 - name_begin));
    if (*at != ':' && (!to_token() || *at != ':')) return false;
    ++at;
    if (!to_token()) return false;
    const NamedMember* const known = find_member(name, in_body);
    if (known == nullptr) return is_new(name, others) && value(nullptr, false);
    return !(line.*known->member).present && value(known, in_body);
  }

  static bool is_new(View name, NameSet& others) {
    const bool usual = name.size() <= name_bytes_max && name.find('\\') == View::npos;
    return usual && !others.contains(name) && others.insert(name);
  }

  bool value(const NamedMember* known, bool in_body) {
    const char* const value_begin = at;
    const std::uint64_t before = continuations;
    const char first = *at;
    if (!pass_value(known != nullptr && !in_body && known->member == &Line::body)) return false;
    if (known == nullptr) return true;

    Member& member = line.*known->member;
    member.present = true;
    member.extent = {offset(value_begin), offset(at)};
    member.column = {member.extent.begin + 1, member.extent.begin + 1 - before};
    member.kind = kind(first);
    member.is_true = first == 't';
    if (known->captured && first == '"') return text_is_kept(member, value_begin + 1);
    return true;
  }

  bool pass_value(bool is_body) {
    if (end - at < lookahead) return false;
    switch (*at) {
      case '"': return moved(json::pass_string(at + 1, end, continuations));
      case '{': return is_body ? members(true) : pass_inside(true);
      case '[': return pass_inside(false);
      case 't':
      case 'f':
      case 'n': return moved(json::pass_literal(at));
      default: return (*at == '-' || json::is_digit(*at)) && moved(json::pass_number(at, end));
    }
  }

  // An array, or an object whose members nobody asks for.
  bool pass_inside(bool object) {
    nesting.open(object);
    const unsigned depth = nesting.depth();
    auto next = object ? json::Next::name_or_end : json::Next::value_or_end;
    at = json::pass_tokens(at + 1, end, next, nesting, depth, continuations);
    const bool may_end = next == json::Next::separator || next == json::Next::name_or_end ||
                         next == json::Next::value_or_end;
    const bool ends =
        end - at >= lookahead && nesting.depth() == depth && may_end && *at == (object ? '}' : ']');
    ++at;
    nesting.close();
    return ends;
  }

  bool text_is_kept(Member& member, const char* text_begin) {
    const View inside(text_begin, static_cast<std::size_t>(at - 1 - text_begin));
    if (inside.size() > captured_bytes_max) return false;
    if (inside.find('\\') == View::npos) {
      member.text.assign(inside);
    } else {
      member.text = json::unescape(inside);
    }
    return member.text.size() <= captured_bytes_max;
  }

  static Kind kind(char first) {
    switch (first) {
      case '"': return Kind::string;
      case '{': return Kind::object;
      case '[': return Kind::array;
      case 't':
      case 'f': return Kind::boolean;
      case 'n': return Kind::null;
      default: return Kind::number;
    }
  }

  // To the next byte that isn't blank. False if that is too close to the end.
  bool to_token() {
    at = json::pass_blanks(at, end);
    return end - at >= lookahead;
  }
  bool moved(const char* behind) {
    at = behind == nullptr ? at : behind;
    return behind != nullptr;
  }
  std::uint64_t offset(const char* place) const {
    return static_cast<std::uint64_t>(place - begin);
  }
};

std::optional<std::size_t> WholeLine::read(View piece, Line& line) {
  others_of_line_.clear();
  others_of_body_.clear();
  Walk walk{piece.data(), piece.data() + piece.size(), line, others_of_line_, others_of_body_};
  if (!walk.line_object()) return std::nullopt;
  return static_cast<std::size_t>(walk.at - piece.data());
}

}  // namespace edgebatch::validation
