#include "core/dialects/datagrid/plan.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "core/dialects/content.hpp"
#include "core/dialects/datagrid/item_line.hpp"
#include "core/dialects/datagrid/line.hpp"
#include "core/dialects/file_view.hpp"
#include "core/dialects/item_plan.hpp"
#include "core/problem/excerpt.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/validation/index.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

using validation::ErrorCode;
using validation::LineError;

// A file of unknown content.
Bytes what_it_is(const FileView& file) {
  if (file.bytes == 0) return "empty";
  if (file.media_type.empty()) return "of no known kind";
  return "of no known kind (declared: " + problem::excerpt(file.media_type) + ")";
}

View kind_in_words(Content content) {
  switch (content) {
    case Content::text: return "a text";
    case Content::pdf: return "a PDF document";
    default: return "an image";
  }
}

Bytes size_in_words(const FileView& file) {
  return "The file is " + Bytes(kind_in_words(file.content)) + " of " + text::decimal(file.bytes) +
         " bytes, but at most " + text::decimal(file_bytes_max(file.content)) +
         " bytes of one can be sent.";
}

std::optional<LineError> fault_of(const ItemLine& item, const ItemFile* file) {
  if (file == nullptr)
    return LineError{.code = ErrorCode::file_not_found,
                     .param = "file_id",
                     .detail = problem::excerpt(item.file_id)};
  const FileView& view = file->view;
  if (view.content == Content::unknown)
    return LineError{
        .code = ErrorCode::file_unsupported, .param = "file_id", .detail = what_it_is(view)};
  if (item.page && view.content != Content::pdf)
    return LineError{.code = ErrorCode::page_unsupported,
                     .param = "page",
                     .detail = Bytes(kind_in_words(view.content))};
  if (view.bytes > file_bytes_max(view.content))
    return LineError{
        .code = ErrorCode::file_too_large, .param = "file_id", .detail = size_in_words(view)};
  return std::nullopt;
}

Attachment attachment(const ItemFile& file) {
  return {.name = file.view.name,
          .content = file.view.content,
          .json_text_bytes = file.view.json_text_bytes,
          .stream = file.stream};
}

class Planner {
 public:
  explicit Planner(const std::function<const ItemFile*(View file_id)>& find) : find_(find) {}

  void take(View line) {
    ++number_;
    auto item = read_item_line(line);
    if (!item)
      return refuse(ItemLine{},
                    LineError{.code = ErrorCode::invalid_json_line, .param = {}, .detail = {}});
    const ItemFile* const file = find_(item->file_id);
    if (auto fault = fault_of(*item, file)) return refuse(std::move(*item), std::move(*fault));
    item->file = attachment(*file);
    append(*item);
  }

  ItemPlan finish() {
    plan_.index = index_.entries();
    return std::move(plan_);
  }

 private:
  void refuse(ItemLine item, LineError fault) {
    fault.line = number_;
    fault.custom_id = item.custom_id;
    ++plan_.errors_count;
    if (plan_.errors.size() < validation::errors_count_max) plan_.errors.push_back(fault);
    item.refusal = std::move(fault);
    append(item);
  }

  void append(const ItemLine& item) {
    const std::uint64_t begin = plan_.lines.size();
    plan_.lines.append(item_line(item)).push_back('\n');
    index_.add(begin, plan_.lines.size());
  }

  const std::function<const ItemFile*(View file_id)>& find_;
  std::uint64_t number_ = 0;
  validation::IndexBuilder index_;
  ItemPlan plan_;
};

}  // namespace

ItemPlan plan_items(View lines, const std::function<const ItemFile*(View file_id)>& find) {
  Planner planner(find);
  while (!lines.empty()) {
    const View line = lines.substr(0, lines.find('\n'));
    planner.take(line);
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
  }
  return planner.finish();
}

}  // namespace edgebatch::dialects::datagrid
