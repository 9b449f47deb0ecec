#include "core/http/event_stream.hpp"

#include <algorithm>
#include <cstddef>

#include "core/text/bytes.hpp"

namespace edgebatch::http {

namespace {

constexpr View byte_order_mark = "\xEF\xBB\xBF";

std::size_t line_end(View text) {
  const auto ends = [](char byte) { return byte == '\n' || byte == '\r'; };
  return static_cast<std::size_t>(std::find_if(text.begin(), text.end(), ends) - text.begin());
}

}  // namespace

bool EventReader::fits(std::size_t more) const {
  return data_.size() <= bytes_max_ && line_.size() <= bytes_max_ - data_.size() &&
         more <= bytes_max_ - data_.size() - line_.size();
}

bool EventReader::feed(View piece, const See& see) {
  while (!too_large_ && !piece.empty()) {
    if (behind_cr_ && piece.front() == '\n') piece.remove_prefix(1);
    behind_cr_ = false;

    const std::size_t end = line_end(piece);
    too_large_ = !fits(end);
    if (too_large_) break;
    if (end == piece.size()) {
      line_.append(piece);
      break;
    }
    if (line_.empty()) {
      end_line(piece.substr(0, end), see);
    } else {
      end_line(line_.append(piece.substr(0, end)), see);
      line_.clear();
    }
    behind_cr_ = piece[end] == '\r';
    piece.remove_prefix(end + 1);
  }
  return !too_large_;
}

void EventReader::end_line(View line, const See& see) {
  if (first_line_ && line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  first_line_ = false;

  if (line.empty()) {
    if (!data_.empty()) see(type_, View(data_).substr(0, data_.size() - 1));
    type_.clear();
    data_.clear();
    return;
  }
  const std::size_t colon = std::min(line.find(':'), line.size());
  View value = line.substr(std::min(colon + 1, line.size()));
  if (value.starts_with(' ')) value.remove_prefix(1);
  field(line.substr(0, colon), value);
}

void EventReader::field(View name, View value) {
  if (name == "data") {
    data_.append(value).push_back('\n');
  } else if (name == "event") {
    type_ = value;
  } else if (!name.empty() && name != "id" && name != "retry") {  // A comment has no name.
    foreign_ = true;
  }
}

}  // namespace edgebatch::http
