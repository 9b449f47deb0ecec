#include "handlers/runner/shard.hpp"

#include <cstddef>
#include <cstdint>

#include "core/dialects/line_format.hpp"

namespace edgebatch::runner {

void ShardBuilder::add(const dialects::ResultLine& line) {
  sections_[line.stream].append(line.text).push_back('\n');
  shard_.lengths[line.stream] += line.text.size() + 1;
  ++shard_.lines[line.stream];
  shard_.counts += line.counts;
  shard_.usage += line.usage;
}

std::uint64_t ShardBuilder::bytes() const {
  std::uint64_t bytes = 0;
  for (const Bytes& section : sections_) bytes += section.size();
  return bytes;
}

Bytes ShardBuilder::content() const {
  Bytes content;
  content.reserve(static_cast<std::size_t>(bytes()));
  for (const Bytes& section : sections_) content += section;
  return content;
}

}  // namespace edgebatch::runner
