// Small shards are merged before a batch's results are registered.
#include <catch_amalgamated.hpp>

#include "tests/handlers/actors/batch_actor.hpp"

namespace edgebatch::actors::batch {
namespace {

/// A batch of one span whose ten items were reported one by one, the odd ones as errors.
BatchActor in_small_shards() {
  BatchActor batch;
  batch.plan(1);
  const auto lease = batch.claim();
  for (std::uint32_t item = 0; item < 10; ++item) {
    const ledger::Stretch stretch{
        .first = item, .count = 1, .byte_begin = item * 10ULL, .byte_end = item * 10ULL + 10};
    CHECK(batch.report(lease.attempt, stretch, item, item % 2 == 0 ? Halt::none : Halt::refused)
              .held);
  }
  return batch;
}

TEST_CASE("batch: all items have lines in small shards → merged, then registered") {
  BatchActor batch = in_small_shards();
  CHECK(batch.state() == State::finalizing);
  CHECK_FALSE(batch.pending("results"));
  const auto assignment = batch.claim();
  REQUIRE(std::holds_alternative<MergeWork>(assignment.work));
  const auto& work = std::get<MergeWork>(assignment.work);
  CHECK(work.pieces.size() == 10);
  CHECK(is_idle(batch.claim(1, 7)));  // One at a time.
  CHECK(batch.merge(assignment.attempt, work).held);
  CHECK(batch.pending("results"));
  CHECK(batch.merge(assignment.attempt, work).held);  // Told twice.
  batch.publish();
  CHECK(batch.state() == State::completed);

  const auto sections =
      std::get<std::vector<http::Section>>(batch.tell(Sections{.tenant = "dev", .stream = 1}));
  CHECK(sections.size() == 5);
  std::uint64_t bytes = 0;
  for (const auto& section : sections) bytes += section.length;
  CHECK(bytes == batch.spans()[0].shard.lengths[1]);
  CHECK(sections[0].offset == 20);
}

TEST_CASE("batch: merging comes to nothing, again and again → registered in small shards") {
  BatchActor batch = in_small_shards();
  for (std::uint32_t tries = 0; tries < merge_tries_max; ++tries) {
    CHECK_FALSE(batch.pending("results"));
    const auto assignment = batch.claim(0, tries + 2);
    REQUIRE(std::holds_alternative<MergeWork>(assignment.work));
    if (tries % 2 == 0) {
      batch.give_back(assignment.attempt);
    } else {
      batch.wait(ledger::lease_ms_max);
    }
  }
  CHECK(batch.pending("results"));
}

TEST_CASE("batch: a merge that isn't of its shards → nothing changes") {
  BatchActor batch = in_small_shards();
  const auto assignment = batch.claim();
  const auto work = std::get<MergeWork>(assignment.work);
  auto other = work;
  other.shard.lengths[0] += 1;
  CHECK_FALSE(batch.merge(assignment.attempt, other).held);
  CHECK(batch.spans().size() == 10);
}

TEST_CASE("batch: merged once more, by a run that was thought dead → nothing changes") {
  BatchActor batch = in_small_shards();
  const auto late = batch.claim();
  batch.wait(ledger::lease_ms_max);
  const auto next = batch.claim(1, 7);
  REQUIRE(batch.merge(next.attempt, std::get<MergeWork>(next.work)).held);
  const auto merged = batch.spans();
  CHECK_FALSE(batch.merge(late.attempt, std::get<MergeWork>(late.work)).held);
  CHECK(batch.spans() == merged);
}

TEST_CASE("batch: merged too late → nothing changes, the shards that are registered stay") {
  BatchActor batch = in_small_shards();
  const auto late = batch.claim(0, 1);
  batch.wait(ledger::lease_ms_max);
  for (std::uint32_t tries = 1; tries < merge_tries_max; ++tries)
    batch.give_back(batch.claim(0, tries + 1).attempt);
  REQUIRE(batch.pending("results"));
  CHECK_FALSE(batch.merge(late.attempt, std::get<MergeWork>(late.work)).held);
  CHECK(batch.spans().size() == 10);
}

TEST_CASE("batch: it expires while it is merged → completed all the same") {
  BatchActor batch = in_small_shards();
  const auto assignment = batch.claim();
  batch.now = started_at + window_ms;
  batch.alarm();
  CHECK(batch.state() == State::finalizing);
  batch.work_off(9);
  batch.publish();
  CHECK(batch.state() == State::completed);
}

}  // namespace
}  // namespace edgebatch::actors::batch
