#include "core/validation/whole_line.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/json/characters.hpp"
#include "core/json/grammar.hpp"
#include "core/json/nesting.hpp"
#include "core/json/value.hpp"
#include "core/json/whole_tokens.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"
#include "core/validation/line_shape.hpp"
#include "core/validation/members.hpp"
#include "core/validation/name_set.hpp"

namespace edgebatch::validation {

using json::Kind;
using json::lookahead;

namespace {

constexpr Kind kind_of(char first) {
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

// A place in the line. Here and below, every function goes further, or says false: then the line
// isn't one for this way.
class Cursor {
 public:
  explicit Cursor(View piece)
      : at_(piece.data()), begin_(piece.data()), end_(piece.data() + piece.size()) {}

  const char* at() const { return at_; }
  char byte() const { return *at_; }
  void skip(std::size_t bytes) { at_ += bytes; }
  bool is_room_for(std::size_t bytes) const {
    return end_ - at_ >= static_cast<std::ptrdiff_t>(bytes) + lookahead;
  }
  std::uint64_t offset() const { return static_cast<std::uint64_t>(at_ - begin_); }
  Column column() const { return {offset() + 1, offset() + 1 - continuations_}; }
  std::uint64_t continuations() const { return continuations_; }

  void open_object() { nesting_.open(true); }
  void close_object() { nesting_.close(); }

  // To the next byte that isn't blank. False if that is too close to the end.
  bool to_token() {
    at_ = json::pass_blanks(at_, end_);
    return is_room_for(0);
  }

  // From a string's opening quote to behind its closing one.
  bool pass_string() { return moved(json::pass_string(at_ + 1, end_, continuations_)); }

  // From a value's first byte to behind its last.
  bool pass_value() {
    if (!is_room_for(0)) return false;
    switch (*at_) {
      case '"': return pass_string();
      case '{':
      case '[': return pass_inside(*at_ == '{');
      case 't':
      case 'f':
      case 'n': return moved(json::pass_literal(at_));
      default: return (*at_ == '-' || json::is_digit(*at_)) && moved(json::pass_number(at_, end_));
    }
  }

 private:
  // An array, or an object whose members nobody asks for.
  bool pass_inside(bool object) {
    nesting_.open(object);
    const unsigned depth = nesting_.depth();
    auto next = object ? json::Next::name_or_end : json::Next::value_or_end;
    at_ = json::pass_tokens(at_ + 1, end_, next, nesting_, depth, continuations_);
    const bool may_end = next == json::Next::separator || next == json::Next::name_or_end ||
                         next == json::Next::value_or_end;
    const bool ends =
        is_room_for(0) && nesting_.depth() == depth && may_end && *at_ == (object ? '}' : ']');
    ++at_;
    nesting_.close();
    return ends;
  }

  bool moved(const char* behind) {
    at_ = behind == nullptr ? at_ : behind;
    return behind != nullptr;
  }

  const char* at_;
  const char* begin_;
  const char* end_;
  std::uint64_t continuations_ = 0;
  json::Nesting nesting_{};
};

View since(const char* begin, const Cursor& cursor) {
  return {begin, static_cast<std::size_t>(cursor.at() - begin)};
}

// `token`: a string with its quotes.
bool keep_text(Member& member, View token) {
  const View inside = token.substr(1, token.size() - 2);
  if (inside.size() > captured_bytes_max) return false;
  if (inside.find('\\') == View::npos) {
    member.text.assign(inside);
  } else {
    member.text = json::unescape(inside);
  }
  return member.text.size() <= captured_bytes_max;
}

// Passes a member's value.
bool read_value(Cursor& cursor, const NamedMember& known, Member& member) {
  const char* const begin = cursor.at();
  const char first = cursor.byte();
  member.column = cursor.column();
  member.extent.begin = cursor.offset();
  if (!cursor.pass_value()) return false;
  member.extent.end = cursor.offset();
  member.kind = kind_of(first);
  member.is_true = first == 't';
  if (known.captured && first == '"') return keep_text(member, since(begin, cursor));
  member.text.clear();
  return true;
}

// Whether most lines of a file have the same text there.
bool often_same(const NamedMember& known) {
  return known.captured && known.member != &Line::custom_id;
}

// The text that passed since `begin`, if it can be compared by its bytes alone.
View comparable(const Member& member, const char* begin, const Cursor& cursor,
                std::uint64_t continuations_before) {
  const bool ascii = cursor.continuations() == continuations_before;
  return member.kind == Kind::string && ascii ? since(begin, cursor) : View();
}

}  // namespace

// Token after token, and keeps how the line is built.
class WholeLine::Walk {
 public:
  Walk(View piece, Line& line, WholeLine& whole)
      : cursor_(piece), line_(line), whole_(whole), lead_begin_(piece.data()) {}

