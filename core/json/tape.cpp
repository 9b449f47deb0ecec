#include "core/json/tape.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/json/characters.hpp"
#include "core/json/pointer.hpp"
#include "core/json/unescaper.hpp"
#include "core/json/value.hpp"
#include "core/json/whole_tokens.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::json {

namespace {

constexpr std::size_t padding_bytes = 96;  // Behind the tail, so that every token is whole in it.
static_assert(padding_bytes >= 2 * static_cast<std::size_t>(lookahead));

constexpr std::size_t unicode_escape_size = 6;  // \uD83D

std::size_t escape_size(View text, std::size_t at) {
  return text[at + 1] == 'u' ? unicode_escape_size : 2;
}

// Whether two escapes that are one character begin here.
bool is_surrogate_pair(View text) {
  const auto among = [&](std::size_t at, View digits) {
    return at + unicode_escape_size <= text.size() && text[at] == '\\' && text[at + 1] == 'u' &&
           (text[at + 2] == 'd' || text[at + 2] == 'D') && digits.find(text[at + 3]) != View::npos;
  };
  return among(0, "89abAB") && among(unicode_escape_size, "cdefCDEF");
}

// A number that names of an object mostly don't share, nor its highest bits.
std::uint32_t look_of(View name) {
  if (name.empty()) return 0;
  const auto byte = [&](std::size_t at) {
    return std::uint32_t{static_cast<std::uint8_t>(name[at])};
  };
  const auto size = static_cast<std::uint32_t>(name.size());
  const std::uint32_t mixed =
      size ^ (byte(0) << 8) ^ (byte(size - 1) << 16) ^ (byte(size / 2) << 24);
  return mixed * 0x9E37'79B1U;
}

}  // namespace

// Of an object with few members.
struct Tape::Names {
  static constexpr std::size_t count_max = 16;  // Compared in pairs.

  std::size_t count = 0;
  std::array<Index, count_max> indices;
  std::array<std::uint32_t, count_max> looks;
};

// Goes over the tokens at full speed. Those close to the end, and whatever can't be passed, are
// looked at once more in a copy that goes on behind the end: what can't be passed there is wrong.
class Tape::Reader {
 public:
  Reader(Tape& tape, unsigned levels_max)
      : tape_(tape),
        levels_max_(levels_max),
        base_(tape.text_.data()),
        at_(base_),
        text_end_(base_ + tape.text_.size()),
        end_(text_end_) {}

  Reading run() {
    bool good = true;
    while (good && skip_space()) good = step();
    tape_.stopped_at_ = shift_ + static_cast<std::size_t>(at_ - base_);
    if (reading_ != Reading::whole) return reading_;
    const bool ended = tape_.open_.empty() && next_ == Next::separator;
    return good && ended ? Reading::whole : Reading::not_json;
  }

 private:
  // False at the text's end. Else there are `lookahead` bytes from here on.
  bool skip_space() {
    while (at_ != text_end_ && is_space(*at_)) ++at_;
    if (at_ == text_end_) return false;
    if (end_ - at_ < lookahead) go_to_tail();
    return true;
  }

  void go_to_tail() {
    const auto done = static_cast<std::size_t>(at_ - base_);
    Bytes& tail = tape_.tail_;
    tail.assign(tape_.text_.substr(done));
    const std::size_t size = tail.size();
    tail.append(padding_bytes, ' ');
    base_ = at_ = tail.data();
    text_end_ = base_ + size;
    end_ = text_end_ + padding_bytes;
    shift_ = done;
    in_tail_ = true;
  }

  bool step() {
    switch (next_) {
      case Next::value_or_end:
        if (*at_ == ']') return close();
        [[fallthrough]];
      case Next::value: return value();
      case Next::name_or_end:
        if (*at_ == '}') return close();
        [[fallthrough]];
      case Next::name: return *at_ == '"' && string(Next::colon);
      case Next::colon: return pass_colon();
      case Next::separator: return separate();
    }
    return false;
  }

  bool separate() {
    if (tape_.open_.empty()) return false;
    return pass_comma() || (*at_ == (in_object_ ? '}' : ']') && close());
  }

  bool pass_colon() {
    if (*at_ != ':') return false;
    ++at_;
    next_ = Next::value;
    return true;
  }

