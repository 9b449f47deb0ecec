// The core and its handlers are pure: time, randomness, input and output come through ports.
import { isCpp, perLine } from "./files.mjs";

const headers =
  /^\s*#\s*include\s+<(ctime|time\.h|random|iostream|fstream|cstdio|stdio\.h|filesystem|thread|mutex|shared_mutex|condition_variable|future|print)>/;
const words =
  /\b((?:system|steady|high_resolution)_clock|std::time|getenv|random_device|s?rand(?=\()|thread_local|throw|try|catch|dynamic_cast|typeid)\b/;

const code = (line) => line.replace(/\/\/.*$/, "").replace(/"(\\.|[^"\\])*"/g, '""');

export const purity = (files) =>
  files
    .filter(({ path }) => isCpp(path) && /^(core|handlers)\//.test(path))
    .flatMap((file) =>
      perLine(file, (line) => {
        const found = headers.exec(line) ?? words.exec(code(line));
        return found ? `${found[1]}: core and handlers are pure` : null;
      }),
    );
