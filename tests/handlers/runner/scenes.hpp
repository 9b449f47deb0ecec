// A batch of a few items, its runner, and what the runner asks for.
#pragma once

#include <vector>

#include "core/dialects/openai/create.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/dialects/openai/line.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/pacer/commands.hpp"
#include "handlers/actors/runner/runner.hpp"
#include "handlers/runner/ask.hpp"
#include "handlers/runner/run.hpp"
#include "handlers/runner/shard.hpp"

#include "tests/handlers/gateway/form.hpp"
#include "tests/handlers/script.hpp"

namespace edgebatch::script {

using actors::batch::Accepted;
using actors::batch::Assignment;
using actors::batch::Claim;
using actors::batch::DrainWork;
using actors::batch::GiveBack;
using actors::batch::Halt;
using actors::batch::Idle;
using actors::batch::Park;
using actors::batch::PlanWork;
using actors::batch::PredictWork;
using actors::batch::Refused;
using actors::batch::Renew;
using actors::batch::ReportPlan;
using actors::batch::ReportShard;
using actors::batch::Returned;
using actors::batch::Standing;
using actors::pacer::Pace;
using actors::runner::EndRun;
using ledger::Stretch;
using ports::AskUpstream;
using ports::Fault;
using ports::GetObject;
using ports::PutObject;
using ports::Sleep;
using ports::Tell;

inline const Bytes batch_id = "batch_0123456789abcdef0123456789abcdef";
inline const Bytes runner_name = batch_id + "/1";
constexpr std::uint32_t runner_number = 1;
constexpr std::uint64_t invitation = 4;
constexpr ledger::Attempt attempt = 9;
constexpr Standing held{.held = true, .halt = Halt::none};
constexpr Standing cancelled{.held = true, .halt = Halt::cancelled};
constexpr Standing not_held{};

/// `lanes`: how many requests it takes side by side.
inline Config upstream_with(std::uint32_t lanes) {
  return read_config({{"UPSTREAMS", R"([{"url":"http://up/v1","key":"sk","concurrency":)" +
                                        std::to_string(lanes) + "}]"}});
}
inline const Bytes pacer_name = "0 http://up/v1";

/// The items `a`, `b`, `c` …, one a line.
class Input {
 public:
  explicit Input(std::size_t items)
      : Input(items,
              [](std::size_t i) { return input_line(Bytes(1, static_cast<char>('a' + i))); }) {}
  template <class Line>
  Input(std::size_t items, Line line) {
    for (std::size_t i = 0; i < items; ++i) {
      begins_.push_back(bytes_.size());
      bytes_ += line(i) + "\n";
    }
    begins_.push_back(bytes_.size());
  }

  const Bytes& bytes() const { return bytes_; }
  ports::StoredStream stream() const { return {.prefix = "in/dev/f/", .bytes = bytes_.size()}; }
  std::uint32_t items() const { return static_cast<std::uint32_t>(begins_.size() - 1); }
  Stretch stretch(std::uint32_t first, std::uint32_t end) const {
    return {.first = first,
            .count = end - first,
            .byte_begin = begins_[first],
            .byte_end = begins_[end]};
  }
  Stretch all() const { return stretch(0, items()); }
  View bytes_of(const Stretch& stretch) const {
    return View(bytes_).substr(static_cast<std::size_t>(stretch.byte_begin),
                               static_cast<std::size_t>(stretch.byte_end - stretch.byte_begin));
  }
  dialects::Item item(std::uint32_t index) const {
    View line = bytes_of(stretch(index, index + 1));
    line.remove_suffix(1);
    return *dialects::openai::line_format()->read(line, index);
  }
  validation::Inspection inspection() const {
    dialects::openai::Inspector inspector({1, 2});
    inspector.feed(bytes_);
    return inspector.finish();
  }

