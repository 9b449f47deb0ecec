// From the tree to its program: which positions may come first, which may follow which.
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "core/pattern/alphabet.hpp"
#include "core/pattern/code_points.hpp"
#include "core/pattern/pattern.hpp"
#include "core/pattern/positions.hpp"
#include "core/pattern/program.hpp"
#include "core/pattern/tree.hpp"
#include "core/pattern/unicode.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::pattern {

class Linker {
 public:
  Linker(const Tree& tree, Alphabet alphabet)
      : tree_(tree), program_(std::move(alphabet)), placed_(tree.sets().size()) {}

  std::variant<Program, Flaw> link(bool sees_words) {
    Piece whole = piece(tree_[tree_.root()]);
    const Position last = place();
    if (whole.nullable) whole.first.push_back(last);
    if (!over()) {
      connect(whole.last, std::span(&last, 1));
      program_.last_ = last;
      find_first(whole.first);
      size_words();
      find_matching();
    }
    if (const auto flaw = too_large()) return *flaw;
    program_.sees_words_ = sees_words;
    if (sees_words) find_word_symbols();
    return std::move(program_);
  }

 private:
  // Of a part of the pattern; positions ascend.
  struct Piece {
    std::vector<Position> first;
    std::vector<Position> last;
    bool nullable = true;
  };

  std::uint32_t mark() const { return static_cast<std::uint32_t>(program_.parts_.size()); }

  bool too_many_positions() const { return positions_count_ > positions_count_max; }
  bool too_many_assertions() const { return program_.assertions_.size() > assertions_count_max; }
  bool over() const {
    return too_many_positions() || too_many_assertions() ||
           jump_parts_count_ > jump_parts_count_max;
  }

  std::optional<Flaw> too_large() const {
    const auto flaw = [](const Bytes& what) {
      return Flaw{0, "the pattern is too large: " + what};
    };
    const View expanded = "with its repetitions written out it has more than ";
    if (too_many_positions()) {
      return flaw(Bytes(expanded) + text::decimal(positions_count_max) +
                  " characters and sets; a text's length is better limited by \"maxLength\"");
    }
    if (too_many_assertions()) {
      return flaw(Bytes(expanded) + text::decimal(assertions_count_max) +
                  " of ^, $, \\b and \\B; repeat fewer of them");
    }
    if (over()) {
      return flaw(
          "with its repetitions written out it has too many ways to go on; repeat fewer "
          "choices");
    }
    if (symbol_parts_count_ > symbol_parts_count_max)
      return flaw("it has too many different sets of characters; use fewer, or properties, \\p{…}");
    return std::nullopt;
  }

  Position place() { return static_cast<Position>(positions_count_++); }

  Piece piece(const Node& node) {
    if (over()) return {};
    switch (node.kind) {
      case Node::Kind::empty: break;
      case Node::Kind::points: return leaf(placed_[node.points]);
      case Node::Kind::assertion: return assertion(node.assertion);
      case Node::Kind::sequence: return sequence(tree_.children(node));
      case Node::Kind::choice: return choice(tree_.children(node));
      case Node::Kind::repetition: return repetition(node);
    }
    return {};
  }

  Piece leaf(std::vector<Position>& same) {
    const Position position = place();
    same.push_back(position);
    return {{position}, {position}, false};
  }

  Piece assertion(Assertion assertion) {
    const Position position = place();
    program_.assertions_.push_back({position, assertion, {}});
    return {{position}, {position}, false};
  }

  // Neighbours in pairs, pairs in pairs …: so what may be skipped is copied a few times only.
  Piece sequence(std::span<const Tree::Id> items) {
    std::vector<Piece> pieces;
    for (const Tree::Id item : items) pieces.push_back(piece(tree_[item]));
    while (pieces.size() > 1) {
      for (std::size_t i = 0; i + 1 < pieces.size(); i += 2)
        pieces[i / 2] = joined(std::move(pieces[i]), std::move(pieces[i + 1]));
      if (pieces.size() % 2 != 0) pieces[pieces.size() / 2] = std::move(pieces.back());
      pieces.resize((pieces.size() + 1) / 2);
    }
    return std::move(pieces.front());
  }

  Piece joined(Piece a, Piece b) {
    connect(a.last, b.first);
    if (a.nullable) append(a.first, b.first);
    if (b.nullable)
      append(a.last, b.last);
    else
      a.last = std::move(b.last);
    a.nullable = a.nullable && b.nullable;
    return a;
  }

  Piece choice(std::span<const Tree::Id> items) {
    Piece out;
    out.nullable = false;
    for (const Tree::Id item : items) {
      const Piece next = piece(tree_[item]);
      append(out.first, next.first);
      append(out.last, next.last);
      out.nullable = out.nullable || next.nullable;
    }
    return out;
  }

  // As many copies as there may be, any number from the least on being enough; of an unlimited
  // number the last one follows itself. A body that may be empty needs no way past itself: fewer
  // copies are as good.
  Piece repetition(const Node& node) {
    const Node& body = tree_[tree_.children(node)[0]];
    const std::uint32_t enough = std::max(node.min, 1U);
    const std::uint32_t copies = node.max == unlimited ? enough : node.max;
    Piece out;
    std::vector<Position> before;
    for (std::uint32_t copy = 1; copy <= copies && !over(); ++copy) {
      Piece next = piece(body);
      if (copy == 1)
        out.first = next.first;
      else
        connect(before, next.first);
      if (node.max == unlimited && copy == copies) connect(next.last, next.first);
      if (copy >= enough) append(out.last, next.last);
      before = std::move(next.last);
    }
    out.nullable = node.min == 0;
    return out;
  }

