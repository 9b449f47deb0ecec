#include "handlers/runner/span_progress.hpp"

#include <catch_amalgamated.hpp>

#include "tests/support/exact.hpp"

namespace edgebatch::runner {
namespace {

using dialects::ResultLine;
using ledger::Stretch;

ResultLine line(View text, unsigned stream = 0) {
  ResultLine line{.stream = stream, .text = Bytes(text), .counts = {}, .usage = {}};
  (stream == 0 ? line.counts.succeeded : line.counts.errored) = 1;
  return line;
}

/// Items 10, 11, … of three bytes each, LF included, from byte 100 on.
struct Three {
  support::Exact bytes{"aa\nbb\ncc\n"};
  SpanProgress progress{Stretch{.first = 10, .count = 3, .byte_begin = 100, .byte_end = 109},
                        bytes.view()};

  Three() {
    for (const View text : {"aa", "bb", "cc"}) {
      const auto taken = progress.take();
      REQUIRE(taken);
      CHECK(taken->text == text);
    }
    CHECK_FALSE(progress.take());
  }
};

TEST_CASE("span_progress: lines are taken → in order, each once, with their place in the batch") {
  const support::Exact bytes("one\ntwo");
  SpanProgress progress({.first = 7, .count = 2, .byte_begin = 0, .byte_end = 7}, bytes.view());
  const auto one = progress.take();
  const auto two = progress.take();
  REQUIRE(one);
  REQUIRE(two);
  CHECK(one->index == 7);
  CHECK(one->text == "one");
  CHECK(two->index == 8);
  CHECK(two->text == "two");
  CHECK_FALSE(progress.take());
}

TEST_CASE("span_progress: blank lines → no items") {
  const support::Exact bytes("\n \t\r\na\r\n\nb");
  SpanProgress progress({.first = 0, .count = 2, .byte_begin = 0, .byte_end = bytes.view().size()},
                        bytes.view());
  CHECK(progress.take()->text == "a\r");
  CHECK(progress.take()->text == "b");
}

TEST_CASE("span_progress: more lines than the stretch has items → only its own are taken") {
  const support::Exact bytes("a\nb\nc\n");
  SpanProgress progress({.first = 0, .count = 2, .byte_begin = 0, .byte_end = 6}, bytes.view());
  CHECK(progress.take());
  CHECK(progress.take());
  CHECK_FALSE(progress.take());
}

TEST_CASE("span_progress: fewer lines than promised → never all finished") {
  const support::Exact bytes("a\n");
  SpanProgress progress({.first = 0, .count = 2, .byte_begin = 0, .byte_end = 2}, bytes.view());
  CHECK(progress.take());
  CHECK_FALSE(progress.take());
  progress.finish(0, line("A"));
  CHECK_FALSE(progress.all_finished());
}

TEST_CASE("span_progress: nothing is done → nothing to hand out") {
  Three three;
  CHECK_FALSE(three.progress.take_done_run());
  CHECK(three.progress.pending_bytes() == 0);
  CHECK_FALSE(three.progress.all_finished());
}

TEST_CASE("span_progress: all is done → one run with the whole stretch") {
  Three three;
  for (const std::uint32_t index : {11U, 10U, 12U}) three.progress.finish(index, line("L"));
  CHECK(three.progress.all_finished());
  CHECK(three.progress.pending_bytes() == 6);
  const auto run = three.progress.take_done_run();
  REQUIRE(run);
  CHECK(run->stretch == Stretch{.first = 10, .count = 3, .byte_begin = 100, .byte_end = 109});
  CHECK(run->lines.content() == "L\nL\nL\n");
  CHECK(three.progress.pending_bytes() == 0);
  CHECK(three.progress.all_finished());
  CHECK_FALSE(three.progress.take_done_run());
}

TEST_CASE("span_progress: the middle is done → its own bytes, then the edges as they get done") {
  Three three;
  three.progress.finish(11, line("M"));
  const auto middle = three.progress.take_done_run();
  REQUIRE(middle);
  CHECK(middle->stretch == Stretch{.first = 11, .count = 1, .byte_begin = 103, .byte_end = 106});

  three.progress.finish(12, line("E"));
  const auto end = three.progress.take_done_run();
  REQUIRE(end);
  CHECK(end->stretch == Stretch{.first = 12, .count = 1, .byte_begin = 106, .byte_end = 109});

  three.progress.finish(10, line("B"));
  const auto begin = three.progress.take_done_run();
  REQUIRE(begin);
  CHECK(begin->stretch == Stretch{.first = 10, .count = 1, .byte_begin = 100, .byte_end = 103});
}

TEST_CASE("span_progress: two runs are done → the longer one first") {
  const support::Exact bytes("0\n1\n2\n3\n4\n");
  SpanProgress progress({.first = 0, .count = 5, .byte_begin = 0, .byte_end = 10}, bytes.view());
  while (progress.take()) {
  }
  for (const std::uint32_t index : {0U, 2U, 3U}) progress.finish(index, line("x"));
  CHECK(progress.take_done_run()->stretch ==
        Stretch{.first = 2, .count = 2, .byte_begin = 4, .byte_end = 8});
  CHECK(progress.take_done_run()->stretch ==
        Stretch{.first = 0, .count = 1, .byte_begin = 0, .byte_end = 2});
  CHECK_FALSE(progress.take_done_run());
}

TEST_CASE(
    "span_progress: the last item's bytes → to the stretch's end, whatever lies behind its line") {
  const support::Exact bytes("a\nb\n\n\n");
  SpanProgress progress({.first = 0, .count = 2, .byte_begin = 0, .byte_end = 6}, bytes.view());
  while (progress.take()) {
  }
  progress.finish(1, line("b"));
  CHECK(progress.take_done_run()->stretch ==
        Stretch{.first = 1, .count = 1, .byte_begin = 2, .byte_end = 6});
}

TEST_CASE("span_progress: every order of finishing and handing out → each item once, in order") {
  std::array<std::uint32_t, 4> order{0, 1, 2, 3};
  do {
    for (std::size_t hand_out_after = 1; hand_out_after <= 4; ++hand_out_after) {
      const support::Exact bytes("0\n1\n2\n3\n");
      SpanProgress progress({.first = 0, .count = 4, .byte_begin = 0, .byte_end = 8}, bytes.view());
      while (progress.take()) {
      }
      std::array<Bytes, 4> lines;
      const auto hand_out = [&] {
        const auto run = progress.take_done_run();
        if (!run) return false;
        CHECK(run->stretch.byte_begin == run->stretch.first * 2);
        CHECK(run->stretch.byte_end == run->stretch.end() * 2);
        for (std::uint32_t i = 0; i < run->stretch.count; ++i)
          lines[run->stretch.first + i] += run->lines.content().substr(i * 2, 1);
        return true;
      };
      for (std::size_t done = 0; done < 4; ++done) {
        progress.finish(order[done], line(std::to_string(order[done])));
        if ((done + 1) % hand_out_after == 0) CHECK(hand_out());
      }
      while (hand_out()) {
      }
      CHECK(lines == std::array<Bytes, 4>{"0", "1", "2", "3"});
      CHECK(progress.all_finished());
      CHECK(progress.pending_bytes() == 0);
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

// ---- What isn't ours any more

TEST_CASE("span_progress: an item is dropped → its stretch; what lies on either side goes on") {
  Three three;
  CHECK(three.progress.drop(11) ==
        Stretch{.first = 11, .count = 1, .byte_begin = 103, .byte_end = 106});
  CHECK_FALSE(three.progress.all_finished());
  three.progress.finish(10, line("B"));
  three.progress.finish(12, line("E"));
  CHECK(three.progress.all_finished());
  CHECK(three.progress.take_done_run()->stretch ==
        Stretch{.first = 10, .count = 1, .byte_begin = 100, .byte_end = 103});
  CHECK(three.progress.take_done_run()->stretch ==
        Stretch{.first = 12, .count = 1, .byte_begin = 106, .byte_end = 109});
  CHECK_FALSE(three.progress.take_done_run());
}

TEST_CASE("span_progress: the last item is dropped → with the bytes behind it") {
  const support::Exact bytes("a\nb\n\n\n");
  SpanProgress progress({.first = 0, .count = 2, .byte_begin = 0, .byte_end = 6}, bytes.view());
  while (progress.take()) {
  }
  CHECK(progress.drop(1) == Stretch{.first = 1, .count = 1, .byte_begin = 2, .byte_end = 6});
}

TEST_CASE(
    "span_progress: what nobody has taken is dropped → its stretch, and none is left to take") {
  for (std::uint32_t taken = 0; taken <= 3; ++taken) {
    CAPTURE(taken);
    const support::Exact bytes("aa\nbb\ncc\n");
    SpanProgress progress({.first = 10, .count = 3, .byte_begin = 100, .byte_end = 109},
                          bytes.view());
    for (std::uint32_t i = 0; i < taken; ++i) REQUIRE(progress.take());
    CHECK(progress.untaken() == 3 - taken);
    const auto rest = progress.drop_untaken();
    if (taken == 3) {
      CHECK_FALSE(rest);
    } else {
      CHECK(rest == Stretch{.first = 10 + taken,
                            .count = 3 - taken,
                            .byte_begin = 100 + 3ULL * taken,
                            .byte_end = 109});
    }
    CHECK(progress.all_taken());
    CHECK_FALSE(progress.take());
    CHECK_FALSE(progress.drop_untaken());
    CHECK(progress.all_finished() == (taken == 0));
    for (std::uint32_t i = 0; i < taken; ++i) progress.finish(10 + i, line("L"));
    CHECK(progress.all_finished());
    const auto run = progress.take_done_run();
    if (taken == 0) {
      CHECK_FALSE(run);
    } else {
      CHECK(
          run->stretch ==
          Stretch{.first = 10, .count = taken, .byte_begin = 100, .byte_end = 100 + 3ULL * taken});
    }
  }
}

TEST_CASE("span_progress: only the first items are kept → the rest's stretch, line for line") {
  for (std::uint32_t kept = 1; kept <= 4; ++kept) {
    CAPTURE(kept);
    // Blank lines belong to the item before them.
    const support::Exact bytes("aa\n\nbb\n \ncc");
    SpanProgress progress({.first = 10, .count = 3, .byte_begin = 100, .byte_end = 111},
                          bytes.view());
    const auto rest = progress.keep_first(kept, 3);
    const std::array<std::uint64_t, 2> ends{103, 107};
    if (kept >= 3) {
      CHECK(rest.empty());
    } else {
      CHECK(rest == std::vector<Stretch>{{.first = 10 + kept,
                                          .count = 3 - kept,
                                          .byte_begin = ends[kept - 1],
                                          .byte_end = 111}});
    }
    CHECK(progress.untaken() == std::min(kept, 3U));
    std::uint32_t taken = 0;
    while (const auto item = progress.take()) {
      CHECK(item->text == std::array<View, 3>{"aa", "bb", "cc"}[taken]);
      progress.finish(item->index, line("L"));
      ++taken;
    }
    CHECK(taken == std::min(kept, 3U));
    CHECK(progress.all_finished());
    CHECK(progress.take_done_run()->stretch.byte_end == (rest.empty() ? 111 : rest[0].byte_begin));
  }
}

TEST_CASE("span_progress: the rest is wanted in parts → one behind the other, to the last byte") {
  const support::Exact bytes("a\nb\nc\n\nd\ne\nf\n\n");
  SpanProgress progress({.first = 10, .count = 6, .byte_begin = 100, .byte_end = 114},
                        bytes.view());
  CHECK(progress.keep_first(1, 2) ==
        std::vector<Stretch>{{.first = 11, .count = 2, .byte_begin = 102, .byte_end = 106},
                             {.first = 13, .count = 2, .byte_begin = 106, .byte_end = 111},
                             {.first = 15, .count = 1, .byte_begin = 111, .byte_end = 114}});
  CHECK(progress.untaken() == 1);
}

// ---- ShardBuilder

TEST_CASE("shard_builder: nothing was added → empty") {
  const ShardBuilder builder;
  CHECK(builder.items() == 0);
  CHECK(builder.bytes() == 0);
  CHECK(builder.content().empty());
  CHECK(builder.shard() == ledger::Shard{});
}

TEST_CASE("shard_builder: lines of both streams → one section behind the other, each in order") {
  ShardBuilder builder;
  builder.add(line("out 1", 0));
  builder.add(line("error 1", 1));
  ResultLine second = line("out 2", 0);
  second.usage = {.input = 1, .input_cached = 2, .output = 3, .output_reasoning = 4, .total = 5};
  builder.add(second);
  builder.add(second);

  CHECK(builder.content() == "out 1\nout 2\nout 2\nerror 1\n");
  CHECK(builder.bytes() == builder.content().size());
  CHECK(builder.items() == 4);
  CHECK(builder.shard().lengths == std::array<std::uint64_t, 2>{18, 8});
  CHECK(builder.shard().lines == std::array<std::uint32_t, 2>{3, 1});
  CHECK(builder.shard().counts ==
        ledger::Counts{.succeeded = 3, .errored = 1, .canceled = 0, .expired = 0});
  CHECK(builder.shard().usage ==
        ledger::Usage{
            .input = 2, .input_cached = 4, .output = 6, .output_reasoning = 8, .total = 10});
}

}  // namespace
}  // namespace edgebatch::runner