 private:
  Bytes bytes_;
  std::vector<std::size_t> begins_;
};

inline actors::batch::Job job_of(const Input& input, View endpoint = "/v1/chat/completions") {
  return {.tenant = tenant,
          .dialect = dialects::Dialect::openai,
          .request = wire::encode(dialects::openai::CreateBatch{.input_file_id = "file-1",
                                                                .endpoint = Bytes(endpoint),
                                                                .completion_window = "24h",
                                                                .metadata = {},
                                                                .output_expires_after_s = {}}),
          .model = "m1",
          .input = input.stream(),
          .output_prefix = "out/dev/b/",
          .brief_key = "in/dev/f/brief"};
}

template <class Work>
Assignment assigned(const Input& input, Work work) {
  return {.work = std::move(work),
          .attempt = attempt,
          .lease_ms = ledger::lease_ms_max,
          .items_left = input.items(),
          .job = job_of(input)};
}

/// The first claim of a run, before it knows anything.
inline Tell<Claim> claim() {
  static const std::uint64_t run_id = Drawn().number();
  return {batch_id, Claim{.runner = runner_number, .run = run_id, .pulse = {}}};
}
/// All that is left of a lease.
inline Tell<GiveBack> give_back(ledger::Attempt of = attempt) {
  return {batch_id, GiveBack{.runner = runner_number, .attempt = of, .parts = {}}};
}
inline Tell<EndRun> end_run(std::optional<Ms> again_in_ms) {
  return {runner_name, EndRun{.invitation = invitation, .again_in_ms = again_in_ms}};
}

inline Scene run_scene(Config config) {
  Scene scene = task(actors::runner::Run{.runner = runner_name, .invitation = invitation});
  scene.config = std::move(config);
  return scene;
}

/// A run whose first claim is answered so.
inline Script run_with(Config config, const Assignment& assignment) {
  Script script(run_scene(std::move(config)));
  script.expects(claim()).gives(assignment);
  return script;
}

/// A claim whose pulse says whatever it says.
inline Asked<Tell<Claim>> claims(Script& script, bool has_leases) {
  return script.expects_one<Tell<Claim>>([has_leases](const Tell<Claim>& told) {
    const Claim& asked = told.command;
    return told.to == batch_id && asked.runner == runner_number &&
           asked.run == claim().command.run && asked.has_leases == has_leases;
  });
}
/// The same beside the leases that it has.
inline Asked<Tell<Claim>> claims_more(Script& script) { return claims(script, true); }

/// A renewal whose pulse says whatever it says.
inline Asked<Tell<Renew>> renewal(Script& script, std::vector<ledger::Attempt> attempts,
                                  bool leaving) {
  return script.expects_one<Tell<Renew>>(
      [attempts = std::move(attempts), leaving](const Tell<Renew>& told) {
        const Renew& asked = told.command;
        return told.to == batch_id && asked.runner == runner_number && asked.attempts == attempts &&
               asked.leaving == leaving;
      });
}
inline Renew::Reply standing_of(const std::vector<ledger::Attempt>& attempts, Standing standing) {
  return {.lost = standing.held ? std::vector<ledger::Attempt>{} : attempts,
          .halt = standing.halt,
          .more = standing.more};
}

/// The next claim finds nothing to do, and the run is over.
inline void ends_idle(Script& script) {
  claims(script, false).gives({});
  script.expects(end_run(std::nullopt)).gives().ends();
}
inline void ends_disturbed(Script& script) {
  script.expects(end_run(runner::disturbed_pause_ms)).gives().ends();
}
inline void ends_exhausted(Script& script) { script.expects(end_run(0)).gives().ends(); }

inline GetObject read(const Stretch& stretch) {
  return {.key = "in/dev/f/part/000000",
          .offset = stretch.byte_begin,
          .length = stretch.byte_end - stretch.byte_begin};
}

// ---- The upstream

inline AskUpstream ask_for(const dialects::Item& item) {
  return {.method = "POST",
          .url = "http://up/v1" + item.path,
          .headers = {{"content-type", "application/json"},
                      {"accept", "application/json"},
                      {"authorization", "Bearer sk"}},
          .wanted_headers = {"x-request-id", "retry-after"},
          .answer_bytes_max = runner::answer_bytes_max,
          .timeout_ms = static_cast<std::uint64_t>(runner::ask_ms_max),
          .body = {item.body}};
}
inline AskUpstream::Answered says(std::uint32_t status, View body,
                                  std::optional<Bytes> retry_after = {}) {
  return {.status = status, .headers = {"req-7", std::move(retry_after)}, .body = Bytes(body)};
}

constexpr View good_body =
    R"({"ok":true,"usage":{"prompt_tokens":2,"completion_tokens":3,"total_tokens":5}})";

inline dialects::ResultLine answered_line(const dialects::Item& item, std::uint32_t status = 200,
                                          View body = good_body) {
  return *dialects::openai::line_format()->answered(
      batch_id, item, {.status = status, .request_id = "req-7", .body = Bytes(body)});
}
inline dialects::ResultLine unanswered_line(const dialects::Item& item, dialects::Unanswered why) {
  return dialects::openai::line_format()->unanswered(batch_id, item, why, {});
}

// ---- Shards

/// What a run stores and reports of a stretch.
class Shard {
 public:
  Shard(const Stretch& stretch, const std::vector<dialects::ResultLine>& lines,
        std::uint32_t number = 0, ledger::Attempt of = attempt) {
    runner::ShardBuilder builder;
    for (const auto& line : lines) builder.add(line);
    content_ = builder.content();
    key_ = "out/dev/b/" + std::to_string(of) + "." + std::to_string(number);
    report_ = {.runner = runner_number, .stretch = stretch, .shard = builder.shard()};
    report_.shard.attempt = of;
    report_.shard.number = number;
  }

  std::size_t size() const { return content_.size(); }
  Tell<ReportShard> report() const { return {batch_id, report_}; }
  std::function<bool(const PutObject&)> put() const {
    return [key = key_, content = content_](const PutObject& put) {
      return put.key == key && put.content == content && !put.checksum.empty();
    };
  }

  /// Stored and reported, and both are answered.
  void is_stored(Script& script, Standing standing = held) const {
    script.expects_one<PutObject>(put()).gives({});
    script.expects(report()).gives(standing);
  }

 private:
  Bytes key_;
  Bytes content_;
  ReportShard report_;
};

}  // namespace edgebatch::script
