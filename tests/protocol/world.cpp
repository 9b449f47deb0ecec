#include "tests/protocol/world.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/http/composed.hpp"
#include "core/http/message.hpp"
#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/sha256.hpp"
#include "core/text/wire.hpp"
#include "handlers/config.hpp"
#include "handlers/entry.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/operation.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::protocol {

namespace {

using ports::Fault;
using ports::Port;

/// What was written by the code itself: if it can't be read, there is nothing to go on with.
template <class T>
T decoded(View bytes) {
  auto value = wire::decode<T>(bytes);
  if (!value) std::abort();
  return std::move(*value);
}

Bytes base64(View plain) {
  constexpr View digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Bytes out;
  for (std::size_t at = 0; at < plain.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, plain.size() - at);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = bits << 8 | (i < count ? static_cast<unsigned char>(plain[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      out += i <= count ? digits[bits >> (18 - 6 * i) & 63U] : '=';
  }
  return out;
}

/// As it stands inside of a JSON string.
Bytes json_text(View plain) {
  Bytes quoted;
  json::append_string(quoted, plain);
  return quoted.substr(1, quoted.size() - 2);
}

constexpr std::size_t body_piece_bytes = 1'000;  // Small, so that bodies come in many pieces.

Bytes failed_with(Fault fault) {
  Bytes frame(1, static_cast<char>(fault));
  return frame;
}
Bytes well(View result) { return failed_with(Fault::none).append(result); }

bool is_of_provider(Port port) {
  return port == Port::upstream || port == Port::upstream_open || port == Port::answer ||
         port == Port::answer_close;
}

/// Those that are wanted, in that order.
std::vector<std::optional<Bytes>> headers_of(const Reaction& reaction) {
  const auto wait =
      reaction.retry_after.empty() ? std::nullopt : std::optional(reaction.retry_after);
  return {std::nullopt, wait, reaction.streams ? "text/event-stream" : "application/json"};
}

template <class T>
T read(wire::Reader& in) {
  T value{};
  in.value(value);
  return value;
}

}  // namespace

World::World(const Variables& variables, Trouble trouble)
    : config_(read_config(variables)), trouble_(trouble) {}

Bytes World::seed() { return "seed " + text::decimal(++seeds_); }

ports::Table* World::table(const ports::Address& actor) { return &actors_[wire::encode(actor)]; }

std::optional<http::Response> World::request(View method, View target, View body,
                                             View content_type) {
  return send({.method = Bytes(method),
               .target = Bytes(target),
               .headers = {{"authorization", "Bearer key"}, {"content-type", Bytes(content_type)}}},
              body);
}

std::optional<http::Response> World::send(const http::Request& request, View body) {
  const std::size_t life = life_;
  const ProcessId id =
      start(begin_request(config_, {.now = now_, .seed = seed(), .input = wire::encode(request)}),
            std::nullopt);
  processes_[id].body = body;
  drain(id);
  run_until([&] { return life_ != life || processes_.at(id).response.has_value(); }, 3'600'000);
  if (life_ != life) return std::nullopt;
  auto response = std::move(processes_.at(id).response);
  processes_.erase(id);
  return response;
}

Bytes World::content_of(const http::Response& response) const {
  if (const auto* bytes = std::get_if<Bytes>(&response.body)) return *bytes;
  Bytes content;
  for (const auto& [key, offset, length] : std::get<std::vector<http::Section>>(response.body))
    content +=
        objects.at(key).substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
  return content;
}

Bytes World::turn(const ports::Address& actor, View command) {
  return take_turn_of(actor, command, std::nullopt);
}

void World::run_until(const std::function<bool()>& done, Ms limit_ms) {
  const Ms end = now_ + limit_ms;
  while (!done() && step(end)) watch();
}

// The alarm is set in the same commit as the rows; tasks begin after it.
Bytes World::take_turn_of(const ports::Address& actor, View command,
                          std::optional<Bytes> alarm_of) {
  const Bytes address = wire::encode(actor);
  ++turns_[address];
  ports::TurnOutput output = edgebatch::take_turn(
      actors_[address], {.actor = actor, .now = now_, .command = Bytes(command)});
  if (output.wake_at) {
    alarms_[address] = *output.wake_at;
  } else {
    alarms_.erase(address);
  }
  if (alarm_of) alarms_running_[*alarm_of] += output.tasks.size();
  for (Bytes& task : output.tasks)
    drain(start(begin_task(config_, {.now = now_, .seed = seed(), .input = std::move(task)}),
                alarm_of));
  return std::move(output.reply);
}

World::ProcessId World::start(std::unique_ptr<ports::Operation> operation,
                              std::optional<Bytes> alarm_of) {
  const ProcessId id = ++last_process_;
  processes_[id] = {.operation = std::move(operation),
                    .alarm_of = std::move(alarm_of),
                    .stalled_until = 0,
                    .response = {},
                    .body = {},
                    .body_stored = {},
                    .answers = {}};
  return id;
}

void World::drain(ProcessId id) {
  while (processes_.contains(id)) {
    auto frame = processes_.at(id).operation->next_frame();
    if (!frame) return;
    if (frame->port != Port::done) {
      // Effects of one operation are under way side by side; what each does, it does a moment
      // later.
      at(now_ + 1, [this, id, frame = std::move(*frame)] { carry_out(id, frame); });
      continue;
    }
    Process& process = processes_.at(id);
    if (process.alarm_of) --alarms_running_[*process.alarm_of];
    process.response = wire::decode<http::Response>(frame->payload);
    process.operation.reset();
    if (process.alarm_of || !process.response) processes_.erase(id);
    return;
  }
}

void World::carry_out(ProcessId id, const ports::Frame& frame) {
  if (!processes_.contains(id)) return;
  // Timers belong to the operation itself, and a request's body to the client.
  const bool counts = frame.port != Port::timer && frame.port != Port::body;
  const bool mishap = counts && trouble_.mishap != Mishap::none && effects_ == trouble_.at;
  if (counts) ++effects_;
  if (mishap) return carry_out_badly(id, frame);

  auto [result, latency] = perform(id, frame);
  at(now_ + latency, [this, id, effect = frame.id, answer_frame = std::move(result)] {
    answer(id, effect, answer_frame);
  });
}

void World::carry_out_badly(ProcessId id, const ports::Frame& frame) {
  const auto well_done = [&] {
    auto [result, latency] = perform(id, frame);
    at(now_ + latency, [this, id, effect = frame.id, answer_frame = std::move(result)] {
      answer(id, effect, answer_frame);
    });
  };
  const auto lost = [&] {
    at(now_ + 5, [this, id, effect = frame.id] { answer(id, effect, failed_with(Fault::lost)); });
  };
  const auto later = [&] {
    if (is_of_provider(frame.port)) return;  // One that is asked late is not ours to mend.
    at(now_ + late_by_ms, [this, frame] { (void)perform(0, frame); }, true);
  };
  switch (trouble_.mishap) {
    case Mishap::none: return;
    case Mishap::crash_before: return crash();
    case Mishap::crash_after: (void)perform(id, frame); return crash();
    case Mishap::lost_before: return lost();
    case Mishap::lost_after: (void)perform(id, frame); return lost();
    case Mishap::late: later(); return lost();
    case Mishap::doubled: later(); return well_done();
    case Mishap::stalled: processes_.at(id).stalled_until = now_ + late_by_ms; return well_done();
    case Mishap::late_alarm:
      for (auto& [address, when] : alarms_) when = std::max(when, now_) + late_by_ms;
      return well_done();
  }
}

std::pair<Bytes, Ms> World::perform(ProcessId id, const ports::Frame& frame) {
  wire::Reader in(frame.payload);
  switch (frame.port) {
    case Port::done: return {};
    case Port::body: return read_body(id, decoded<ports::ReadBody>(frame.payload));
    case Port::body_store: return store_body(id, decoded<ports::StoreBody>(frame.payload));
    case Port::body_digest: {
      const auto process = processes_.find(id);
      if (process == processes_.end()) return {failed_with(Fault::lost), 1};
      text::Sha256 digest;
      digest.feed(process->second.body_stored);
      return {well(digest.digest()), 1};
    }
    case Port::room:
      return {well(wire::encode(enter(id, decoded<ports::Enter>(frame.payload)))), 1};
    case Port::object_put: {
      const auto key = read<Bytes>(in);
      const auto checksum = read<Bytes>(in);
      return put_object(key, checksum, in.raw(in.left()));
    }
    case Port::object_get: {
      const auto get = decoded<ports::GetObject>(frame.payload);
      const auto found = objects.find(get.key);
      if (found == objects.end()) return {failed_with(Fault::absent), 1};
      const std::size_t begin = std::min<std::size_t>(get.offset, found->second.size());
      return {well(View(found->second).substr(begin, get.length.value_or(View::npos))), 2};
    }
    case Port::object_erase: {
      const auto prefix = read<Bytes>(in);
      std::erase_if(objects, [&](const auto& object) { return object.first.starts_with(prefix); });
      return {well(wire::encode(ports::EraseObjects::Erased{})), 2};
    }
    case Port::actor: {
      const auto to = read<ports::Address>(in);
      const Bytes command(in.raw(in.left()));
      return {well(take_turn_of(to, command, std::nullopt)), 1};
    }
    case Port::key: {
      const auto found = keys.find(read<Bytes>(in));
      if (found == keys.end()) return {failed_with(Fault::absent), 1};
      return {well(found->second), 1};
    }
    case Port::upstream: return ask_upstream(decoded<ports::AskUpstream>(frame.payload));
    case Port::upstream_open: return open_upstream(id, decoded<ports::OpenUpstream>(frame.payload));
    case Port::answer: return read_answer(id, decoded<ports::ReadAnswer>(frame.payload));
    case Port::answer_close:
      processes_.at(id).answers.erase(decoded<ports::CloseAnswer>(frame.payload).handle);
      return {well({}), 1};
    case Port::response: return {failed_with(Fault::lost), 1};  // Nobody here follows a batch.
    case Port::timer: return {well({}), static_cast<Ms>(read<std::uint64_t>(in))};
  }
  return {};
}

World::Performed World::read_body(ProcessId id, const ports::ReadBody& read) {
  const auto found = processes_.find(id);
  if (found == processes_.end()) return {failed_with(Fault::lost), 1};
  Process& process = found->second;
  process.body_kept_from =
      read.keep ? static_cast<std::size_t>(read.keep->from) : process.body.size();
  if (process.body_read == process.body.size()) return {failed_with(Fault::absent), 1};
  const Bytes piece = process.body.substr(process.body_read, body_piece_bytes);
  process.body_read += piece.size();
  return {well(piece), 1};
}

// One that comes when its operation has ended finds no body.
World::Performed World::store_body(ProcessId id, const ports::StoreBody& store) {
  const auto found = processes_.find(id);
  if (found == processes_.end()) return {failed_with(Fault::lost), 1};
  Process& process = found->second;
  if (store.from < process.body_kept_from || store.to > process.body_read) std::abort();
  const Bytes content = process.body.substr(static_cast<std::size_t>(store.from),
                                            static_cast<std::size_t>(store.to - store.from));
  process.body_stored += content;
  return put_object(store.key, {}, content);
}

World::Performed World::put_object(const Bytes& key, const Bytes& checksum, View content) {
  const bool existed = objects.contains(key);
  if (!existed) {
    objects[key] = content;
    checksums_[key] = checksum;
  }
  return {well(wire::encode(ports::PutObject::Stored{
              .existed = existed, .size = objects[key].size(), .checksum = checksums_[key]})),
          3};
}

bool World::enter(ProcessId id, const ports::Enter& enter) {
  auto& room = rooms_[enter.room];
  std::erase_if(room, [this](ProcessId other) {
    const auto process = processes_.find(other);
    return process == processes_.end() || !process->second.operation;
  });
  if (room.size() >= enter.count_max) return false;
  room.push_back(id);
  return true;
}

std::optional<Reaction> World::ask_provider(const http::Composed& body) {
  Reaction reaction = provider(written(body));
  if (!reaction.kills) return reaction;
  crash();
  return std::nullopt;
}

World::Performed World::ask_upstream(const ports::AskUpstream& ask) {
  const auto reaction = ask_provider(ask.body);
  if (!reaction) return {failed_with(Fault::lost), 1};
  if (reaction->latency_ms > static_cast<Ms>(ask.timeout_ms))
    return {failed_with(Fault::late), static_cast<Ms>(ask.timeout_ms)};
  if (reaction->breaks_off) return {failed_with(Fault::lost), reaction->latency_ms};
  return {
      well(wire::encode(ports::AskUpstream::Answered{
          .status = reaction->status, .headers = headers_of(*reaction), .body = reaction->body})),
      reaction->latency_ms};
}

World::Performed World::open_upstream(ProcessId id, const ports::OpenUpstream& open) {
  auto reaction = ask_provider(open.body);
  if (!reaction) return {failed_with(Fault::lost), 1};
  const Ms headers_ms = reaction->streams ? reaction->latency_ms / 4 : reaction->latency_ms;
  if (headers_ms > static_cast<Ms>(open.timeout_ms))
    return {failed_with(Fault::late), static_cast<Ms>(open.timeout_ms)};
  const std::uint32_t handle = ++last_answer_;
  const OpenAnswer::Schedule schedule{.begins_at = now_ + headers_ms,
                                      .ends_at = now_ + reaction->latency_ms,
                                      .end = reaction->breaks_off ? Fault::lost : Fault::absent,
                                      .deadline = now_ + static_cast<Ms>(open.timeout_ms)};
  const ports::OpenUpstream::Opened opened{
      .status = reaction->status, .headers = headers_of(*reaction), .handle = handle};
  processes_.at(id).answers.emplace(handle, OpenAnswer(std::move(reaction->body), schedule));
  return {well(wire::encode(opened)), headers_ms};
}

World::Performed World::read_answer(ProcessId id, const ports::ReadAnswer& read) {
  auto& answers = processes_.at(id).answers;
  const auto answer = answers.find(read.handle);
  if (answer == answers.end()) return {failed_with(Fault::lost), 1};
  const auto [got, at] = answer->second.read(now_, read.bytes_min, static_cast<Ms>(read.within_ms));
  if (const auto* piece = std::get_if<Bytes>(&got)) return {well(*piece), at - now_};
  answers.erase(answer);
  return {failed_with(std::get<Fault>(got)), at - now_};
}

Bytes World::written(const http::Composed& body) const {
  Bytes out;
  for (const http::Piece& piece : body) {
    if (const auto* bytes = std::get_if<Bytes>(&piece)) {
      out += *bytes;
      continue;
    }
    Bytes stored;
    const auto& embedded = std::get<http::Embedded>(piece);
    for (const auto& [key, offset, length] : embedded.sections)
      stored += objects.at(key).substr(static_cast<std::size_t>(offset),
                                       static_cast<std::size_t>(length));
    const Bytes text =
        embedded.encoding == http::Encoding::base64 ? base64(stored) : json_text(stored);
    if (text.size() != embedded.length) std::abort();  // A host would send half a request.
    out += text;
  }
  return out;
}

void World::answer(ProcessId id, std::uint32_t effect, const Bytes& result) {
  const auto found = processes_.find(id);
  if (found == processes_.end() || !found->second.operation) return;
  const Ms stalled_until = found->second.stalled_until;
  if (stalled_until > now_)
    return at(stalled_until, [this, id, effect, result] { answer(id, effect, result); });
  found->second.operation->resume(effect, now_, result);
  drain(id);
}

void World::at(Ms when, std::function<void()> happen, bool survives_crash) {
  events_.emplace(std::pair(when, ++last_event_),
                  Event{.happen = std::move(happen), .life = survives_crash ? 0 : life_});
}

bool World::step(Ms end) {
  const auto alarm = next_alarm();
  const bool alarm_first =
      alarm != alarms_.end() && (events_.empty() || alarm->second <= events_.begin()->first.first);
  if (!alarm_first && events_.empty()) return false;
  const Ms when = alarm_first ? alarm->second : events_.begin()->first.first;
  if (when > end) {
    now_ = end;
    return false;
  }
  if (alarm_first) {
    fire(alarm);
    return true;
  }
  now_ = std::max(now_, when);
  const Event event = std::move(events_.begin()->second);
  events_.erase(events_.begin());
  if (event.life == 0 || event.life == life_) event.happen();
  return true;
}

// One alarm of an actor at a time: while its operations run, it doesn't go off again.
World::Alarms::iterator World::next_alarm() {
  auto next = alarms_.end();
  for (auto alarm = alarms_.begin(); alarm != alarms_.end(); ++alarm)
    if (alarms_running_[alarm->first] == 0 &&
        (next == alarms_.end() || alarm->second < next->second))
      next = alarm;
  return next;
}

void World::fire(Alarms::iterator alarm) {
  now_ = std::max(now_ + 1, alarm->second);  // An alarm that is always due would stop time.
  const Bytes address = alarm->first;
  alarms_.erase(alarm);  // It has gone off; the turn says when next.
  (void)take_turn_of(decoded<ports::Address>(address), {}, address);
}

void World::crash() {
  ++life_;
  processes_.clear();
  alarms_running_.clear();
  // What was in memory only.
  const auto is_volatile = [](const auto& actor) {
    const auto kind = decoded<ports::Address>(actor.first).kind;
    return kind == ports::ActorKind::meter || kind == ports::ActorKind::pacer;
  };
  std::erase_if(actors_, is_volatile);
  std::erase_if(alarms_, is_volatile);
}

}  // namespace edgebatch::protocol
