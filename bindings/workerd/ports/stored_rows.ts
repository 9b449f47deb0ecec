// Rows in a Durable Object's SQLite. Nothing is stored before the first put: asking for an unknown
// actor leaves nothing behind.
import type { Row, Rows } from "./rows.ts";

/** Whose first row is stored for good: it needs no looking. */
const existing = new WeakSet<SqlStorage>();

export class StoredRows implements Rows {
  readonly #sql: SqlStorage;
  readonly #created: () => void;
  #exist: boolean;

  /** `created` is called in the turn that stores the first row. */
  constructor(sql: SqlStorage, created: () => void) {
    this.#sql = sql;
    this.#created = created;
    this.#exist = existing.has(sql) || this.#look();
  }

  /** Whether this actor has ever stored a row. */
  get exist(): boolean {
    return this.#exist;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    if (!this.#exist) return undefined;
    const [row] = this.#all("SELECT value FROM rows WHERE key = ?", key);
    return row && blob(row["value"]);
  }

  put(key: Uint8Array, value: Uint8Array): void {
    if (!this.#exist) {
      this.#all("CREATE TABLE rows (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID");
      this.#exist = true;
      this.#created();
    }
    this.#all("INSERT OR REPLACE INTO rows VALUES (?, ?)", key, value);
  }

  erase(key: Uint8Array): void {
    if (this.#exist) this.#all("DELETE FROM rows WHERE key = ?", key);
  }

  scan(from: Uint8Array, to: Uint8Array, limit: number, descending: boolean): Row[] {
    if (!this.#exist) return [];
    const query = descending ? scanDown : scanUp;
    return this.#all(query, from, to, limit).map((row) => [blob(row["key"]), blob(row["value"])]);
  }

  /** At the beginning of a turn: what is there then isn't taken back with the turn. */
  #look(): boolean {
    const exist = this.#all("SELECT 1 FROM sqlite_schema WHERE name = 'rows'").length > 0;
    if (exist) existing.add(this.#sql);
    return exist;
  }

  #all(query: string, ...values: unknown[]) {
    return this.#sql.exec(query, ...values).toArray();
  }
}

const scanUp = "SELECT key, value FROM rows WHERE key >= ? AND key < ? ORDER BY key LIMIT ?";
const scanDown = scanUp.replace("ORDER BY key", "ORDER BY key DESC");

const blob = (value: SqlStorageValue | undefined): Uint8Array =>
  new Uint8Array(value as ArrayBuffer);
