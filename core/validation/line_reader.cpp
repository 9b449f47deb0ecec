#include "core/validation/line_reader.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

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
  utf8_ = text::Utf8Checker();
  grammar_ = json::Grammar();
  begun_ = false;
  stopped_ = false;
  noted_ = Fault::none;
  under_way_ = {};
  in_body_ = false;
  in_scalar_ = false;
  capturing_ = false;
}

void LineReader::read(View segment) {
  const std::uint64_t at = line_.length;
  line_.length += segment.size();
  if (stopped_) {
    utf8_.feed(segment);
    return;
  }
  const bool too_long = line_.length > bytes_max_;
  if (too_long) segment = segment.substr(0, static_cast<std::size_t>(bytes_max_ - at));

  const std::size_t valid = valid_utf8(segment);
  follow(segment.substr(0, valid), at);
  if (stopped_) return;
  if (valid < segment.size()) {
    stop(Fault::not_utf8, at + valid);
  } else if (too_long) {
    stop(Fault::too_long, bytes_max_);
  }
}

const Line& LineReader::finish() {
  if (!stopped_ && !utf8_.complete()) stop(Fault::not_utf8, line_.length);
  if (!stopped_ && !grammar_.complete()) stop(Fault::not_json, line_.length);
  if (!stopped_ && noted_ != Fault::none) {
    line_.fault = noted_;
    line_.fault_column = noted_column_;
  }
  line_.utf8 = line_.fault == Fault::too_long || utf8_.complete();
  if (line_.fault != Fault::none) clear_members();
  return line_;
}

// How many bytes come before the one that is wrong.
std::size_t LineReader::valid_utf8(View segment) {
  const text::Utf8Checker before = utf8_;
  if (utf8_.feed(segment)) return segment.size();
  utf8_ = before;
  std::size_t valid = 0;
  while (utf8_.feed(segment.substr(valid, 1))) ++valid;
  return valid;
}

void LineReader::follow(View bytes, std::uint64_t at) {
  for (std::size_t i = 0; i < bytes.size() && !stopped_; ++i) {
    const std::size_t plain = grammar_.plain(bytes.substr(i));
    if (plain > 0) {
      if (capturing_) captured_.feed(bytes.substr(i, plain));
      i += plain;
      if (i == bytes.size()) return;
    }
    step(bytes[i], at + i);
  }
}

void LineReader::step(char byte, std::uint64_t at) {
  const Token token = grammar_.step(byte);
  if (token == Token::error) {
    return stop(grammar_.too_deep() ? Fault::too_deep : Fault::not_json, at);
  }
  if (in_scalar_ && (token != Token::none || json::is_space(byte))) {
    // The same byte may end the object around the scalar too: its level isn't the grammar's depth.
    end_value(in_body_ ? 2 : 1, at);
  }
  if (token == Token::none) {
    if (capturing_) captured_.feed(View(&byte, 1));  // A part of an escape.
    return;
  }
  if (!begun_) {
    begun_ = true;
    if (token != Token::object_begin) note(Fault::not_object, at);
  }
  see(token, byte, at);
}

void LineReader::see(Token token, char byte, std::uint64_t at) {
  const unsigned depth = grammar_.depth();
  switch (token) {
    case Token::key_begin:
      if (expects_name()) begin_name(at);
      break;
    case Token::key_end:
      if (expects_name()) end_name();
      break;
    case Token::object_begin: begin_value(depth - 1, Kind::object, at); break;
    case Token::array_begin: begin_value(depth - 1, Kind::array, at); break;
    case Token::string_begin: begin_value(depth, Kind::string, at); break;
    case Token::scalar_begin:
      begin_value(depth, scalar_kind(byte), at);
      begin_scalar(depth, byte);
      break;
    case Token::object_end:
    case Token::array_end:
    case Token::string_end: end_value(depth, at + 1); break;
    default: break;
  }
}

bool LineReader::expects_name() const {
  return grammar_.depth() == 1 || (grammar_.depth() == 2 && in_body_);
}

void LineReader::begin_name(std::uint64_t at) {
  name_at_ = at;
  capture(name_bytes_max);
}

void LineReader::end_name() {
  capturing_ = false;
  captured_.finish();
  const std::span<const Named> members =
      in_body_ ? std::span<const Named>(members_of_body) : std::span<const Named>(members_of_line);
  const Place place = find(members, captured_.text());
  if (place == nullptr) return;
  if ((line_.*place).present) return note(Fault::repeated_name, name_at_);
  under_way_[grammar_.depth() - 1] = place;
}

void LineReader::begin_value(unsigned level, Kind kind, std::uint64_t at) {
  const Place place = under_way(level);
  if (place == nullptr) return;
  Member& member = line_.*place;
  has_members_ = true;
  member.present = true;
  member.kind = kind;
  member.extent.begin = at;
  if (kind == Kind::string && is_captured(place)) capture(captured_bytes_max);
  if (kind == Kind::object && place == &Line::body) in_body_ = true;
}

void LineReader::begin_scalar(unsigned level, char first) {
  const Place place = under_way(level);
  if (place == nullptr) return;
  in_scalar_ = true;
  (line_.*place).is_true = first == 't';
}

void LineReader::end_value(unsigned level, std::uint64_t end) {
  const Place place = under_way(level);
  if (place == nullptr) return;
  Member& member = line_.*place;
  member.extent.end = end;
  if (capturing_) {
    capturing_ = false;
    captured_.finish();
    member.text = captured_.text();
    member.too_long = captured_.too_long();
  }
  under_way_[level - 1] = nullptr;
  in_scalar_ = false;
  if (level == 1) in_body_ = false;
}

LineReader::Place LineReader::under_way(unsigned level) const {
  return level == 1 || level == 2 ? under_way_[level - 1] : nullptr;
}

void LineReader::capture(std::size_t bytes_max) {
  capturing_ = true;
  captured_ = TextCapture(bytes_max);
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
  for (const Named& named : members_of_line) line_.*named.member = Member();
  for (const Named& named : members_of_body) line_.*named.member = Member();
}

}  // namespace edgebatch::validation