  static void append(std::vector<Position>& to, const std::vector<Position>& from) {
    to.insert(to.end(), from.begin(), from.end());
  }

  const Program::Assert* asserting(Position position) const { return find(program_, position); }
  template <class Of>
  static auto find(Of& program, Position position) -> decltype(program.assertions_.data()) {
    const auto at = std::lower_bound(
        program.assertions_.begin(), program.assertions_.end(), position,
        [](const Program::Assert& a, Position wanted) { return a.position < wanted; });
    return at != program.assertions_.end() && at->position == position ? &*at : nullptr;
  }

  // What has matched a character isn't at the text's start: no way leads from it to `^`.
  void connect(std::span<const Position> from, std::span<const Position> to) {
    std::vector<Position> reached;
    for (const Position position : to) {
      const Program::Assert* const assertion = asserting(position);
      if (assertion == nullptr || assertion->assertion != Assertion::start)
        reached.push_back(position);
    }
    std::vector<Position> matching;
    for (const Position position : from) {
      Program::Assert* const assertion = find(program_, position);
      if (assertion == nullptr)
        matching.push_back(position);
      else
        lead(*assertion, to);
    }
    if (matching.empty() || reached.empty()) return;
    if (matching.size() == 1 && reached.size() == 1 && reached[0] == matching[0] + 1)
      shifted_.push_back(reached[0]);
    else
      jump(matching, reached);
  }

  void lead(Program::Assert& assertion, std::span<const Position> to) {
    const std::size_t before = assertion.to.size();
    append_parts(assertion.to, to);
    jump_parts_count_ += assertion.to.size() - before;
  }

  void jump(std::span<const Position> from, std::span<const Position> to) {
    const std::uint32_t begin = mark();
    append_parts(program_.parts_, from);
    const std::uint32_t middle = mark();
    append_parts(program_.parts_, to);
    jump_parts_count_ += mark() - begin;
    if (middle == begin + 1 && mark() == middle + 1) {
      program_.short_jumps_.push_back({program_.parts_[begin], program_.parts_[middle]});
      program_.parts_.resize(begin);
    } else {
      program_.jumps_.push_back({{begin, middle}, {middle, mark()}});
    }
  }

  void find_first(const std::vector<Position>& first) {
    append_parts(program_.first_, first);
    for (const Position position : first) {
      const Program::Assert* const assertion = asserting(position);
      if (assertion == nullptr || assertion->assertion != Assertion::start)
        again_.push_back(position);
    }
  }

  void size_words() {
    program_.words_count_ = words_for(positions_count_);
    for (auto* set : {&program_.again_, &program_.shifted_, &program_.asserting_})
      set->assign(program_.words_count_, 0);
    for (const Position position : again_) put(program_.again_.data(), position);
    for (const Position position : shifted_) put(program_.shifted_.data(), position);
    for (const Program::Assert& assertion : program_.assertions_)
      put(program_.asserting_.data(), assertion.position);
    std::uint32_t before = 0;
    for (const Word word : program_.asserting_) {
      program_.asserting_before_.push_back(before);
      before += static_cast<std::uint32_t>(std::popcount(word));
    }
  }

  // For each symbol the positions of all sets that it is in.
  void find_matching() {
    std::vector<std::vector<Part>> matching(program_.alphabet_.size());
    for (std::size_t set = 0; set < placed_.size(); ++set) {
      std::vector<Part> parts;
      append_parts(parts, placed_[set]);
      for (const Alphabet::Symbol symbol : program_.alphabet_.symbols_in(tree_.sets()[set]))
        for (const Part& part : parts) add(matching[symbol], part);
      if (symbol_parts_count_ > symbol_parts_count_max) return;
    }
    for (const std::vector<Part>& parts : matching) {
      const std::uint32_t begin = mark();
      program_.parts_.insert(program_.parts_.end(), parts.begin(), parts.end());
      program_.matching_.push_back({begin, mark()});
    }
  }

  void add(std::vector<Part>& parts, const Part& part) {
    const auto at = std::lower_bound(
        parts.begin(), parts.end(), part,
        [](const Part& before, const Part& wanted) { return before.word < wanted.word; });
    if (at != parts.end() && at->word == part.word) {
      at->bits |= part.bits;
      return;
    }
    parts.insert(at, part);
    ++symbol_parts_count_;
  }

  void find_word_symbols() {
    program_.word_symbols_.assign(program_.alphabet_.size(), false);
    for (const Alphabet::Symbol symbol : program_.alphabet_.symbols_in(words()))
      program_.word_symbols_[symbol] = true;
  }

  const Tree& tree_;
  Program program_;
  std::vector<std::vector<Position>> placed_;  // For each set, where it stands.
  std::size_t positions_count_ = 0;
  std::size_t jump_parts_count_ = 0;
  std::size_t symbol_parts_count_ = 0;
  std::vector<Position> again_;
  std::vector<Position> shifted_;
};

std::variant<Program, Flaw> Program::of(const Tree& tree) {
  std::vector<CodePoints> sets = tree.sets();
  const bool sees_words = tree.has_boundaries();
  if (sees_words) sets.push_back(words());
  return Linker(tree, Alphabet(sets)).link(sees_words);
}

}  // namespace edgebatch::pattern
