// A file is one idea: 500 lines at most.
const lines_count_max = 500;

export const sizes = (files) =>
  files
    .filter(({ path }) => /^(core|handlers|bindings|tests|\.toolchain)\/.*\.(cpp|hpp|ts|mjs|js|py)$/.test(path))
    .filter(({ lines }) => lines.length > lines_count_max)
    .map(({ path, lines }) => `${path}: ${lines.length} lines; more than ${lines_count_max}`);
