#include "core/text/utf8.hpp"

#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/unit/text/exact.hpp"

namespace edgebatch::text {
namespace {

Bytes octets(std::initializer_list<int> values) {
  Bytes out;
  for (const int value : values) out.push_back(static_cast<char>(value));
  return out;
}

Bytes encoded(char32_t code_point) {
  Bytes out;
  append_utf8(out, code_point);
  return out;
}

bool is_continuation(std::uint32_t byte) { return byte >= 0x80 && byte <= 0xBF; }

// Unicode's table 3-7, "Well-Formed UTF-8 Byte Sequences", for one character.
bool well_formed(const Bytes& text) {
  std::array<std::uint32_t, 4> b{};
  for (std::size_t i = 0; i < text.size(); ++i) b[i] = static_cast<std::uint8_t>(text[i]);
  switch (text.size()) {
    case 1: return b[0] <= 0x7F;
    case 2: return b[0] >= 0xC2 && b[0] <= 0xDF && is_continuation(b[1]);
    case 3: {
      const bool second = (b[0] == 0xE0 && b[1] >= 0xA0 && b[1] <= 0xBF) ||
                          (b[0] == 0xED && b[1] >= 0x80 && b[1] <= 0x9F) ||
                          (b[0] >= 0xE1 && b[0] <= 0xEF && b[0] != 0xED && is_continuation(b[1]));
      return second && is_continuation(b[2]);
    }
    case 4: {
      const bool second = (b[0] == 0xF0 && b[1] >= 0x90 && b[1] <= 0xBF) ||
                          (b[0] == 0xF4 && b[1] >= 0x80 && b[1] <= 0x8F) ||
                          (b[0] >= 0xF1 && b[0] <= 0xF3 && is_continuation(b[1]));
      return second && is_continuation(b[2]) && is_continuation(b[3]);
    }
    default: return false;
  }
}

const std::vector<Bytes>& invalid_texts() {
  static const std::vector<Bytes> texts{
      octets({0x80}),                    // A continuation byte alone,
      octets({0xBF}),                    //
      octets({0xC0, 0x80}),              // overlong in two bytes,
      octets({0xC1, 0xBF}),              //
      octets({0xE0, 0x80, 0x80}),        // in three,
      octets({0xE0, 0x9F, 0xBF}),        //
      octets({0xF0, 0x80, 0x80, 0x80}),  // in four,
      octets({0xF0, 0x8F, 0xBF, 0xBF}),  //
      octets({0xED, 0xA0, 0x80}),        // the first surrogate,
      octets({0xED, 0xBF, 0xBF}),        // the last,
      octets({0xF4, 0x90, 0x80, 0x80}),  // U+110000,
      octets({0xF5, 0x80, 0x80, 0x80}),  // lead bytes that never stand,
      octets({0xF8, 0x88, 0x80, 0x80, 0x80}),
      octets({0xFE}),
      octets({0xFF}),
      octets({0xC3, 0x41}),  // characters broken off by ASCII,
      octets({0xE2, 0x82, 0x41}),
      octets({0xF0, 0x9F, 0x98, 0x41}),
      octets({0xC3, 0xC3, 0xA4}),  // by another character,
      octets({0xC3, 0xA4, 0xA4}),  // and one continuation byte too many.
  };
  return texts;
}

}  // namespace

TEST_CASE("append_utf8: every code point → valid, or U+FFFD where it is none") {
  std::size_t wrong = 0;
  for (char32_t point = 0; point <= 0x11'0100; ++point) {
    const Bytes text = encoded(point);
    const bool scalar = point < 0xD800 || (point > 0xDFFF && point <= 0x10'FFFF);
    const std::size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1'0000 ? 3 : 4;
    const bool right = scalar ? utf8_valid(text) && text.size() == size : text == "\xEF\xBF\xBD";
    if (!right) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(encoded(U'A') == "A");
  CHECK(encoded(U'ä') == "\xC3\xA4");
  CHECK(encoded(U'€') == "\xE2\x82\xAC");
  CHECK(encoded(U'😀') == "\xF0\x9F\x98\x80");
  CHECK(encoded(0x10'FFFF) == "\xF4\x8F\xBF\xBF");
  CHECK(encoded(0xFFFF'FFFF) == "\xEF\xBF\xBD");
}

TEST_CASE("utf8_valid: every one, two and three bytes → as Unicode's table says") {
  std::size_t wrong = 0;
  for (int a = 0; a < 256; ++a) {
    if (utf8_valid(octets({a})) != well_formed(octets({a}))) ++wrong;
    for (int b = 0; b < 256; ++b) {
      const Bytes two = octets({a, b});
      const bool both = well_formed(two.substr(0, 1)) && well_formed(two.substr(1));
      if (utf8_valid(two) != (well_formed(two) || both)) ++wrong;
      if (utf8_valid(two + "z") != (well_formed(two) || both)) ++wrong;
      if (a < 0xE0) continue;  // Otherwise three bytes are one and two, or two and one.
      for (int c = 0; c < 256; ++c) {
        const Bytes three = octets({a, b, c});
        if (utf8_valid(three) != well_formed(three)) ++wrong;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("utf8_valid: four bytes with each byte around its limits → as Unicode's table says") {
  std::size_t wrong = 0;
  for (int a = 0xEF; a <= 0xFF; ++a) {
    for (int b = 0; b < 256; ++b) {
      for (const int c : {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF}) {
        for (const int d : {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF}) {
          const Bytes text = octets({a, b, c, d});
          const bool three_and_one = well_formed(text.substr(0, 3)) && well_formed(text.substr(3));
          if (utf8_valid(text) != (well_formed(text) || three_and_one)) ++wrong;
        }
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("utf8_valid: a wrong byte at every place of a long ASCII text → found") {
  std::size_t wrong = 0;
  for (std::size_t size = 1; size <= 70; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      Bytes text(size, 'a');
      const bool before = utf8_valid(Exact(text).view());
      text[at] = '\x80';
      const bool after = utf8_valid(Exact(text).view());
      if (!before || after) {
        UNSCOPED_INFO("size " << size << ", wrong at " << at);
        ++wrong;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("utf8_valid: a character at every place of a long ASCII text → valid, cut off → not") {
  std::size_t wrong = 0;
  const Bytes character = "\xF0\x9F\x98\x80";
  for (std::size_t lead = 0; lead <= 40; ++lead) {
    for (std::size_t tail = 0; tail <= 40; ++tail) {
      const Bytes front(lead, 'a');
      const Bytes back(tail, 'z');
      const bool whole = utf8_valid(Exact(front + character + back).view());
      const bool cut = utf8_valid(Exact(front + character.substr(0, 3) + back).view());
      if (!whole || cut) {
        UNSCOPED_INFO(lead << " before, " << tail << " behind");
        ++wrong;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("Utf8Checker: valid text cut anywhere → stays valid, complete only between characters") {
  const Bytes text = "aä€😀" + Bytes(20, 'x') + "\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80z";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Utf8Checker checker;
    const bool inside = cut < text.size() && (static_cast<std::uint8_t>(text[cut]) & 0xC0) == 0x80;
    CAPTURE(cut);
    CHECK(checker.feed(Exact(text.substr(0, cut)).view()));
    CHECK(checker.complete() == !inside);
    CHECK(checker.feed(Exact(text.substr(cut)).view()));
    CHECK(checker.complete());
  }
}

TEST_CASE("Utf8Checker: valid text byte by byte → valid") {
  const Bytes text = "aä€😀" + Bytes(20, 'x') + "€";
  Utf8Checker checker;
  bool valid = true;
  for (const char byte : text) valid = checker.feed(View(&byte, 1)) && valid;
  CHECK(valid);
  CHECK(checker.complete());
}

TEST_CASE("Utf8Checker: invalid text cut anywhere → false from the same byte on, and it stays so") {
  for (const Bytes& invalid : invalid_texts()) {
    const Bytes text = "ok" + invalid + "and so on, longer than a word";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      Utf8Checker checker;
      checker.feed(Exact(text.substr(0, cut)).view());
      CAPTURE(invalid, cut);
      CHECK_FALSE(checker.feed(Exact(text.substr(cut)).view()));
      CHECK_FALSE(checker.feed("fine again"));
      CHECK_FALSE(checker.complete());
    }
  }
}

TEST_CASE("Utf8Checker: a character that can't go on → refused at that byte, not at the end") {
  Utf8Checker checker;
  CHECK(checker.feed("\xED"));
  CHECK_FALSE(checker.feed("\xA0"));  // Would become a surrogate.
}

TEST_CASE("Utf8Checker: nothing, or empty pieces → complete, and no change within a character") {
  Utf8Checker checker;
  CHECK(checker.complete());
  CHECK(checker.feed(View()));
  CHECK(checker.complete());
  CHECK(checker.feed("\xE2\x82"));
  CHECK(checker.feed(View()));
  CHECK_FALSE(checker.complete());
  CHECK(checker.feed("\xAC"));
  CHECK(checker.complete());
}

TEST_CASE("utf8_length: texts → their code points") {
  CHECK(utf8_length("") == 0);
  CHECK(utf8_length("abc") == 3);
  CHECK(utf8_length("aä€😀") == 4);
  CHECK(utf8_length(View("\0\0", 2)) == 2);
}

TEST_CASE("utf8_repaired: valid text → unchanged") {
  const Bytes text = "aä€😀 " + Bytes(40, 'x') + "\xEF\xBF\xBD";
  CHECK(utf8_repaired(Exact(text).view()) == text);
  CHECK(utf8_repaired("").empty());
}

// Unicode's tables 3-8 to 3-11, and what TextDecoder gives for the same bytes.
TEST_CASE("utf8_repaired: invalid bytes → U+FFFD for each maximal subpart") {
  const auto marks = [](std::size_t count) {
    Bytes out;
    for (std::size_t i = 0; i < count; ++i) out += "\xEF\xBF\xBD";
    return out;
  };
  CHECK(utf8_repaired(octets({0xC0, 0xAF, 0xE0, 0x80, 0xBF, 0xF0, 0x81, 0x82, 0x41})) ==
        marks(8) + "A");
  CHECK(utf8_repaired(octets({0xED, 0xA0, 0x80, 0xED, 0xBF, 0xBF, 0xED, 0xAF, 0x41})) ==
        marks(8) + "A");
  CHECK(utf8_repaired(octets({0xF4, 0x91, 0x92, 0x93, 0xFF, 0x41, 0x80, 0xBF, 0x42})) ==
        marks(5) + "A" + marks(2) + "B");
  CHECK(utf8_repaired(octets({0xE1, 0x80, 0xE2, 0xF0, 0x91, 0x92, 0xF1, 0xBF, 0x41})) ==
        marks(4) + "A");
  CHECK(utf8_repaired("a\xC3") == "a" + marks(1));
  CHECK(utf8_repaired("a\xF0\x9F\x98") == "a" + marks(1));
  CHECK(utf8_repaired("\xE2\x82\xC3\xA4") == marks(1) + "ä");
  CHECK(utf8_repaired("\xF0\x9F\xF0\x9F\x98\x80") == marks(1) + "😀");
}

TEST_CASE("utf8_repaired: any bytes → valid, and itself once repaired") {
  for (const Bytes& invalid : invalid_texts()) {
    const Bytes repaired = utf8_repaired(Exact("a" + invalid + "ä").view());
    CAPTURE(invalid);
    CHECK(utf8_valid(repaired));
    CHECK(repaired.starts_with('a'));
    CHECK(repaired.ends_with("ä"));
    CHECK(utf8_repaired(repaired) == repaired);
  }
}

TEST_CASE("utf8_characters: any two bytes at any place in blocks → as by bytes") {
  for (unsigned first = 0x70; first < 256; ++first) {
    for (unsigned second = 0; second < 256; second += (second < 0x70 ? 16 : 1)) {
      const Bytes pair{static_cast<char>(first), static_cast<char>(second)};
      for (const std::size_t before : {0U, 1U, 14U, 15U, 16U}) {
        for (const View behind : {View(), View("\x80"), View("\x80\x80"), View("abc\xC3\xA9")}) {
          const Bytes text = Bytes(before, 'a') + pair + Bytes(behind);
          const auto expected = utf8_characters_by_bytes(text);
          if (utf8_characters(text) != expected) {
            CAPTURE(first, second, before, behind.size());
            CHECK(utf8_characters(text) == expected);
          }
        }
      }
    }
  }
}

TEST_CASE("utf8_characters: texts → their code points, or nothing") {
  CHECK(utf8_characters("") == 0);
  CHECK(utf8_characters("abc") == 3);
  CHECK(utf8_characters("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80") == 3);
  CHECK(utf8_characters(Bytes(100, 'x') + "\xF4\x8F\xBF\xBF") == 101);
  for (const View wrong : {"\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                           "\xC0\x80", "\xE0\x80\xAF", "\xF0\x80\x80\x80"}) {
    CHECK_FALSE(utf8_characters(wrong));
    CHECK_FALSE(utf8_characters(Bytes(13, 'x') + Bytes(wrong)));
    CHECK_FALSE(utf8_characters(Bytes(wrong) + Bytes(40, 'x')));
  }
}

}  // namespace edgebatch::text
