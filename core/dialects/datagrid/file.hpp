// The file object, lists of them, and what an upload has to look like (contracts.md §2.10).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/dialects/file_view.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

constexpr View file_id_prefix = "file_";
constexpr std::uint64_t expires_after_s_max = 518'400;  // 6 days; from 1 on.

Bytes file_json(const ShownFile& file);
/// `{"object":"list","data":[…],"has_more"}`
Bytes file_list_json(const std::vector<ShownFile>& files, bool has_more);

/// The form field of that name; nothing, or empty: the file stays for ever. Gives its life in
/// milliseconds.
Or<std::optional<Ms>> check_expires_after(std::optional<View> field);

/// The body of `PATCH /files/{id}`, which may be empty: the life from now on in milliseconds;
/// nothing: it stays as it is.
Or<std::optional<Ms>> parse_update(View body);

}  // namespace edgebatch::dialects::datagrid
