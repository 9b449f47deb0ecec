#include "core/http/multipart.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/http/parameters.hpp"
#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::http {
namespace {

constexpr View crlf = "\r\n";

std::size_t common_prefix(View a, View b) {
  const auto size = std::min(a.size(), b.size());
  const auto ends =
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(size), b.begin());
  return static_cast<std::size_t>(ends.first - a.begin());
}

bool is_control(char c) { return static_cast<std::uint8_t>(c) < 0x20 || c == '\x7F'; }

bool is_token(View text) {
  constexpr View letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr View signs = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return letters.find(c) != View::npos || signs.find(c) != View::npos;
  });
}

Bytes without_escaped_quotes(View text) {
  constexpr View escaped_quote = "%22";
  Bytes out;
  for (auto at = text.find(escaped_quote); at != View::npos; at = text.find(escaped_quote)) {
    out.append(text.substr(0, at)).push_back('"');
    text.remove_prefix(at + escaped_quote.size());
  }
  return out.append(text);
}

View last_of_path(View path) { return path.substr(path.find_last_of("/\\") + 1); }

}  // namespace

std::optional<Bytes> multipart_boundary(View content_type) {
  const auto parsed = parse_parameterized(content_type);
  if (!parsed || !text::equal_ignoring_case(parsed->value, "multipart/form-data"))
    return std::nullopt;
  const auto boundary = parsed->find("boundary");
  if (!boundary || boundary->empty() || boundary->size() > boundary_bytes_max) return std::nullopt;
  if (boundary->ends_with(' ') || std::any_of(boundary->begin(), boundary->end(), is_control)) {
    return std::nullopt;
  }
  return Bytes(*boundary);
}

View describe(MultipartFault fault) {
  switch (fault) {
    case MultipartFault::none: return "The multipart body is well-formed.";
    case MultipartFault::no_first_delimiter:
      return "The multipart body must begin with `--` and the boundary that its Content-Type "
             "names.";
    case MultipartFault::bad_part_headers:
      return "A part of the multipart body must begin with `Name: value` lines, among them "
             "`Content-Disposition: form-data`, and an empty line, each ended by CRLF.";
    case MultipartFault::part_headers_too_long:
      return "The headers of a part of the multipart body must not be longer than 16 KiB.";
    case MultipartFault::too_many_parts:
      return "The multipart body must not have more than 64 parts.";
    case MultipartFault::bad_delimiter:
      return "A boundary line of the multipart body must end with CRLF, or with `--` behind the "
             "last "
             "part.";
    case MultipartFault::cut_off:
      return "The multipart body ended too early: its last line must be `--`, the boundary and "
             "`--`.";
  }
  return {};
}
static_assert(part_headers_bytes_max == 16 * 1024 && parts_count_max == 64);  // As described.

// A body begins as if the CRLF of a delimiter had just been read.
MultipartReader::MultipartReader(View boundary)
    : delimiter_(Bytes(crlf) + "--" + Bytes(boundary)),
      matched_(crlf.size()),
      foreign_(crlf.size()) {}

std::optional<PartEvent> MultipartReader::next(View& piece) {
  while (fault_ == MultipartFault::none && (!piece.empty() || delimiter_complete())) {
    std::optional<PartEvent> event;
    const std::size_t left = piece.size();
    switch (state_) {
      case State::preamble:
      case State::data: event = search(piece); break;
      case State::headers: event = read_headers(piece); break;
      case State::behind_delimiter:
      case State::behind_dash:
      case State::behind_blank:
      case State::behind_cr:
        step_behind_delimiter(piece.front());
        piece.remove_prefix(1);
        break;
      case State::done: piece = {}; break;
    }
    taken_bytes_ += left - piece.size();
    if (event) return event;
  }
  return std::nullopt;
}

MultipartFault MultipartReader::finish() {
  if (fault_ == MultipartFault::none && state_ != State::done) {
    const bool no_delimiter = state_ == State::preamble && preamble_bytes_ > 0;
    fault_ = no_delimiter ? MultipartFault::no_first_delimiter : MultipartFault::cut_off;
  }
  return fault_;
}

std::optional<PartEvent> MultipartReader::fail(MultipartFault fault) {
  fault_ = fault;
  return std::nullopt;
}

// ---- Looking for delimiters

std::optional<PartEvent> MultipartReader::search(View& in) {
  const bool in_part = state_ == State::data;
  const View data = take_data(in);
  if (!data.empty() && in_part) return PartData{data};
  if (!data.empty()) count_preamble(data);
  if (!data.empty() || !delimiter_complete()) return std::nullopt;
  matched_ = 0;
  state_ = State::behind_delimiter;
  if (in_part) return PartEnd{};
  return std::nullopt;
}

