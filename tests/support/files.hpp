// Files of the checkout, for tests that run from its root, natively and under wasmtime.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <dirent.h>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::support {

/// Sorted, without those that begin with a dot; empty if there is no such folder.
inline std::vector<Bytes> names_in(const Bytes& folder) {
  std::vector<Bytes> names;
  DIR* const open = opendir(folder.c_str());
  if (open == nullptr) return names;
  while (const dirent* entry = readdir(open))
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  closedir(open);
  std::ranges::sort(names);
  return names;
}

/// Empty if it can't be read.
inline Bytes content_of(const Bytes& path) {
  Bytes content;
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return content;
  std::array<char, 65'536> piece{};
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), file))
    content.append(piece.data(), size);
  std::fclose(file);
  return content;
}

}  // namespace edgebatch::support
