// An actor's storage, with the rows counted that the platform bills. An alarm that is set is one, too.
import { add, wrapped } from "./counts.ts";

function sqlOf(sql: SqlStorage): SqlStorage {
  return wrapped(sql, {
    exec(query: string, ...values: unknown[]) {
      const cursor = sql.exec(query, ...values);
      return {
        toArray() {
          const rows = cursor.toArray();
          add("row read", cursor.rowsRead);
          add("row written", cursor.rowsWritten);
          return rows;
        },
      };
    },
  });
}

export function countedState(state: DurableObjectState): DurableObjectState<object> {
  const { storage } = state;
  const [sql, kv] = [sqlOf(storage.sql), storage.kv];
  const written = (): void => add("row written");
  return wrapped(state as DurableObjectState<object>, {
    storage: wrapped(storage, {
      sql,
      kv: wrapped(kv, {
        get(key: string) {
          add("row read");
          return kv.get(key);
        },
        put(key: string, value: unknown) {
          written();
          kv.put(key, value);
        },
      }),
      setAlarm(at: number) {
        written();
        add("setting of alarm");
        return storage.setAlarm(at);
      },
      deleteAlarm() {
        written();
        return storage.deleteAlarm();
      },
    }),
  });
}

/** Counts an alarm, and the time that the platform bills an actor for while it runs. */
export async function alarmed(kind: string, ring: () => Promise<void>): Promise<void> {
  add("alarm");
  add(`alarm of ${kind}`);
  const start = Date.now();
  await ring();
  add(`ms in alarms of ${kind}`, Date.now() - start);
}
