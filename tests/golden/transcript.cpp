#include "tests/golden/transcript.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "core/http/message.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::golden {

namespace {

constexpr View fence = "```";
constexpr std::array<View, 4> kinds{"provider", "request", "response", "until"};
// Those of an answer that are compared, in this order.
constexpr std::array<View, 7> headers{"content-type", "content-range",  "www-authenticate", "allow",
                                      "retry-after",  "x-should-retry", "x-incomplete"};
constexpr std::array<View, 6> prefixes{"batch_req_", "batch_", "bpred_", "file-", "file_", "req_"};
constexpr std::size_t id_digits = 32;
constexpr View moment_shape = "dddd-dd-ddTdd:dd:dd.dddZ";

// `<fstream>` isn't there in WebAssembly.
Bytes read_file(const Bytes& path) {
  Bytes text;
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return text;
  std::array<char, 4'096> piece{};
  for (std::size_t size = 0; (size = std::fread(piece.data(), 1, piece.size(), file)) > 0;)
    text.append(piece.data(), size);
  std::fclose(file);
  return text;
}

View take_line(View& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const View line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

bool is_digit(char character) { return character >= '0' && character <= '9'; }
bool is_hex(char character) {
  return is_digit(character) || (character >= 'a' && character <= 'f');
}
bool is_word(char character) {
  return is_hex(character) || (character >= 'g' && character <= 'z') || character == '_' ||
         (character >= 'A' && character <= 'Z');
}

/// The prefix of the id that `text` begins with.
std::optional<View> id_prefix(View text) {
  for (const View prefix : prefixes) {
    if (!text.starts_with(prefix) || text.size() < prefix.size() + id_digits) continue;
    if (std::ranges::all_of(text.substr(prefix.size(), id_digits), is_hex)) return prefix;
  }
  return std::nullopt;
}

bool begins_with_moment(View text) {
  if (text.size() < moment_shape.size()) return false;
  for (std::size_t i = 0; i < moment_shape.size(); ++i)
    if (moment_shape[i] == 'd' ? !is_digit(text[i]) : text[i] != moment_shape[i]) return false;
  return true;
}

/// How many digits follow `_at":`, at the start of `text`.
std::size_t unix_digits(View text) {
  constexpr View front = "_at\":";
  if (!text.starts_with(front)) return 0;
  text.remove_prefix(front.size());
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

void replace_all(Bytes& text, View what, View by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != Bytes::npos; at += by.size())
    text.replace(at, what.size(), by);
}

}  // namespace

std::vector<Block> read_page(View name) {
  const Bytes page = read_file("tests/golden/" + Bytes(name));
  std::vector<Block> blocks;
  View rest = page;
  while (!rest.empty()) {
    const View line = take_line(rest);
    if (!line.starts_with(fence)) continue;
    const View kind = line.substr(fence.size());
    Bytes text;
    for (View inside = take_line(rest); inside != fence && !rest.empty(); inside = take_line(rest))
      text.append(text.empty() ? "" : "\n").append(inside);
    if (std::ranges::find(kinds, kind) != kinds.end())
      blocks.push_back({.kind = Bytes(kind), .text = std::move(text)});
  }
  return blocks;
}

const Bytes& Names::name_of(View id, View prefix) {
  for (const auto& [known, name] : names_)
    if (known == id) return name;
  const std::size_t count = ++counts_[Bytes(prefix)];
  names_.emplace_back(id, "{" + Bytes(prefix) + text::decimal(count) + "}");
  return names_.back().second;
}

Bytes Names::given(View text) {
  Bytes out;
  bool in_word = false;  // Ids begin where words do.
  for (std::size_t at = 0; at < text.size();) {
    const View rest = text.substr(at);
    const auto prefix = in_word ? std::nullopt : id_prefix(rest);
    if (prefix) {
      const std::size_t size = prefix->size() + id_digits;
      out += name_of(rest.substr(0, size), *prefix);
      at += size;
      in_word = true;
    } else if (begins_with_moment(rest)) {
      out += "{iso}";
      at += moment_shape.size();
    } else if (const std::size_t digits = unix_digits(rest); digits > 0) {
      out += "_at\":{unix}";
      at += View("_at\":").size() + digits;
    } else {
      in_word = is_word(rest.front());
      out += rest.front();
      ++at;
    }
  }
  return out;
}

Bytes Names::meant(View text) const {
  Bytes out(text);
  for (const auto& [id, name] : names_) replace_all(out, name, id);
  return out;
}

Asked request_of(View text) {
  Asked asked;
  const View first = take_line(text);
  const std::size_t space = first.find(' ');
  asked.request.method = first.substr(0, space);
  asked.request.target = first.substr(space + 1);
  bool is_form = false;
  while (!text.empty()) {
    const View line = take_line(text);
    if (line.empty()) break;
    const std::size_t colon = line.find(": ");
    asked.request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    is_form |= line.starts_with("content-type: multipart/");
  }
  asked.body = text;
  if (is_form) {
    asked.body += "\n";
    replace_all(asked.body, "\n", "\r\n");
  }
  return asked;
}

Bytes answer_text(const http::Response& response, View body) {
  Bytes out = text::decimal(response.status);
  for (const View name : headers)
    if (const auto value = http::find_header(response.headers, name))
      out.append("\n").append(name).append(": ").append(*value);
  if (body.ends_with('\n')) body.remove_suffix(1);
  if (!body.empty()) out.append("\n\n").append(body);
  return out;
}

}  // namespace edgebatch::golden
