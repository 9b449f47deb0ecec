// Rooms: what operations in this isolate share, and only so many at a time. Nothing but a count is
// kept, of the operations themselves.
import { Writer } from "../frame.ts";
import type { Life } from "../life.ts";
import type { Port } from "./port.ts";

const rooms = new Map<string, Set<Life>>();

function roomOf(name: string): Set<Life> {
  const room = rooms.get(name) ?? new Set();
  rooms.set(name, room);
  return room;
}

export const enter: Port = async (ask, life) => {
  const room = roomOf(ask.text());
  const countMax = ask.varint();
  const silentSince = Date.now() - ask.varint();
  // An operation that the platform has ended doesn't say so.
  for (const other of room) if (other.heardAt < silentSince) room.delete(other);

  const entered = room.size < countMax;
  if (entered) {
    room.add(life);
    life.begin({ endAt: Infinity, stop: () => room.delete(life) });
  }
  return new Writer().bool(entered).take();
};
