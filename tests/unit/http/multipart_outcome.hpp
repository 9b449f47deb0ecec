// Reads a body in given pieces and writes down what came of it, for comparing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <variant>
#include <vector>

#include "core/http/multipart.hpp"
#include "core/text/bytes.hpp"

#include "tests/unit/text/exact.hpp"

namespace edgebatch::http {

struct Outcome {
  /// Begin, data (joined) and end of each part, and anything that must not be, as text.
  Bytes events;
  MultipartFault fault = MultipartFault::none;
  std::size_t copied_bytes = 0;  // Data that isn't the fed piece itself.

  bool operator==(const Outcome& other) const {
    return events == other.events && fault == other.fault;
  }
};

inline Bytes part(View name, std::optional<View> filename, View content_type, View data) {
  Bytes out = "[" + Bytes(name) + "|";
  out += filename ? Bytes(*filename) : "(none)";
  return out + "|" + Bytes(content_type) + "](" + Bytes(data) + ")\n";
}

class Recorder {
 public:
  explicit Recorder(View boundary) : reader_(boundary) {}

  void feed(View piece) {
    const Exact exact(piece);
    fed_ += piece;
    outcome_.fault =
        reader_.feed(exact.view(), [&](const PartEvent& event) { record(event, exact.view()); });
  }

  Outcome finish() {
    outcome_.fault = reader_.finish();
    return outcome_;
  }

 private:
  void record(const PartEvent& event, View piece) {
    if (outcome_.fault != MultipartFault::none) outcome_.events += "EVENT AFTER A FAULT ";
    if (const auto* begin = std::get_if<PartBegin>(&event)) {
      if (open_) outcome_.events += "BEGIN IN A PART ";
      open_ = true;
      data_at_ = begin->offset;
      const auto filename = begin->filename ? std::optional<View>(*begin->filename) : std::nullopt;
      const Bytes opening = part(begin->name, filename, begin->content_type, "");
      outcome_.events += opening.substr(0, opening.size() - 2);
      return;
    }
    if (!open_) outcome_.events += "EVENT OUTSIDE OF A PART ";
    if (const auto* data = std::get_if<PartData>(&event)) {
      if (data->bytes.empty()) outcome_.events += "EMPTY DATA ";
      if (!lies_in(data->bytes, piece)) outcome_.copied_bytes += data->bytes.size();
      // Where the part's beginning has said.
      if (View(fed_).substr(data_at_, data->bytes.size()) != data->bytes)
        outcome_.events += "DATA THAT LIE ELSEWHERE ";
      data_at_ += data->bytes.size();
      outcome_.events += data->bytes;
      return;
    }
    open_ = false;
    outcome_.events += ")\n";
  }

  static bool lies_in(View inner, View outer) {
    const std::less_equal<> not_after;
    return not_after(outer.data(), inner.data()) &&
           not_after(inner.data() + inner.size(), outer.data() + outer.size());
  }

  MultipartReader reader_;
  Outcome outcome_;
  bool open_ = false;
  Bytes fed_;
  std::size_t data_at_ = 0;  // In what was fed: of the next data.
};

inline Outcome read_pieces(View boundary, const std::vector<View>& pieces) {
  Recorder recorder(boundary);
  for (const View piece : pieces) recorder.feed(piece);
  return recorder.finish();
}

inline Outcome read_whole(View boundary, View body) { return read_pieces(boundary, {body}); }

inline Outcome read_in_pieces_of(std::size_t size, View boundary, View body) {
  Recorder recorder(boundary);
  for (; !body.empty(); body.remove_prefix(std::min(size, body.size()))) {
    recorder.feed(body.substr(0, size));
  }
  return recorder.finish();
}

/// The places where a cut in two changes the outcome: none, if all is well.
inline std::vector<std::size_t> cuts_that_matter(View boundary, View body) {
  std::vector<std::size_t> wrong;
  const Outcome expected = read_whole(boundary, body);
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    if (read_pieces(boundary, {body.substr(0, cut), body.substr(cut)}) != expected) {
      wrong.push_back(cut);
    }
  }
  return wrong;
}

}  // namespace edgebatch::http