  std::optional<std::size_t> run() {
    whole_.others_of_line_.clear();
    whole_.others_of_body_.clear();
    shape().begin();
    if (!cursor_.to_token() || cursor_.byte() != '{') return std::nullopt;
    line_.begin = cursor_.column();
    if (!members(false) || !cursor_.to_token() || cursor_.byte() != '\n') return std::nullopt;
    add_part();
    shape().finish();
    return static_cast<std::size_t>(cursor_.offset());
  }

 private:
  LineShape& shape() { return whole_.shape_; }

  // From an object's brace to behind it.
  bool members(bool in_body) {
    cursor_.open_object();
    cursor_.skip(1);
    if (!cursor_.to_token()) return false;
    for (bool first = true; first ? cursor_.byte() != '}' : cursor_.byte() == ','; first = false) {
      if (!first) cursor_.skip(1);
      if (!cursor_.to_token() || !member(in_body) || !cursor_.to_token()) return false;
    }
    if (cursor_.byte() != '}') return false;
    cursor_.skip(1);
    cursor_.close_object();
    return true;
  }

  bool member(bool in_body) {
    if (cursor_.byte() != '"') return false;
    const char* const name_begin = cursor_.at() + 1;
    const std::uint64_t before = cursor_.continuations();
    if (!cursor_.pass_string()) return false;
    const View name(name_begin, static_cast<std::size_t>(cursor_.at() - 1 - name_begin));
    // Columns behind the lead are counted from its bytes.
    if (cursor_.continuations() != before) shape().give_up();
    if (!cursor_.to_token() || cursor_.byte() != ':') return false;
    cursor_.skip(1);
    if (!cursor_.to_token()) return false;
    const NamedMember* const known = find_member(name, in_body);
    if (known == nullptr) return is_new(name, in_body) && other_value();
    Member& member = line_.*known->member;
    if (member.present) return false;
    member.present = true;
    const bool opens_body = known->member == &Line::body && cursor_.byte() == '{';
    return opens_body ? body(member) : value(*known, member);
  }

  bool is_new(View name, bool in_body) {
    NameSet& others = in_body ? whole_.others_of_body_ : whole_.others_of_line_;
    const bool usual = name.size() <= name_bytes_max && name.find('\\') == View::npos;
    return usual && !others.contains(name) && others.insert(name);
  }

  bool body(Member& member) {
    member.column = cursor_.column();
    member.extent.begin = cursor_.offset();
    member.kind = Kind::object;
    body_begin_ = cursor_.at();
    if (!members(true)) return false;
    body_end_ = cursor_.at();
    member.extent.end = cursor_.offset();
    return true;
  }

  bool value(const NamedMember& known, Member& member) {
    ShapePart& part = add_part();
    part.known = &known;
    const std::uint64_t before = cursor_.continuations();
    const char* const begin = cursor_.at();
    if (!read_value(cursor_, known, member)) return false;
    if (often_same(known)) part.text.keep(comparable(member, begin, cursor_, before));
    lead_begin_ = cursor_.at();
    return true;
  }

