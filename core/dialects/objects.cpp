#include "core/dialects/objects.hpp"

#include <vector>

#include "core/dialects/batch_view.hpp"
#include "core/dialects/datagrid/batch.hpp"
#include "core/dialects/datagrid/error.hpp"
#include "core/dialects/datagrid/file.hpp"
#include "core/dialects/dialect.hpp"
#include "core/dialects/file_view.hpp"
#include "core/dialects/openai/batch.hpp"
#include "core/dialects/openai/error.hpp"
#include "core/dialects/openai/file.hpp"
#include "core/http/message.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

Bytes batch_json(const BatchView& view, View mount) {
  switch (view.dialect) {
    case Dialect::datagrid: return datagrid::batch_json(view, mount);
    case Dialect::openai: break;
  }
  return openai::batch_json(view);
}

Bytes batch_list_json(Dialect dialect, const std::vector<BatchView>& views, bool has_more,
                      View mount) {
  switch (dialect) {
    case Dialect::datagrid: return datagrid::batch_list_json(views, has_more, mount);
    case Dialect::openai: break;
  }
  return openai::batch_list_json(views, has_more);
}

Bytes file_json(const ShownFile& file) {
  switch (file.view.dialect) {
    case Dialect::datagrid: return datagrid::file_json(file);
    case Dialect::openai: break;
  }
  return openai::file_json(file);
}

Bytes file_list_json(Dialect dialect, const std::vector<ShownFile>& files, bool has_more) {
  switch (dialect) {
    case Dialect::datagrid: return datagrid::file_list_json(files, has_more);
    case Dialect::openai: break;
  }
  return openai::file_list_json(files, has_more);
}

http::Response error(Voice voice, const Problem& problem) {
  switch (voice) {
    case Voice::datagrid: return datagrid::error(problem);
    case Voice::datagrid_files: return datagrid::files_error(problem);
    case Voice::impala: return openai::impala_error(problem);
    case Voice::openai: break;
  }
  return openai::error(problem);
}

http::Response upload_error(Voice voice, const Problem& problem, View user_agent) {
  if (voice == Voice::datagrid_files) return datagrid::upload_error(problem, user_agent);
  return error(voice, problem);
}

View batch_id_prefix(Dialect dialect) {
  return dialect == Dialect::datagrid ? datagrid::batch_id_prefix : openai::batch_id_prefix;
}

View file_id_prefix(Dialect dialect) {
  return dialect == Dialect::datagrid ? datagrid::file_id_prefix : openai::file_id_prefix;
}

}  // namespace edgebatch::dialects
