#include "core/json/tape.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/json/cursor.hpp"
#include "core/json/literal_string.hpp"
#include "core/json/pointer.hpp"
#include "core/json/value.hpp"
#include "core/json/whole_tokens.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::json {

namespace {

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

class Tape::Reader {
 public:
  Reader(Tape& tape, unsigned levels_max)
      : tape_(tape), levels_max_(levels_max), cursor_(tape.text_, tape.tail_) {}

  Reading run() {
    bool good = true;
    while (good && cursor_.skip_space()) good = step();
    tape_.stopped_at_ = cursor_.offset();
    if (reading_ != Reading::whole) return reading_;
    const bool ended = tape_.open_.empty() && next_ == Next::separator;
    return good && ended ? Reading::whole : Reading::not_json;
  }

 private:
  bool step() {
    switch (next_) {
      case Next::value_or_end:
        if (cursor_.byte() == ']') return close();
        [[fallthrough]];
      case Next::value: return value();
      case Next::name_or_end:
        if (cursor_.byte() == '}') return close();
        [[fallthrough]];
      case Next::name: return cursor_.byte() == '"' && string(Next::colon);
      case Next::colon: return pass_colon();
      case Next::separator: return separate();
    }
    return false;
  }

  bool separate() {
    if (tape_.open_.empty()) return false;
    return pass_comma() || (cursor_.byte() == (in_object_ ? '}' : ']') && close());
  }

  bool pass_colon() {
    if (!cursor_.pass(':')) return false;
    next_ = Next::value;
    return true;
  }

  bool pass_comma() {
    if (!cursor_.pass(',')) return false;
    next_ = in_object_ ? Next::name : Next::value;
    return true;
  }

  // Behind a value. There is a byte behind every token; mostly it is a comma.
  void end_value() {
    next_ = Next::separator;
    if (!tape_.open_.empty()) pass_comma();
  }

  bool value() {
    switch (cursor_.byte()) {
      case '{': return open(Kind::object, Next::name_or_end);
      case '[': return open(Kind::array, Next::value_or_end);
      case '"': return string(Next::separator);
      case 't':
      case 'f': return scalar(Kind::boolean, cursor_.literal());
      case 'n': return scalar(Kind::null, cursor_.literal());
      default: return scalar(Kind::number, cursor_.number());
    }
  }

  bool scalar(Kind kind, View token) {
    if (token.empty() || !add(kind, cursor_.offset_of(token), token.size())) return false;
    end_value();
    return true;
  }

  bool string(Next next) {
    LiteralString token;
    if (!cursor_.string(token)) return false;
    if (!add(Kind::string, cursor_.offset_of(token.inside), token.inside.size(), token.escaped,
             token.ascii))
      return false;
    if (next == Next::separator) {
      end_value();
    } else {
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
    if (!add(kind, cursor_.offset(), 0)) return false;
    tape_.open_.push_back({.index = tape_.size() - 1, .count = count_});
    count_ = 0;
    in_object_ = kind == Kind::object;
    next_ = next;
    cursor_.pass_bytes(1);
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
    cursor_.pass_bytes(1);
    return true;
  }

  // Flags are those of a string.
  bool add(Kind kind, std::size_t offset, std::size_t size, bool escaped = false,
           bool ascii = true) {
    const Index index = tape_.size();
    if (index == tape_nodes_count_max) {
      reading_ = Reading::too_large;
      return false;
    }
    ++count_;
    tape_.nodes_.push_back({.offset = static_cast<std::uint32_t>(offset),
                            .size = static_cast<std::uint32_t>(size),
                            .end = index + 1,
                            .kind = kind,
                            .escaped = escaped,
                            .ascii = ascii,
                            .repeated = false});
    return true;
  }

  Tape& tape_;
  unsigned levels_max_;
  Cursor cursor_;
  Reading reading_ = Reading::whole;
  Next next_ = Next::value;
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
