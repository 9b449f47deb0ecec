#include "core/json/cursor.hpp"

#include <cstddef>

#include "core/json/characters.hpp"
#include "core/json/whole_tokens.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::json {

namespace {
constexpr std::size_t padding_bytes = 96;  // Behind the tail, so that every token is whole in it.
static_assert(padding_bytes >= 2 * static_cast<std::size_t>(lookahead));
}  // namespace

bool Cursor::skip_space_slowly() {
  while (at_ != text_end_ && is_space(*at_)) ++at_;
  if (at_ == text_end_) return false;
  if (end_ - at_ < lookahead) go_to_tail();
  return true;
}

void Cursor::go_to_tail() {
  const std::size_t done = offset();
  tail_->assign(at_, text_end_);
  const std::size_t size = tail_->size();
  tail_->append(padding_bytes, ' ');
  base_ = at_ = tail_->data();
  text_end_ = base_ + size;
  end_ = text_end_ + padding_bytes;
  shift_ = done;
  in_tail_ = true;
}

}  // namespace edgebatch::json
