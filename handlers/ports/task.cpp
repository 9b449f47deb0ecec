#include "handlers/ports/task.hpp"

#include <coroutine>
#include <utility>

#include "core/text/bytes.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"

namespace edgebatch::ports::detail {

Awaited::Awaited(Context& context, Port port, Bytes frame)
    : context_(context), frame_(std::move(frame)), port_(port) {}

Awaited::~Awaited() {
  if (id_ != 0) context_.forget(id_);  // Dropped while it waits.
}

void Awaited::await_suspend(std::coroutine_handle<> waiting) {
  waiting_ = waiting;
  id_ = context_.ask(port_, std::move(frame_), *this);
}

void Awaited::answer(View result) {
  id_ = 0;
  result_ = result;
  waiting_.resume();  // Last: it may end this awaiter's life.
}

}  // namespace edgebatch::ports::detail
