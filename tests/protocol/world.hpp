// A host in miniature: actors' rows, objects, keys, alarms, timers and a model provider, driven one
// event at a time in simulated time. It runs the real operations and turns, and does to them, at a
// chosen effect, what can happen to a host: it dies before or after, an answer gets lost, a command
// comes twice or late, an operation stands still and comes back.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/http/composed.hpp"
#include "core/text/wire.hpp"
#include "handlers/config.hpp"
#include "handlers/entry.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effects.hpp"

#include "tests/protocol/open_answer.hpp"
#include "tests/support/rows.hpp"

namespace edgebatch::protocol {

enum class Mishap : std::uint8_t {
  none,
  crash_before,  // The host dies, and the effect was not carried out …
  crash_after,   // … or it was, but nobody heard of it.
  lost_before,   // Only the answer is missing; it was not carried out …
  lost_after,    // … or it was.
  doubled,       // Carried out now, and once more a while later.
  late,          // Lost as it seems, and carried out a while later.
  stalled,       // The operation that asked hears nothing for longer than a lease lasts, then
                 // everything.
  late_alarm,    // The next alarm that goes off is late.
};
constexpr std::size_t mishaps_count = 9;

/// Something that goes wrong at the n-th effect.
struct Trouble {
  Mishap mishap = Mishap::none;
  std::size_t at = 0;
};

constexpr Ms late_by_ms = 150'000;  // Longer than two leases.

/// What the provider does when it is asked.
struct Reaction {
  std::uint32_t status = 200;
  Bytes body;
  Ms latency_ms = 20;       // Until all of the answer has come.
  Bytes retry_after{};      // Its header; empty: none.
  bool streams = false;     // Its headers come early, its body evenly after them.
  bool breaks_off = false;  // Behind its last byte, where more should come.
  bool kills = false;       // Whoever asks dies of it, and the host with it.
};

class World {
 public:
  World(const Variables& variables, Trouble trouble);

  using Provider = std::function<Reaction(View body)>;
  Provider provider;
  /// Called after every event.
  std::function<void()> watch = [] {};

  Ms now() const { return now_; }
  /// Effects carried out so far, by all operations.
  std::size_t effects() const { return effects_; }
  /// Turns that an actor has taken so far: without one its rows don't change.
  std::size_t turns(const ports::Address& actor) { return turns_[wire::encode(actor)]; }

  /// A client's request: the response, or nothing if the host died over it.
  std::optional<http::Response> request(View method, View target, View body = {},
                                        View content_type = "application/json");

  /// The same of a request with headers of its own.
  std::optional<http::Response> send(const http::Request& request, View body);
  /// A response's body, as a client reads it.
  Bytes content_of(const http::Response& response) const;

  /// A turn, as a host takes it.
  Bytes turn(const ports::Address& actor, View command);

  /// Lets events happen until `done`, or nothing is left to happen, or simulated time is up.
  void run_until(const std::function<bool()>& done, Ms limit_ms);

  ports::Table* table(const ports::Address& actor);
  std::map<Bytes, Bytes> objects;  // Content by key.
  std::map<Bytes, Bytes> keys;

 private:
  struct Process {  // An operation under way.
    std::unique_ptr<ports::Operation> operation;
    std::optional<Bytes> alarm_of;  // The actor in whose alarm it runs.
    Ms stalled_until = 0;
    std::optional<http::Response> response;
    Bytes body;                                   // Of a request; handed out in pieces.
    std::size_t body_read = 0;                    // So much of it, …
    std::size_t body_kept_from = 0;               // … and kept from here on.
    Bytes body_stored;                            // What its digest is of.
    std::map<std::uint32_t, OpenAnswer> answers;  // Of providers, by handle.
  };
  struct Event {
    std::function<void()> happen;
    std::size_t life = 0;  // Of the host: events of an earlier life never happen.
  };
  using ProcessId = std::size_t;

  ProcessId start(std::unique_ptr<ports::Operation> operation, std::optional<Bytes> alarm_of);
  void drain(ProcessId id);
  void carry_out(ProcessId id, const ports::Frame& frame);
  void carry_out_badly(ProcessId id, const ports::Frame& frame);
  /// The result frame, and how long it takes.
  using Performed = std::pair<Bytes, Ms>;
  Performed perform(ProcessId id, const ports::Frame& frame);
  Performed read_body(ProcessId id, const ports::ReadBody& read);
  Performed store_body(ProcessId id, const ports::StoreBody& store);
  Performed put_object(const Bytes& key, const Bytes& checksum, View content);
  bool enter(ProcessId id, const ports::Enter& enter);
  Performed ask_upstream(const ports::AskUpstream& ask);
  Performed open_upstream(ProcessId id, const ports::OpenUpstream& open);
  Performed read_answer(ProcessId id, const ports::ReadAnswer& read);
  /// Nothing if the host has died of it.
  std::optional<Reaction> ask_provider(const http::Composed& body);
  void answer(ProcessId id, std::uint32_t effect, const Bytes& result);
  /// A body as an upstream gets it.
  Bytes written(const http::Composed& body) const;
  void at(Ms when, std::function<void()> happen, bool survives_crash = false);
  using Alarms = std::map<Bytes, Ms>;

  /// The next event, unless it lies behind `end`.
  bool step(Ms end);
  Alarms::iterator next_alarm();
  void fire(Alarms::iterator alarm);
  void crash();
  Bytes take_turn_of(const ports::Address& actor, View command, std::optional<Bytes> alarm_of);
  Bytes seed();

  Config config_;
  Trouble trouble_;
  Ms now_ = 1'800'000'000'000;
  std::size_t life_ = 1;
  std::size_t effects_ = 0;
  std::size_t seeds_ = 0;
  std::size_t last_process_ = 0;
  std::uint32_t last_answer_ = 0;
  std::size_t last_event_ = 0;
  std::map<ProcessId, Process> processes_;
  std::map<Bytes, std::vector<ProcessId>> rooms_;
  std::map<std::pair<Ms, std::size_t>, Event> events_;
  std::map<Bytes, support::Rows> actors_;        // By encoded address.
  std::map<Bytes, std::size_t> turns_;           // By encoded address.
  Alarms alarms_;                                // By encoded address.
  std::map<Bytes, std::size_t> alarms_running_;  // Operations of an alarm that have not ended.
  std::map<Bytes, Bytes> checksums_;             // Of objects.
};

}  // namespace edgebatch::protocol