  bool pass_comma() {
    if (*at_ != ',') return false;
    ++at_;
    next_ = in_object_ ? Next::name : Next::value;
    return true;
  }

  // Behind a value. There is a byte behind every token; mostly it is a comma.
  void end_value(const char* behind) {
    at_ = behind;
    next_ = Next::separator;
    if (!tape_.open_.empty()) pass_comma();
  }

  bool value() {
    switch (*at_) {
      case '{': return open(Kind::object, Next::name_or_end);
      case '[': return open(Kind::array, Next::value_or_end);
      case '"': return string(Next::separator);
      case 't':
      case 'f': return scalar(Kind::boolean, [this] { return pass_literal(at_); });
      case 'n': return scalar(Kind::null, [this] { return pass_literal(at_); });
      default: break;
    }
    if (*at_ != '-' && !is_digit(*at_)) return false;
    return scalar(Kind::number, [this] { return pass_number(at_, end_); });
  }

  template <class Pass>
  bool scalar(Kind kind, Pass pass) {
    const char* behind = pass();
    if (behind == nullptr && !in_tail_) {
      go_to_tail();
      behind = pass();
    }
    if (behind == nullptr) return false;
    const auto size = static_cast<std::uint32_t>(behind - at_);
    if (!add(kind, at_, size)) return false;
    end_value(behind);
    return true;
  }

  bool string(Next next) {
    std::uint64_t continuations = 0;
    bool escaped = false;
    const char* behind = pass_string(at_ + 1, end_, continuations, escaped);
    if (behind == nullptr && !in_tail_) {
      go_to_tail();
      behind = pass_string(at_ + 1, end_, continuations, escaped);
    }
    if (behind == nullptr) return false;
    const auto size = static_cast<std::uint32_t>(behind - at_ - 2);
    if (!add(Kind::string, at_ + 1, size, escaped, continuations == 0)) return false;
    if (next == Next::separator) {
      end_value(behind);
    } else {
      at_ = behind;
      next_ = next;
      pass_colon();
    }
    return true;
  }

  bool open(Kind kind, Next next) {
    if (tape_.open_.size() == levels_max_) {
      reading_ = Reading::too_deep;
      return false;
    }
    if (!add(kind, at_, 0)) return false;
    tape_.open_.push_back({.index = tape_.size() - 1, .count = count_});
    count_ = 0;
    in_object_ = kind == Kind::object;
    next_ = next;
    ++at_;
    return true;
  }

  bool close() {
    const auto [index, count] = tape_.open_.back();
    tape_.open_.pop_back();
    Node& node = tape_.nodes_[index];
    node.end = tape_.size();
    node.size = in_object_ ? count_ / 2 : count_;  // Names were counted, too.
    if (in_object_) tape_.mark_repeated(index);
    count_ = count;
    in_object_ =
        !tape_.open_.empty() && tape_.nodes_[tape_.open_.back().index].kind == Kind::object;
    next_ = Next::separator;
    ++at_;
    return true;
  }

  // Flags are those of a string.
  bool add(Kind kind, const char* begin, std::uint32_t size, bool escaped = false,
           bool ascii = true) {
    const Index index = tape_.size();
    if (index == tape_nodes_count_max) {
      reading_ = Reading::too_large;
      return false;
    }
    ++count_;
    const std::size_t offset = shift_ + static_cast<std::size_t>(begin - base_);
    tape_.nodes_.push_back({.offset = static_cast<std::uint32_t>(offset),
                            .size = size,
                            .end = index + 1,
                            .kind = kind,
                            .escaped = escaped,
                            .ascii = ascii,
                            .repeated = false});
    return true;
  }

  Tape& tape_;
  unsigned levels_max_;
  Reading reading_ = Reading::whole;
  Next next_ = Next::value;
  const char* base_;  // What lies at byte `shift_` of the text.
  std::size_t shift_ = 0;
  const char* at_;
  const char* text_end_;
  const char* end_;  // Of what may be looked at.
  bool in_tail_ = false;
  bool in_object_ = false;   // The innermost that is open is one.
  std::uint32_t count_ = 0;  // Of the nodes directly inside of it.
};

