"""Runs a WASI command (preview 1) in wasmtime's Python package.

run.py [--package FOLDER] [--dir HOST::GUEST]... [--env NAME=VALUE]... MODULE [ARG]...

Exits as the command does; 134 after a trap, as a native abort would. FOLDER is where the package
lies if it isn't installed; without it build/deps of this checkout is tried.
"""

import sys
from pathlib import Path

USAGE = __doc__
TRAPPED = 134


def parse(argv):
    options = {"--package": [], "--dir": [], "--env": []}
    rest = list(argv)
    while rest and rest[0].startswith("--"):
        flag = rest.pop(0)
        if flag not in options or not rest:
            sys.exit(USAGE)
        options[flag].append(rest.pop(0))
    if not rest:
        sys.exit(USAGE)
    return options, rest


def run(options, command):
    from wasmtime import Config, Engine, ExitTrap, Linker, Module, Store, Trap, WasiConfig

    wasi = WasiConfig()
    wasi.argv = command
    wasi.env = [tuple(pair.split("=", 1)) for pair in options["--env"]]
    for spec in options["--dir"]:
        host, _, guest = spec.partition("::")
        wasi.preopen_dir(host, guest or host)
    wasi.inherit_stdin()
    wasi.inherit_stdout()
    wasi.inherit_stderr()

    config = Config()
    config.cache = True  # Compiled once: a tenth of a second a run instead of more than one.
    engine = Engine(config)
    store = Store(engine)
    store.set_wasi(wasi)
    linker = Linker(engine)
    linker.define_wasi()
    try:
        instance = linker.instantiate(store, Module.from_file(engine, command[0]))
        instance.exports(store)["_start"](store)
    except ExitTrap as trap:
        return trap.code
    except Trap as trap:
        print(f"wasm trap: {trap}", file=sys.stderr)
        return TRAPPED
    return 0


def main():
    options, command = parse(sys.argv[1:])
    near = Path(__file__).resolve().parents[2] / "build" / "deps"
    sys.path[:0] = options["--package"] or [str(path) for path in near.glob("wasmtime-*")]
    return run(options, command)


sys.exit(main())
