#include "tests/protocol/open_answer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/text/bytes.hpp"
#include "handlers/ports/effect.hpp"

namespace edgebatch::protocol {

OpenAnswer::OpenAnswer(Bytes body, Schedule schedule)
    : body_(std::move(body)), schedule_(schedule) {
  if (schedule_.ends_at <= schedule_.deadline) return;
  body_.resize(arrived(schedule_.deadline));
  schedule_.ends_at = schedule_.deadline;
  schedule_.end = ports::Fault::late;
}

OpenAnswer::Piece OpenAnswer::read(Ms now, std::uint64_t bytes_min, Ms within_ms) {
  if (read_ == body_.size()) return {schedule_.end, std::max(now, schedule_.ends_at)};
  const std::size_t enough = std::min<std::size_t>(read_ + bytes_min, body_.size());
  const Ms any_at = std::max(now + within_ms, arrival_of(read_ + 1));
  const Ms at = std::max(now, std::min(arrival_of(enough), any_at));
  const std::size_t begin = std::exchange(read_, std::max(arrived(at), read_ + 1));
  return {body_.substr(begin, read_ - begin), at};
}

Ms OpenAnswer::arrival_of(std::size_t bytes) const {
  const Ms takes = schedule_.ends_at - schedule_.begins_at;
  return schedule_.begins_at +
         takes * static_cast<Ms>(bytes) / static_cast<Ms>(std::max<std::size_t>(body_.size(), 1));
}

std::size_t OpenAnswer::arrived(Ms when) const {
  const Ms takes = schedule_.ends_at - schedule_.begins_at;
  if (when >= schedule_.ends_at) return body_.size();
  const Ms passed = std::max<Ms>(0, when - schedule_.begins_at);
  return body_.size() * static_cast<std::size_t>(passed) / static_cast<std::size_t>(takes);
}

}  // namespace edgebatch::protocol