Tape::Reading Tape::read(View text, unsigned levels_max) {
  text_ = text;
  nodes_.clear();
  open_.clear();
  stopped_at_ = 0;
  if (text.size() > tape_text_bytes_max) return Reading::too_large;
  return Reader(*this, levels_max).run();
}

View Tape::unescaped(const Node& node, Bytes& scratch) const {
  const View text = inside(node);
  scratch.clear();
  Unescaper unescaper;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\\') {
      for (const std::size_t end = at + escape_size(text, at); at < end; ++at)
        unescaper.step(text[at], scratch);
      continue;
    }
    unescaper.finish(scratch);
    const View plain = text.substr(at, text.find('\\', at) - at);
    scratch.append(plain);
    at += plain.size();
  }
  unescaper.finish(scratch);
  return scratch;
}

std::size_t Tape::length(const Node& node) const {
  const View text = inside(node);
  if (!node.escaped) return node.ascii ? text.size() : text::utf8_length(text);
  std::size_t length = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\\') {
      if (is_surrogate_pair(text.substr(at))) at += unicode_escape_size;
      at += escape_size(text, at);
      ++length;
      continue;
    }
    const View plain = text.substr(at, text.find('\\', at) - at);
    length += node.ascii ? plain.size() : text::utf8_length(plain);
    at += plain.size();
  }
  return length;
}

Tape::Index Tape::member(Index object, View name) const {
  Index found = 0;
  Bytes scratch;
  each_member(object, [&](Index at, Index value) {
    if (string(nodes_[at], scratch) == name) found = value;
  });
  return found;
}

Bytes Tape::pointer(Index index) const {
  Bytes out;
  Bytes scratch;
  for (Index outer = 0; outer != index;) {
    const bool object = nodes_[outer].kind == Kind::object;
    Index inner = outer + 1;
    std::size_t position = 0;
    const auto behind = [&] { return nodes_[object ? inner + 1 : inner].end; };
    for (; behind() <= index; inner = behind()) ++position;
    if (!object) {
      out = element_pointer(out, position);
      outer = inner;
      continue;
    }
    out = member_pointer(out, string(nodes_[inner], scratch));
    if (inner == index) break;
    outer = inner + 1;
  }
  return out;
}

void Tape::mark_repeated(Index object) {
  const std::size_t count = nodes_[object].size;
  if (count < 2) return;
  if (count > Names::count_max) return mark_repeated_of_many(object);
  Names names;
  std::uint64_t bits = 0;
  bool alike = false;  // Two of them, perhaps.
  for (Index at = object + 1; at < nodes_[object].end; at = nodes_[at + 1].end) {
    if (nodes_[at].escaped) return mark_repeated_of_many(object);
    const std::uint32_t look = look_of(inside(nodes_[at]));
    const std::uint64_t bit = std::uint64_t{1} << (look >> 26);
    alike |= (bits & bit) != 0;
    bits |= bit;
    names.looks[names.count] = look;
    names.indices[names.count++] = at;
  }
  if (alike) mark_repeated_of_few(object, names);
}

void Tape::mark_repeated_of_few(Index object, const Names& names) {
  for (std::size_t i = 0; i + 1 < names.count; ++i) {
    Node& node = nodes_[names.indices[i]];
    for (std::size_t j = i + 1; j < names.count && !node.repeated; ++j)
      node.repeated =
          names.looks[i] == names.looks[j] && inside(node) == inside(nodes_[names.indices[j]]);
    if (node.repeated) --nodes_[object].size;
  }
}

void Tape::mark_repeated_of_many(Index object) {
  const std::size_t places = std::bit_ceil(std::size_t{nodes_[object].size} * 2);
  table_.assign(places, 0);
  for (Index at = object + 1; at < nodes_[object].end; at = nodes_[at + 1].end) {
    const View name = string(nodes_[at], scratch_[0]);
    std::size_t place = text::siphash128(secret_, name)[0] & (places - 1);
    for (; table_[place] != 0; place = (place + 1) & (places - 1)) {
      Node& other = nodes_[table_[place]];
      if (string(other, scratch_[1]) != name) continue;
      other.repeated = true;
      --nodes_[object].size;
      break;
    }
    table_[place] = at;
  }
}

}  // namespace edgebatch::json
