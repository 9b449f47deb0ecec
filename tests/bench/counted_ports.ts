// Stands in for bindings/workerd/ports/ports.ts (bundle.mjs): the same ports, and each effect counted.
import { portsOf as realPortsOf, type Ports } from "../../bindings/workerd/ports/ports.ts";
import type { Port } from "../../bindings/workerd/ports/port.ts";
import { isCounted } from "./counted_env.ts";
import { add } from "./counts.ts";

export * from "../../bindings/workerd/ports/ports.ts";

const counted =
  (number: string, port: Port): Port =>
  (ask, over) => {
    add("effect");
    add(`effect ${number}`);
    return port(ask, over);
  };

export const portsOf = (...args: Parameters<typeof realPortsOf>): Ports => {
  const ports = realPortsOf(...args);
  if (!args.some(isCounted)) return ports;
  return Object.fromEntries(
    Object.entries(ports).map(([number, port]) => [number, counted(number, port)]),
  );
};
