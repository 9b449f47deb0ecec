#include "core/validation/line_reader.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "core/json/grammar.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"
#include "core/validation/line.hpp"
#include "core/validation/text_capture.hpp"

namespace edgebatch::validation {

namespace {

using json::Kind;
using json::Token;

struct Named {
  View name;
  Member Line::* member;
};

constexpr std::array members_of_line{
    Named{"custom_id", &Line::custom_id},
    Named{"method", &Line::method},
    Named{"url", &Line::url},
    Named{"body", &Line::body},
};
constexpr std::array members_of_body{
    Named{"model", &Line::model},       Named{"stream", &Line::stream},
    Named{"messages", &Line::messages}, Named{"input", &Line::input},
    Named{"prompt", &Line::prompt},
};

constexpr std::size_t name_bytes_max = 16;  // Longer than any of them: what is cut is none.

Member Line::* find(std::span<const Named> members, View name) {
  const auto found = std::ranges::find(members, name, &Named::name);
  return found == members.end() ? nullptr : found->member;
}

bool is_captured(Member Line::* member) {
  return member == &Line::custom_id || member == &Line::method || member == &Line::url ||
         member == &Line::model;
}

// Its text keeps its memory for the next line's.
void clear(Member& member) {
  Member fresh;
  fresh.text = std::move(member.text);
  fresh.text.clear();
  member = std::move(fresh);
}

Fault fault_of(json::Flaw flaw) {
  switch (flaw) {
    case json::Flaw::not_utf8: return Fault::not_utf8;
    case json::Flaw::too_deep: return Fault::too_deep;
    default: return Fault::not_json;
  }
}

Kind scalar_kind(char first) {
  if (first == 'n') return Kind::null;
  return first == 't' || first == 'f' ? Kind::boolean : Kind::number;
}

}  // namespace

void LineReader::begin(std::uint64_t number, std::uint64_t offset) {
  clear_members();
  line_.number = number;
  line_.offset = offset;
  line_.length = 0;
  line_.fault = Fault::none;
  line_.fault_column = 0;
  line_.utf8 = true;
  grammar_ = json::Grammar(2);
  utf8_ = text::Utf8Checker();
  begun_ = false;
  stopped_ = false;
  noted_ = Fault::none;
  under_way_ = {};
  in_body_ = false;
  capturing_ = false;
}

void LineReader::read(View segment) {
  const std::uint64_t base = line_.length;
  line_.length += segment.size();
  if (stopped_) {
    utf8_.feed(segment);
    return;
  }
  const std::size_t allowed =
      line_.length > bytes_max_ ? static_cast<std::size_t>(bytes_max_ - base) : segment.size();
  follow(segment.substr(0, allowed), base);
  if (allowed == segment.size()) return;
  if (stopped_) {
    utf8_.feed(segment.substr(allowed));
  } else {
    stop(Fault::too_long, bytes_max_);
  }
}

const Line& LineReader::finish() {
  if (!stopped_ && !grammar_.complete())
    stop(grammar_.in_character() ? Fault::not_utf8 : Fault::not_json, line_.length);
  if (!stopped_ && noted_ != Fault::none) {
    line_.fault = noted_;
    line_.fault_column = noted_column_;
  }
  line_.utf8 =
      line_.fault == Fault::too_long || (line_.fault != Fault::not_utf8 && utf8_.complete());
  if (line_.fault != Fault::none) clear_members();
  return line_;
}

// `base`: of the segment in the line.
void LineReader::follow(View segment, std::uint64_t base) {
  captured_from_ = 0;
  for (std::size_t at = 0; !stopped_;) {
    const Token token = grammar_.next(segment, at);
    if (token == Token::none) break;
    if (token == Token::error) {
      stop(fault_of(grammar_.flaw()), base + at);
      utf8_.feed(segment.substr(at));
    } else {
      see(token, segment, at, base);
    }
  }
  if (capturing_ && !stopped_) captured_.feed(segment.substr(captured_from_));
}

// `at`: behind the token, in the segment.
void LineReader::see(Token token, View segment, std::size_t at, std::uint64_t base) {
  if (!begun_) {
    begun_ = true;
    if (token != Token::object_begin) note(Fault::not_object, base + at - 1);
  }
  if (!has_place()) return;
  const auto inside = [&] { return segment.substr(captured_from_, at - 1 - captured_from_); };
  switch (token) {
    case Token::key_begin: begin_name(base + at - 1); break;
    case Token::key_end: end_name(inside()); break;
    case Token::object_begin: begin_value(Kind::object, base + at - 1); break;
    case Token::array_begin: begin_value(Kind::array, base + at - 1); break;
    case Token::string_begin: begin_value(Kind::string, base + at - 1); break;
    case Token::scalar_begin: begin_scalar(segment[at - 1], base + at - 1); break;
    case Token::string_end:
      if (capturing_) end_text(inside());
      end_value(base + at);
      break;
    case Token::object_end:
    case Token::array_end:
    case Token::scalar_end: end_value(base + at); break;
    default: break;
  }
  // Harmless where nothing is captured.
  if (token == Token::key_begin || token == Token::string_begin) captured_from_ = at;
}

// Whether what the last token belongs to is a member of the line, or of its body.
bool LineReader::has_place() const {
  return grammar_.level() == 1 || (grammar_.level() == 2 && in_body_);
}

void LineReader::begin_name(std::uint64_t at) {
  name_at_ = at;
  capture(name_bytes_max);
}

void LineReader::end_name(View inside) {
  const std::span<const Named> members =
      in_body_ ? std::span<const Named>(members_of_body) : std::span<const Named>(members_of_line);
  const Place place = find(members, captured(inside));
  if (place == nullptr) return;
  if ((line_.*place).present) return note(Fault::repeated_name, name_at_);
  under_way() = place;
}

void LineReader::begin_value(Kind kind, std::uint64_t at) {
  const Place place = under_way();
  if (place == nullptr) return;
  Member& member = line_.*place;
  has_members_ = true;
  member.present = true;
  member.kind = kind;
  member.extent.begin = at;
  if (kind == Kind::string && is_captured(place)) capture(captured_bytes_max);
  if (kind == Kind::object && place == &Line::body) in_body_ = true;
}

void LineReader::begin_scalar(char first, std::uint64_t at) {
  begin_value(scalar_kind(first), at);
  if (under_way() != nullptr) (line_.*under_way()).is_true = first == 't';
}

void LineReader::end_value(std::uint64_t end) {
  if (under_way() == nullptr) return;
  (line_.*under_way()).extent.end = end;
  under_way() = nullptr;
  if (grammar_.level() == 1) in_body_ = false;
}

void LineReader::end_text(View inside) {
  Member& member = line_.*under_way();
  member.text.assign(captured(inside));
  member.too_long = captured_.too_long();
}

void LineReader::capture(std::size_t bytes_max) {
  capturing_ = true;
  captured_.begin(bytes_max);
}

// The decoded text of the string that ends here; `inside`: what of it lies in this segment.
View LineReader::captured(View inside) {
  capturing_ = false;
  if (captured_.fits_as_it_is(inside)) return inside;
  captured_.feed(inside);
  captured_.finish();
  return captured_.text();
}

void LineReader::stop(Fault fault, std::uint64_t at) {
  stopped_ = true;
  line_.fault = fault;
  line_.fault_column = at + 1;
}

void LineReader::note(Fault fault, std::uint64_t at) {
  if (noted_ != Fault::none) return;
  noted_ = fault;
  noted_column_ = at + 1;
}

void LineReader::clear_members() {
  if (!has_members_) return;
  has_members_ = false;
  for (const Named& named : members_of_line) clear(line_.*named.member);
  for (const Named& named : members_of_body) clear(line_.*named.member);
}

}  // namespace edgebatch::validation
