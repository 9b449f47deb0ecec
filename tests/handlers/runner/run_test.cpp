#include "handlers/runner/run.hpp"

#include <catch_amalgamated.hpp>

#include "handlers/entry.hpp"
#include "handlers/runner/drain.hpp"

#include "tests/handlers/runner/scenes.hpp"

namespace edgebatch::script {
namespace {

using dialects::Unanswered;

const Input input(3);

// ---- Claiming

TEST_CASE("run: nothing to do → over after one claim") {
  Script script(run_scene(upstream_with(1)));
  script.expects(claim()).gives({});  // Of a run that can't say anything of its upstream yet.
  script.expects(end_run(std::nullopt)).gives().ends();
}

TEST_CASE("run: the claim isn't answered → again in a while") {
  Script script(run_scene(upstream_with(1)));
  script.expects(claim()).fails(Fault::lost);
  ends_disturbed(script);
}

TEST_CASE("run: its end isn't answered → it ends all the same: its alarm is still set") {
  Script(run_scene(upstream_with(1)))
      .expects(claim())
      .gives({})
      .expects(end_run(std::nullopt))
      .fails(Fault::lost)
      .ends();
}

TEST_CASE("run: one lease is done → the next is claimed by the same run") {
  const std::array<Stretch, 2> halves{input.stretch(0, 1), input.stretch(1, 3)};
  Script script(run_scene(read_config({})));
  for (const Stretch& half : halves) {
    script.expects(claim()).gives(assigned(input, DrainWork{.stretch = half}));
    script.expects(read(half)).gives(Bytes(input.bytes_of(half)));
    std::vector<dialects::ResultLine> lines;
    for (std::uint32_t index = half.first; index < half.end(); ++index)
      lines.push_back(unanswered_line(input.item(index), Unanswered::cancelled));
    Shard(half, lines).is_stored(script);
  }
  ends_idle(script);
}

TEST_CASE("run: its time is used up between two leases → nothing more is claimed") {
  Script script = run_with(upstream_with(1), assigned(input, DrainWork{.stretch = input.all()}));
  script.expects(read(input.all())).gives(Bytes(input.bytes())).takes(runner::run_ms_max);
  Shard(input.all(), {unanswered_line(input.item(0), Unanswered::cancelled),
                      unanswered_line(input.item(1), Unanswered::cancelled),
                      unanswered_line(input.item(2), Unanswered::cancelled)})
      .is_stored(script);
  ends_exhausted(script);
}

TEST_CASE(
    "run: the operator's variables can't be read → no work is touched, and again in a while") {
  for (const View bad : {"[", R"([{"url":"http://up","models":["m1"]},{"url":"typo"}])"}) {
    Script script(run_scene(read_config({{"UPSTREAMS", Bytes(bad)}})));
    ends_disturbed(script);
  }
}

// ---- Draining

TEST_CASE(
    "drain: items that nobody will ask for → lines that say why, without asking the upstream") {
  for (const Unanswered said :
       {Unanswered::cancelled, Unanswered::expired, Unanswered::refused, Unanswered::given_up}) {
    Script script = run_with(
        upstream_with(1), assigned(input, DrainWork{.stretch = input.stretch(1, 3), .why = said}));
    script.expects(read(input.stretch(1, 3))).gives(Bytes(input.bytes_of(input.stretch(1, 3))));
    Shard(input.stretch(1, 3),
          {unanswered_line(input.item(1), said), unanswered_line(input.item(2), said)})
        .is_stored(script);
    ends_idle(script);
  }
}

TEST_CASE("drain: a line that is no item → a line with an empty custom_id: every item gets one") {
  Bytes spoiled = input.bytes();
  spoiled[0] = '?';
  Script script = run_with(upstream_with(1), assigned(input, DrainWork{.stretch = input.all()}));
  script.expects(read(input.all())).gives(spoiled);
  Shard(input.all(), {unanswered_line({}, Unanswered::cancelled),
                      unanswered_line(input.item(1), Unanswered::cancelled),
                      unanswered_line(input.item(2), Unanswered::cancelled)})
      .is_stored(script);
  ends_idle(script);
}

/// Two lines, the first of which ends behind the first window.
Input two_windows(std::size_t first_line_bytes) {
  return {2, [first_line_bytes](std::size_t i) {
            Bytes line = input_line(Bytes(1, static_cast<char>('a' + i)));
            if (i == 0) line.resize(first_line_bytes, ' ');
            return line;
          }};
}
GetObject window(std::uint64_t begin, std::uint64_t end) {
  return {.key = "in/dev/f/part/000000", .offset = begin, .length = end - begin};
}

TEST_CASE("drain: a span larger than a window → a shard for the whole lines of each window") {
  const std::uint64_t cut = runner::drain_window_bytes;
  // The LF is the window's last byte, or lies behind it by one, two bytes; or the window ends
  // within the second line.
  for (const std::uint64_t line_bytes : {cut - 50, cut - 2, cut - 1, cut, cut + 1}) {
    CAPTURE(line_bytes);
    const Input large = two_windows(line_bytes);
    const std::uint64_t size = large.bytes().size();
    Script script = run_with(upstream_with(1), assigned(large, DrainWork{.stretch = large.all()}));
    script.expects(window(0, cut)).gives(large.bytes().substr(0, cut));
    const bool first_fits = line_bytes < cut;
    if (!first_fits) script.expects(window(cut, size)).gives(large.bytes().substr(cut));
    if (first_fits) {
      Shard(large.stretch(0, 1), {unanswered_line(large.item(0), Unanswered::cancelled)})
          .is_stored(script);
      script.expects(window(line_bytes + 1, size)).gives(large.bytes().substr(line_bytes + 1));
      Shard(large.stretch(1, 2), {unanswered_line(large.item(1), Unanswered::cancelled)}, 1)
          .is_stored(script);
    } else {
      Shard(large.all(), {unanswered_line(large.item(0), Unanswered::cancelled),
                          unanswered_line(large.item(1), Unanswered::cancelled)})
          .is_stored(script);
    }
    ends_idle(script);
  }
}

TEST_CASE("drain: the input can't be read → given back, and again in a while") {
  for (const Fault fault : {Fault::lost, Fault::absent}) {
    Script script = run_with(upstream_with(1), assigned(input, DrainWork{.stretch = input.all()}));
    script.expects(read(input.all())).fails(fault);
    script.expects(give_back()).gives();
    ends_disturbed(script);
  }
}

TEST_CASE("drain: the lease is lost → given back, and again in a while") {
  Script script = run_with(upstream_with(1), assigned(input, DrainWork{.stretch = input.all()}));
  script.expects(read(input.all())).gives(Bytes(input.bytes()));
  Shard(input.all(), {unanswered_line(input.item(0), Unanswered::cancelled),
                      unanswered_line(input.item(1), Unanswered::cancelled),
                      unanswered_line(input.item(2), Unanswered::cancelled)})
      .is_stored(script, not_held);
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

TEST_CASE(
    "drain: the bytes hold fewer items than promised → what is there is written, then given back") {
  Stretch more = input.all();
  ++more.count;
  Script script = run_with(upstream_with(1), assigned(input, DrainWork{.stretch = more}));
  script.expects(read(more)).gives(Bytes(input.bytes()));
  Shard(input.all(), {unanswered_line(input.item(0), Unanswered::cancelled),
                      unanswered_line(input.item(1), Unanswered::cancelled),
                      unanswered_line(input.item(2), Unanswered::cancelled)})
      .is_stored(script);
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

}  // namespace
}  // namespace edgebatch::script
