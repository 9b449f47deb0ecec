#include "core/validation/line_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/json/grammar.hpp"
#include "core/json/pointer.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"
#include "core/validation/line.hpp"
#include "core/validation/members.hpp"
#include "core/validation/name_set.hpp"
#include "core/validation/text_capture.hpp"
#include "core/validation/whole_line.hpp"

namespace edgebatch::validation {

namespace {

using json::Kind;
using json::Token;

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
  line_.number = number;
  line_.offset = offset;
  line_.length = 0;
  if (is_whole_) {
    is_whole_ = false;  // What it has left of that line is what it compares the next one with.
    return;
  }
  whole_.forget();
  clear_members(line_);
  line_.begin = {};
  line_.utf8 = true;
  line_.repeated = {};
  line_.fault = Fault::none;
  line_.fault_column = {};
  line_.pointer.clear();
  grammar_.reset();
  for (NameSet& names : others_) names.clear();
  not_object_ = false;
  under_way_ = {};
  in_body_ = false;
  path_levels_ = 0;
  capturing_ = false;
  stopped_ = false;
  utf8_ = text::Utf8Checker();
}

std::size_t LineReader::read(View piece) {
  if (line_.length == 0) {
    if (const auto size = whole_.read(piece, line_); size && *size <= bytes_max_) {
      is_whole_ = true;
      line_.length = *size;
      return *size;
    }
    clear_members(line_);
    line_.begin = {};
  }
  std::size_t done = 0;
  if (!stopped_) {
    const auto allowed = std::min<std::uint64_t>(piece.size(), bytes_max_ - line_.length);
    done = follow(piece.substr(0, static_cast<std::size_t>(allowed)));
    const bool goes_on = done < piece.size() && piece[done] != '\n';
    if (!stopped_ && goes_on) stop(Fault::too_long, line_.length);
  }
  return stopped_ ? done + leave(piece.substr(done)) : done;
}

const Line& LineReader::finish() {
  if (is_whole_) return line_;
  if (!stopped_ && !grammar_.complete())
    stop(grammar_.in_character() ? Fault::not_utf8 : Fault::not_json, line_.length);
  if (!stopped_ && not_object_) {
    stop(Fault::not_object, 0);
    line_.fault_column = line_.begin;
  }
  if (stopped_) {
    line_.utf8 =
        line_.fault == Fault::too_long || (line_.fault != Fault::not_utf8 && utf8_.complete());
    line_.repeated = {};
    clear_members(line_);
  }
  return line_;
}

// Up to a fault, the line's end or the piece's.
std::size_t LineReader::follow(View piece) {
  captured_from_ = 0;
  std::size_t at = 0;
  while (!stopped_) {
    const json::Token token = grammar_.next(piece, at);
    if (token == Token::none) break;
    if (token == Token::error) {
      stop(fault_of(grammar_.flaw()), line_.length + at);
    } else {
      see(token, piece, at);
    }
  }
  if (capturing_ && !stopped_) captured_.feed(piece.substr(captured_from_, at - captured_from_));
  line_.length += at;
  return at;
}

// Behind a fault: up to the line's end, or the piece's.
std::size_t LineReader::leave(View piece) {
  const View rest = piece.substr(0, piece.find('\n'));
  utf8_.feed(rest);
  line_.length += rest.size();
  return rest.size();
}

// `at`: behind the token, in the piece.
void LineReader::see(Token token, View piece, std::size_t at) {
  const std::uint64_t behind = line_.length + at;
  if (!begun()) {
    line_.begin = column(behind - 1);
    not_object_ = token != Token::object_begin;
  }
  if (!has_place()) return;
  const auto inside = [&] { return piece.substr(captured_from_, at - 1 - captured_from_); };
  switch (token) {
    case Token::key_begin: begin_name(behind - 1); break;
    case Token::key_end: end_name(inside()); break;
    case Token::object_begin: begin_value(Kind::object, behind - 1); break;
    case Token::array_begin: begin_value(Kind::array, behind - 1); break;
    case Token::string_begin: begin_value(Kind::string, behind - 1); break;
    case Token::scalar_begin: begin_scalar(piece[at - 1], behind - 1); break;
    case Token::string_end:
      if (capturing_) end_text(inside());
      end_value(behind);
      break;
    case Token::object_end:
    case Token::array_end:
    case Token::scalar_end: end_value(behind); break;
    default: break;
  }
  // Harmless where nothing is captured.
  if (token == Token::key_begin || token == Token::string_begin) captured_from_ = at;
}

// Whether what the last token belongs to is a member of the line, or of its body.
bool LineReader::has_place() const {
  return grammar_.level() == 1 ? !not_object_ : grammar_.level() == 2 && in_body_;
}

void LineReader::begin_name(std::uint64_t at) {
  name_column_ = column(at);
  capture(name_bytes_max);
}

void LineReader::end_name(View inside) {
  const unsigned level = in_body_ ? 1 : 0;
  const View name = captured(inside);
  path_levels_ = level;
  if (captured_.too_long()) return;
  path_levels_ = level + 1;
  path_[level].assign(name);
  const NamedMember* const known = find_member(name, in_body_);
  if (known != nullptr) {
    if ((line_.*known->member).present) return repeat();
    under_way() = known;
    return;
  }
  if (others_[level].contains(name)) return repeat();
  if (!others_[level].insert(name)) stop(Fault::too_many_members, name_column_.bytes - 1);
}

void LineReader::begin_value(Kind kind, std::uint64_t at) {
  const NamedMember* const known = under_way();
  if (known == nullptr) return;
  Member& member = line_.*known->member;
  member.present = true;
  member.kind = kind;
  member.extent.begin = at;
  member.column = column(at);
  if (kind == Kind::string && known->captured) capture(captured_bytes_max);
  if (kind == Kind::object && known->member == &Line::body) in_body_ = true;
}

void LineReader::begin_scalar(char first, std::uint64_t at) {
  begin_value(scalar_kind(first), at);
  if (under_way() != nullptr) (line_.*under_way()->member).is_true = first == 't';
}

void LineReader::end_value(std::uint64_t end) {
  path_levels_ = grammar_.level() - 1;
  if (under_way() == nullptr) return;
  (line_.*under_way()->member).extent.end = end;
  under_way() = nullptr;
  if (grammar_.level() == 1) in_body_ = false;
}

void LineReader::end_text(View inside) {
  Member& member = line_.*under_way()->member;
  member.text.assign(captured(inside));
  member.too_long = captured_.too_long();
}

void LineReader::capture(std::size_t bytes_max) {
  capturing_ = true;
  captured_.begin(bytes_max);
}

// The decoded text of the string that ends here; `inside`: what of it lies in this piece.
View LineReader::captured(View inside) {
  capturing_ = false;
  if (captured_.fits_as_it_is(inside)) return inside;
  captured_.feed(inside);
  captured_.finish();
  return captured_.text();
}

void LineReader::repeat() {
  if (line_.repeated.bytes != 0) return;
  line_.repeated = name_column_;
  line_.pointer = pointer();
}

void LineReader::stop(Fault fault, std::uint64_t at) {
  stopped_ = true;
  line_.fault = fault;
  line_.fault_column = column(at);
  line_.wanted = grammar_.wanted();
  line_.pointer = pointer();
}

// Of the byte that comes next for the grammar.
Column LineReader::column(std::uint64_t at) const {
  return {at + 1, at + 1 - grammar_.continuations()};
}

Bytes LineReader::pointer() const {
  Bytes text;
  for (unsigned level = 0; level < path_levels_; ++level)
    text = json::member_pointer(text, path_[level]);
  return text;
}

}  // namespace edgebatch::validation
