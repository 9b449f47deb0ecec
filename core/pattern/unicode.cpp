#include "core/pattern/unicode.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "core/pattern/code_points.hpp"
#include "core/pattern/unicode_tables.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::pattern {
namespace {

using Table = std::span<const std::uint8_t>;

// Takes numbers off a table's front.
class Reader {
 public:
  explicit Reader(Table table) : table_(table) {}

  bool done() const { return at_ == table_.size(); }
  std::uint8_t byte() { return table_[at_++]; }
  char32_t varint() {
    char32_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint8_t next = byte();
      value |= static_cast<char32_t>(next & 0x7F) << shift;
      if (next < 0x80) return value;
    }
  }
  std::uint32_t mask() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 32; shift += 8)
      value |= static_cast<std::uint32_t>(byte()) << shift;
    return value;
  }
  CodePoints ranges() {
    CodePoints out;
    char32_t at = 0;
    for (char32_t left = varint(); left > 0; --left) {
      at += varint();
      const char32_t size = varint();
      out.append(at, at + size - 1);
      at += size;
    }
    return out;
  }

 private:
  Table table_;
  std::size_t at_ = 0;
};

// The number of the row that has this name; rows end with a bar, names with a space or a bar.
std::optional<std::size_t> row_of(View rows, View name) {
  std::size_t row = 0;
  for (std::size_t begin = 0; begin < rows.size();) {
    const std::size_t end = rows.find_first_of(" |", begin);
    if (rows.substr(begin, end - begin) == name) return row;
    if (rows[end] == '|') ++row;
    begin = end + 1;
  }
  return std::nullopt;
}

CodePoints in_categories(std::uint32_t mask) {
  CodePoints out;
  Reader reader(tables::category_runs);
  for (char32_t at = 0; !reader.done();) {
    const std::uint8_t run = reader.byte();
    const char32_t size = (run & 7) != 0 ? run & 7 : reader.varint();
    if ((mask >> (run >> 3) & 1) != 0) out.append(at, at + size - 1);
    at += size;
  }
  return out;
}

std::optional<CodePoints> category(View name) {
  if (const auto row = row_of(tables::category_names, name))
    return in_categories(std::uint32_t{1} << *row);
  if (const auto row = row_of(tables::category_group_names, name))
    return in_categories(tables::category_groups[*row]);
  return std::nullopt;
}

CodePoints in_script(std::size_t row) {
  CodePoints scriptless = in_categories(tables::scriptless_categories);
  if (row == *row_of(tables::script_names, "Zzzz")) return scriptless;
  CodePoints out;
  Reader reader(tables::script_runs);
  for (char32_t at = 0; !reader.done();) {
    const char32_t size = reader.varint();
    if (reader.byte() == row) out.append(at, at + size - 1);
    at += size;
  }
  return out & ~scriptless;
}

std::optional<CodePoints> script(View name) {
  const auto row = row_of(tables::script_names, name);
  if (!row) return std::nullopt;
  return in_script(*row);
}

std::optional<CodePoints> script_extensions(View name) {
  const auto row = row_of(tables::script_names, name);
  if (!row) return std::nullopt;
  Reader reader(tables::script_extensions);
  for (std::size_t before = 0; before < *row; ++before) reader.ranges();
  return in_script(*row) ^ reader.ranges();
}

std::optional<CodePoints> binary(View name) {
  const auto row = row_of(tables::binary_names, name);
  if (!row) return std::nullopt;
  Reader reader(tables::binaries);
  for (std::size_t before = 0; before < *row; ++before) {
    reader.mask();
    reader.ranges();
  }
  const CodePoints categories = in_categories(reader.mask());
  return categories ^ reader.ranges();
}

}  // namespace

std::optional<CodePoints> property(View text) {
  const std::size_t equals = text.find('=');
  if (equals == View::npos) {
    if (const auto found = category(text)) return found;
    return binary(text);
  }
  const View name = text.substr(0, equals);
  const View value = text.substr(equals + 1);
  if (name == "gc" || name == "General_Category") return category(value);
  if (name == "sc" || name == "Script") return script(value);
  if (name == "scx" || name == "Script_Extensions") return script_extensions(value);
  return std::nullopt;
}

const CodePoints* Properties::find(View text) {
  for (const Known& known : known_)
    if (known.text == text) return &known.points;
  auto points = property(text);
  if (!points) return nullptr;
  return &known_.emplace_back(Known{Bytes(text), *std::move(points)}).points;
}

CodePoints digits() { return {'0', '9'}; }

// Space separators and line breaks, and U+FEFF. Written out, as patterns have many.
CodePoints whitespace() {
  CodePoints out('\t', '\r');
  out.append(' ', ' ');
  out.append(0xA0, 0xA0);
  out.append(0x1680, 0x1680);
  out.append(0x2000, 0x200A);
  out.append(0x2028, 0x2029);
  out.append(0x202F, 0x202F);
  out.append(0x205F, 0x205F);
  out.append(0x3000, 0x3000);
  out.append(0xFEFF, 0xFEFF);
  return out;
}

CodePoints words() {
  CodePoints out = digits();
  out.append('A', 'Z');
  out.append('_', '_');
  out.append('a', 'z');
  return out;
}

CodePoints line_breaks() {
  CodePoints out('\n', '\n');
  out.append('\r', '\r');
  out.append(0x2028, 0x2029);
  return out;
}

}  // namespace edgebatch::pattern
