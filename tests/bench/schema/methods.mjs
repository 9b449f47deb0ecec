// Ways to validate, in any engine.

const unused = () => 0; // What a reactor imports and never calls.

/** `module`: edgebatch_schema.wasm, compiled. */
export function core(module) {
  const { exports } = new WebAssembly.Instance(module, {
    wasi_snapshot_preview1: Object.fromEntries(WebAssembly.Module.imports(module).map(({ name }) => [name, unused])),
  });
  exports._initialize();
  const encoder = new TextEncoder();
  const write = (bytes) => {
    const at = exports.schema_text(bytes.length);
    new Uint8Array(exports.memory.buffer, at, bytes.length).set(bytes);
  };
  const words = () => {
    const bytes = new Uint8Array(exports.memory.buffer, exports.schema_words(), exports.schema_words_size());
    return new TextDecoder().decode(bytes).split("\n").slice(0, -1);
  };
  return {
    /** A line for each flaw, `CODE POINTER`; none: it is compiled. */
    compile(text) {
      write(encoder.encode(text));
      return exports.schema_compile() === 0 ? [] : words();
    },
    /** Whether these bytes fit. */
    fits(bytes) {
      write(bytes);
      return exports.schema_validate(bytes.length) === 0;
    },
    /** A line for each failure of the last one. */
    failures: words,
  };
}

/**
 * { core, ajv }: each goes through all answers to a schema, and says how many fit. Ours gets bytes, as they come
 * from a provider, and copies them into its memory; ajv's gets text that is decoded already, and parses it.
 */
export function methodsOf(module, validators, schemas, answersOf) {
  const validator = core(module);
  return (name) => {
    const texts = answersOf(name);
    const encoded = texts.map((text) => new TextEncoder().encode(text));
    if (validator.compile(JSON.stringify(schemas[name])).length) throw new Error(`${name}: not compiled`);
    const validate = validators[name];
    return {
      count: texts.length,
      bytes: encoded.reduce((sum, { length }) => sum + length, 0),
      core: () => encoded.reduce((sum, bytes) => sum + (validator.fits(bytes) ? 1 : 0), 0),
      ajv: () => texts.reduce((sum, text) => sum + (validate(JSON.parse(text)) ? 1 : 0), 0),
      parse: () => texts.reduce((sum, text) => sum + (JSON.parse(text) ? 1 : 0), 0),
    };
  };
}
