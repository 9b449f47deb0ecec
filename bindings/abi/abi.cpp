// The only functions that a host calls. Integers in frames are little-endian u32; everything else
// is in the wire form of `core/text/wire.hpp`. A host never holds a call across a wait, and takes
// views of memory anew after each call. What any of these functions returns a pointer to is valid
// until the next call into the instance.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "bindings/abi/host_table.hpp"
#include "core/http/message.hpp"
#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "handlers/config.hpp"
#include "handlers/entry.hpp"
#include "handlers/gateway/gateway.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/operation.hpp"

#define EDGEBATCH_EXPORT(function) extern "C" __attribute__((export_name(#function), used))

using namespace edgebatch;

namespace {

/// The instance's state: WebAssembly's instances are the only globals here.
struct Instance {
  Config config = read_config({});
  Bytes shown;  // What the host reads.
};

Instance& instance() {
  static Instance the_instance;
  return the_instance;
}

void append_u32(Bytes& out, std::uint32_t value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

const char* show(Bytes bytes) {
  instance().shown = std::move(bytes);
  return instance().shown.data();
}

ports::Beginning beginning_of(const char* data, std::uint32_t size) {
  return wire::decode<ports::Beginning>({data, size}).value_or(ports::Beginning{});
}

}  // namespace

/// Memory for what a host hands in. Null never: an instance that is full traps.
EDGEBATCH_EXPORT(eb_alloc) char* eb_alloc(std::uint32_t size) {
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) __builtin_trap();
  return static_cast<char*>(memory);
}

EDGEBATCH_EXPORT(eb_free) void eb_free(char* memory) { std::free(memory); }

/// The host's variables, a vector of pairs of strings: once, before anything else.
EDGEBATCH_EXPORT(eb_configure) void eb_configure(const char* data, std::uint32_t size) {
  instance().config = read_config(wire::decode<Variables>({data, size}).value_or(Variables{}));
}

/// Whether this request (an http::Request) should have an instance of its own.
EDGEBATCH_EXPORT(eb_own_instance)
std::uint32_t eb_own_instance(const char* data, std::uint32_t size) {
  const auto request = wire::decode<http::Request>({data, size});
  return request && gateway::wants_own_instance(*request) ? 1 : 0;
}

/// Begins an operation (a ports::Beginning) for a request, or for a task of a turn. `eb_drop` ends
/// it.
EDGEBATCH_EXPORT(eb_request)
ports::Operation* eb_request(const char* data, std::uint32_t size) {
  return begin_request(instance().config, beginning_of(data, size)).release();
}
EDGEBATCH_EXPORT(eb_task) ports::Operation* eb_task(const char* data, std::uint32_t size) {
  return begin_task(instance().config, beginning_of(data, size)).release();
}

/// The next effect to carry out, or null: size of what follows, id, port
/// (handlers/ports/effect.hpp), payload.
EDGEBATCH_EXPORT(eb_effect) const char* eb_effect(ports::Operation* operation) {
  auto frame = operation->next_frame();
  if (!frame) return nullptr;
  Bytes bytes;
  bytes.reserve(12 + frame->payload.size());
  append_u32(bytes, static_cast<std::uint32_t>(8 + frame->payload.size()));
  append_u32(bytes, frame->id);
  append_u32(bytes, static_cast<std::uint32_t>(frame->port));
  bytes += frame->payload;
  return show(std::move(bytes));
}

/// The result of an effect: a byte for the fault, and what the effect brings.
EDGEBATCH_EXPORT(eb_resume)
void eb_resume(ports::Operation* operation, std::uint32_t id, double now_ms, const char* data,
               std::uint32_t size) {
  operation->resume(id, static_cast<Ms>(now_ms), {data, size});
}

EDGEBATCH_EXPORT(eb_drop) void eb_drop(ports::Operation* operation) {
  const std::unique_ptr<ports::Operation> dropped(operation);
}

/// One turn (a ports::TurnInput) over the rows that the imports reach: size, then a
/// ports::TurnOutput.
EDGEBATCH_EXPORT(eb_turn) const char* eb_turn(const char* data, std::uint32_t size) {
  const auto input = wire::decode<ports::TurnInput>({data, size});
  if (!input) __builtin_trap();  // Nothing may be written for a turn that can't be read.
  abi::HostTable table;
  const Bytes output = wire::encode(take_turn(table, *input));
  Bytes bytes;
  append_u32(bytes, static_cast<std::uint32_t>(output.size()));
  bytes += output;
  return show(std::move(bytes));
}