// Takes a run of data and the start of a delimiter behind it, as far as they go. Without data,
// either the delimiter is complete or `in` is empty.
View MultipartReader::take_data(View& in) {
  if (delimiter_complete()) return {};
  if (matched_ > 0) {
    const auto more = common_prefix(in, View(delimiter_).substr(matched_));
    in.remove_prefix(more);
    matched_ += more;
    if (delimiter_complete() || in.empty()) return {};
    const View held = View(delimiter_).substr(foreign_, matched_ - foreign_);
    matched_ = 0;
    foreign_ = 0;
    if (!held.empty()) return held;
  }
  return take_scanned(in);
}

// Every byte is looked at once: a CR stands only at the start of the delimiter, so where a match
// breaks off, the next one can't begin before that.
View MultipartReader::take_scanned(View& in) {
  for (auto at = in.find('\r'); at != View::npos; at = in.find('\r', at)) {
    const auto size = common_prefix(in.substr(at), delimiter_);
    const bool undecided = at + size == in.size();
    if (undecided || size == delimiter_.size()) {
      const View data = in.substr(0, at);
      in.remove_prefix(at + size);
      matched_ = size;
      return data;
    }
    at += size;
  }
  return std::exchange(in, {});
}

void MultipartReader::count_preamble(View data) {
  preamble_bytes_ += data.size();
  if (preamble_bytes_ > preamble_bytes_max) fail(MultipartFault::no_first_delimiter);
}

void MultipartReader::step_behind_delimiter(char byte) {
  const bool blank = byte == ' ' || byte == '\t';
  const bool fresh = state_ == State::behind_delimiter;
  if (state_ == State::behind_cr && byte == '\n') {
    begin_part();
  } else if (state_ == State::behind_dash && byte == '-') {
    state_ = State::done;
  } else if (fresh && byte == '-') {
    state_ = State::behind_dash;
  } else if ((fresh || state_ == State::behind_blank) && blank) {
    state_ = State::behind_blank;
  } else if ((fresh || state_ == State::behind_blank) && byte == '\r') {
    state_ = State::behind_cr;
  } else {
    fail(MultipartFault::bad_delimiter);
  }
}

// ---- Part headers

void MultipartReader::begin_part() {
  state_ = State::headers;
  headers_bytes_ = 0;
  disposition_read_ = false;
  if (++parts_count_ > parts_count_max) fail(MultipartFault::too_many_parts);
}

std::optional<PartEvent> MultipartReader::read_headers(View& in) {
  const auto end = in.find('\n');
  const View taken = end == View::npos ? in : in.substr(0, end + 1);
  in.remove_prefix(taken.size());
  headers_bytes_ += taken.size();
  if (headers_bytes_ > part_headers_bytes_max) return fail(MultipartFault::part_headers_too_long);
  line_.append(taken);
  if (end == View::npos) return std::nullopt;
  part_.offset = taken_bytes_ + taken.size();  // If this line is the empty one.
  return end_header_line();
}

std::optional<PartEvent> MultipartReader::end_header_line() {
  const Bytes line = std::exchange(line_, {});
  if (!line.ends_with(crlf)) return fail(MultipartFault::bad_part_headers);
  if (line != crlf) {
    const View header = View(line).substr(0, line.size() - crlf.size());
    return read_header(header) ? std::nullopt : fail(MultipartFault::bad_part_headers);
  }
  if (!disposition_read_) return fail(MultipartFault::bad_part_headers);
  // A delimiter right behind the empty line shares its CRLF: RFC 2046's part without a body.
  state_ = State::data;
  matched_ = crlf.size();
  foreign_ = crlf.size();
  return std::exchange(part_, {});
}

bool MultipartReader::read_header(View line) {
  const auto colon = line.find(':');
  const bool folded = line.front() == ' ' || line.front() == '\t';
  if (colon == View::npos || folded) return false;
  const View name = text::trimmed(line.substr(0, colon));
  const View value = text::trimmed(line.substr(colon + 1));
  const bool bad_value =
      std::any_of(value.begin(), value.end(), [](char c) { return is_control(c) && c != '\t'; });
  if (!is_token(name) || bad_value) return false;
  if (text::equal_ignoring_case(name, "content-disposition")) return read_disposition(value);
  if (text::equal_ignoring_case(name, "content-type"))
    part_.content_type = text::utf8_repaired(value);
  return true;
}

bool MultipartReader::read_disposition(View value) {
  const auto parsed = parse_parameterized(value);
  if (!parsed || !text::equal_ignoring_case(parsed->value, "form-data")) return false;
  disposition_read_ = true;
  const auto readable = [](View raw) { return text::utf8_repaired(without_escaped_quotes(raw)); };
  if (const auto name = parsed->find("name")) part_.name = readable(*name);
  if (const auto path = parsed->find("filename")) part_.filename = readable(last_of_path(*path));
  return true;
}

}  // namespace edgebatch::http