  bool other_value() {
    add_part();
    const bool passed = cursor_.pass_value();
    lead_begin_ = cursor_.at();
    return passed;
  }

  // What lies in front of this place and behind the last value.
  ShapePart& add_part() {
    ShapePart& part = shape().add();
    if (!part.lead.keep(since(lead_begin_, cursor_))) shape().give_up();
    part.body_begin = in_lead(body_begin_);
    part.body_end = in_lead(body_end_);
    return part;
  }

  std::size_t in_lead(const char*& place) const {
    if (place == nullptr) return ShapePart::nowhere;
    return static_cast<std::size_t>(std::exchange(place, nullptr) - lead_begin_);
  }

  Cursor cursor_;
  Line& line_;
  WholeLine& whole_;
  const char* lead_begin_;
  const char* body_begin_ = nullptr;  // In the lead under way.
  const char* body_end_ = nullptr;
};

// Part after part, if it is built like the last one.
class WholeLine::Comparison {
 public:
  Comparison(View piece, Line& line, LineShape& shape)
      : cursor_(piece), line_(line), shape_(shape) {}

  std::optional<std::size_t> run() {
    line_.like_last = true;
    cursor_.open_object();
    for (std::size_t i = 0; i < shape_.values_count(); ++i) {
      ShapePart& part = shape_.part(i);
      if (!lead(part) || !value(part)) return std::nullopt;
    }
    if (!lead(shape_.end()) || cursor_.byte() != '\n') return std::nullopt;
    return static_cast<std::size_t>(cursor_.offset());
  }

 private:
  bool lead(const ShapePart& part) {
    if (!passes(part.lead)) return false;
    if (part.body_begin != ShapePart::nowhere) {
      cursor_.open_object();
      const std::uint64_t begin = cursor_.offset() - part.lead.size() + part.body_begin;
      line_.body.extent.begin = begin;
      line_.body.column = {begin + 1, begin + 1 - cursor_.continuations()};
    }
    if (part.body_end != ShapePart::nowhere) {
      cursor_.close_object();
      line_.body.extent.end = cursor_.offset() - part.lead.size() + part.body_end;
    }
    return true;
  }

  bool value(ShapePart& part) {
    if (part.known == nullptr) return cursor_.pass_value();
    if (opens_body(*part.known)) return false;  // The last line's was no object.
    Member& member = line_.*part.known->member;
    const bool may_be_same = part.text.size() != 0;
    const Column column = cursor_.column();
    if (may_be_same && passes(part.text)) {
      member.column = column;
      member.extent = {column.bytes - 1, cursor_.offset()};
      return true;
    }
    return other_value(part, member);
  }

  bool opens_body(const NamedMember& known) const {
    return known.member == &Line::body && cursor_.byte() == '{';
  }

  bool other_value(ShapePart& part, Member& member) {
    const Kind kind = member.kind;
    const bool was_true = member.is_true;
    const std::uint64_t before = cursor_.continuations();
    const char* const begin = cursor_.at();
    if (!read_value(cursor_, *part.known, member)) return false;
    if (member.kind != kind || member.is_true != was_true) line_.like_last = false;
    if (often_same(*part.known)) {
      line_.like_last = false;
      part.text.keep(comparable(member, begin, cursor_, before));
    }
    return true;
  }

  bool passes(const Run& run) {
    if (!cursor_.is_room_for(run.size()) || !run.stands_at(cursor_.at())) return false;
    cursor_.skip(run.size());
    return true;
  }

  Cursor cursor_;
  Line& line_;
  LineShape& shape_;
};

std::optional<std::size_t> WholeLine::read(View piece, Line& line) {
  if (shape_.is_known()) {
    if (const auto size = Comparison(piece, line, shape_).run()) return size;
  }
  line.like_last = false;
  clear_members(line);
  return Walk(piece, line, *this).run();
}

}  // namespace edgebatch::validation
