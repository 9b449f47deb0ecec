// What the operator has set, read once from the host's variables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch {

constexpr std::uint32_t concurrency_default = 16;  // Requests that an upstream gets side by side.
constexpr std::uint32_t concurrency_max = 1'024;
constexpr std::size_t tenant_chars_max = 64;  // Letters, digits, `-` and `_`.
constexpr std::uint32_t rate_limit_max = 100'000;
constexpr std::uint32_t reasks_default = 1;
constexpr std::uint32_t reasks_max = 3;

/// A model provider, and the models it serves.
struct Upstream {
  Bytes url;  // With its `/v1`, without a slash at the end; empty: the built-in sandbox.
  Bytes key;  // Empty: none is sent.
  std::uint32_t concurrency = concurrency_default;
  bool streams = false;  // Answers of chat completions are asked for as streams.
  std::vector<std::pair<Bytes, Bytes>> models;  // As clients call it → as it does; empty: any.

  bool is_sandbox() const { return url.empty(); }
  /// What it calls this model; nothing if it doesn't serve it.
  std::optional<Bytes> own_name(View model) const;
};

/// How long a batch may take.
struct Window {
  Bytes name;                   // `24h`
  std::optional<Ms> length_ms;  // Nothing: it never expires.
};

/// What a job's id stands for.
struct JobDefinition {
  Bytes id;
  Bytes model;                    // That its batches have to ask for; empty: any.
  std::optional<Window> window;   // That its batches have, whichever they ask for.
  std::uint32_t concurrency = 0;  // Of each of its batches; 0: its upstream's.
};

struct Config {
  std::vector<Upstream>
      upstreams;  // The first that serves a model gets it. Never empty without an error.
  std::vector<Window> windows;  // `24h` and `unlimited` are always among them.
  std::uint32_t connections_max =
      0;                   // That one invocation may have waiting for headers; 0: no limit.
  Bytes anonymous_tenant;  // Whose requests without a key are, where that is allowed; empty:
                           // nobody's.
  Bytes error;             // What is wrong with the variables; empty: nothing.

  std::vector<Bytes>
      datagrid_models;  // Only these may batch predictions ask for; empty: any served.
  std::vector<JobDefinition>
      jobs;  // Only these may be named; empty: any id may, and stands for nothing.
  /// Datagrid's requests of one tenant to one route in a minute; 0: any number.
  std::uint32_t rate_limit = 0;
  /// How often an item is asked for once more because its answer was of no use to its client.
  std::uint32_t reasks = reasks_default;

  const Upstream* serving(View model) const;
  /// Whether a batch prediction may ask for it.
  bool accepts(View model) const;
  const JobDefinition* job(View id) const;
  std::vector<Bytes> window_names() const;
  /// Nothing if it never ends; of a window that isn't among `windows` too.
  std::optional<Ms> window_ms(View name) const;
};

using Variables = std::vector<std::pair<Bytes, Bytes>>;

/// UPSTREAM_URL, UPSTREAM_KEY, UPSTREAMS, EDGEBATCH_WINDOWS, CONNECTIONS_MAX, JOBS,
/// ANONYMOUS_TENANT, DATAGRID_MODELS, DATAGRID_REASKS, RATE_LIMIT; others are not ours.
Config read_config(const Variables& variables);

}  // namespace edgebatch
