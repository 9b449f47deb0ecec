// Ways to go through a batch's input, each for a whole corpus: how many items it has. In any engine.

const pieceBytes = 64 * 1024; // As a body comes in.

const unused = () => 0; // What a reactor imports and never calls.

/** `module`: edgebatch_scan.wasm, compiled. */
export function methodsOf(module) {
  const { exports } = new WebAssembly.Instance(module, {
    wasi_snapshot_preview1: Object.fromEntries(
      WebAssembly.Module.imports(module).map(({ name }) => [name, unused]),
    ),
  });
  exports._initialize();

  const inPieces = (bytes, take) => {
    const at = exports.scan_piece();
    for (let begin = 0; begin < bytes.length; begin += pieceBytes) {
      const piece = bytes.subarray(begin, begin + pieceBytes);
      new Uint8Array(exports.memory.buffer, at, piece.length).set(piece);
      take(piece.length);
    }
  };

  return {
    /** The core's: grammar, UTF-8, members, unique custom_ids, the endpoint's rules, the index. */
    scan(bytes) {
      exports.scan_begin();
      inPieces(bytes, exports.scan_feed);
      return exports.scan_finish();
    },
    /** The floor: into the core's memory, and once more within it. */
    copy(bytes) {
      inPieces(bytes, exports.scan_copy);
      return bytes.length;
    },
    /** The best that plain JavaScript does: one text, a slice a line, JSON.parse, two members. */
    parse(bytes) {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      let items = 0;
      for (let at = 0, end; (end = text.indexOf("\n", at)) !== -1; at = end + 1) {
        const { custom_id, body } = JSON.parse(text.slice(at, end));
        if (custom_id && body.model) ++items;
      }
      return items;
    },
  };
}
