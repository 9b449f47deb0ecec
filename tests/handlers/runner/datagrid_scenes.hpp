// A batch whose items came with its request and name files, and what its runner asks for.
#pragma once

#include <vector>

#include "core/dialects/content.hpp"
#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/datagrid/item_line.hpp"
#include "core/dialects/datagrid/line.hpp"
#include "core/dialects/dialect.hpp"
#include "core/dialects/item_plan.hpp"
#include "core/text/number.hpp"
#include "handlers/actors/tenant/commands.hpp"

#include "tests/handlers/runner/scenes.hpp"

namespace edgebatch::script {

using actors::batch::Condemned;
using actors::tenant::PinnedFiles;
using dialects::ItemFile;
using dialects::datagrid::Attachment;
using dialects::datagrid::ItemLine;

inline Bytes file_id_of(std::size_t number) {
  return "file_" + text::hex(static_cast<std::uint64_t>(number), 32);
}

inline Bytes datagrid_request() {
  dialects::datagrid::CreateBatch request;
  request.model = "m1";
  request.completion_window = "24h";
  return wire::encode(request);
}
inline Bytes a_brief() {
  return wire::encode(
      dialects::datagrid::Brief{.prompt = "Read it.", .output_schema = R"({"type":"object"})"});
}
inline const GetObject get_brief{.key = "in/dev/f/brief", .offset = 0, .length = {}};

/// What a run reads of a batch that is shorter than a window.
inline std::unique_ptr<const dialects::LineFormat> datagrid_format() {
  return dialects::datagrid::line_format(datagrid_request(), a_brief(), {1, 2});
}

/// A text that the tenant has.
inline ItemFile text_file(std::size_t number) {
  ItemFile file;
  file.view.id = file_id_of(number);
  file.view.name = "a.txt";
  file.view.bytes = 30;
  file.view.dialect = dialects::Dialect::datagrid;
  file.view.media_type = "text/plain";
  file.view.content = dialects::Content::text;
  file.view.json_text_bytes = 31;
  file.stream = {.prefix = "in/dev/upload_" + text::decimal(number) + "/", .bytes = 30};
  return file;
}

/// The item `a` of the first file, `b` of the second …
inline ItemLine item_of(std::size_t number) {
  return {.custom_id = Bytes(1, static_cast<char>('a' + number)), .file_id = file_id_of(number)};
}
/// The same once it is planned.
inline ItemLine planned_item(std::size_t number) {
  const ItemFile file = text_file(number);
  ItemLine item = item_of(number);
  item.file = Attachment{.name = file.view.name,
                         .content = file.view.content,
                         .json_text_bytes = file.view.json_text_bytes,
                         .stream = file.stream};
  return item;
}

inline Input items(std::size_t count) {
  return {count, [](std::size_t i) { return dialects::datagrid::item_line(item_of(i)); }};
}
inline Input planned_items(std::size_t count) {
  return {count, [](std::size_t i) { return dialects::datagrid::item_line(planned_item(i)); }};
}

inline const Bytes plan_prefix = "out/dev/b/9.plan/";

inline actors::batch::Job datagrid_job(ports::StoredStream of) {
  actors::batch::Job job = job_of(Input(0));
  job.dialect = dialects::Dialect::datagrid;
  job.request = datagrid_request();
  job.input = std::move(of);
  return job;
}

template <class Work>
Assignment datagrid_assigned(ports::StoredStream of, Work work) {
  return {.work = std::move(work),
          .attempt = attempt,
          .lease_ms = ledger::lease_ms_max,
          .items_left = 3,
          .job = datagrid_job(std::move(of))};
}

}  // namespace edgebatch::script
