// The keys of a group of bench KMEs in a PostgreSQL database: KMEs in processes of their own that use one database act
// as a pair, and what was drawn outlives them. Every decision is made under row locks, so that a key goes to each slave
// once whichever KME is asked. The password of the database is in no message.

import type { Pool, PoolClient } from 'pg';
import { type DeliveredKey, fetchRefusal, type FetchRefusal, type FetchRequest, type KeyState } from './fetch-rules.ts';
import { type DrawRequest, type KeyStore, type KeyStoreOptions, type Member, REMEMBERED, StoreFailure } from './key-store.ts';
import { SCHEMA, SCHEMA_LOCK } from './postgres-schema.ts';
import { drawnFrom, type Stock, stockAt, stockOf, type StockSetup } from './stock.ts';

/** Milliseconds for a connection and for one statement. */
const PATIENCE = 5000;
const MOST_CONNECTIONS = 8;
/** Milliseconds for which the list of members is good, and between two removals of old keys. */
const MEMBERS_GOOD_FOR = 1000;
const CLEANING = 10_000;

/** Connects and makes the schema. Throws StoreFailure, which says why and where, without user or password. */
export async function openPostgresStore(url: string, options: KeyStoreOptions): Promise<KeyStore> {
  const { host, port, pathname } = urlOf(url);
  const where = `database ${pathname.slice(1)} at ${host === '' ? 'the local socket' : host}${port === '' ? '' : `:${port}`}`.replace(/:(\d+):\1$/, ':$1');
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: url, max: MOST_CONNECTIONS, connectionTimeoutMillis: PATIENCE, query_timeout: PATIENCE, application_name: 'bench KME' });
  // A connection that breaks while nobody uses it; the next statement gets another one.
  pool.on('error', () => undefined);
  const store = new PostgresKeyStore(pool, where, options);
  try {
    await store.prepare();
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

function urlOf(url: string): URL {
  if (!URL.canParse(url) || !/^postgres(?:ql)?:$/.test(new URL(url).protocol)) throw new StoreFailure('DATABASE_URL is not postgres://user:password@host:port/database');
  return new URL(url);
}

interface KeyRow {
  readonly id: string;
  readonly master_sae_id: string;
  readonly slave_sae_id: string;
  readonly content: string;
  readonly active: boolean;
  readonly kme: string;
  readonly drawn_at: number;
  readonly known_at: number;
}

interface StockRow {
  readonly keys_left: number;
  readonly since: number;
  readonly fill_rate: number;
  readonly capacity: number;
}

type Statements = Pick<PoolClient, 'query'>;

class PostgresKeyStore implements KeyStore {
  readonly #pool: Pool;
  readonly #where: string;
  readonly #options: KeyStoreOptions;
  #members: { readonly list: Promise<readonly Member[]>; readonly until: number } | undefined;
  #cleanAt = 0;

  constructor(pool: Pool, where: string, options: KeyStoreOptions) {
    this.#pool = pool;
    this.#where = where;
    this.#options = options;
  }

  /** The schema, and the stock: that of `options` when they name one, else what the database has. */
  async prepare(): Promise<void> {
    await this.#transaction(async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
      await client.query(SCHEMA);
      const { stock, fillRate, capacity } = this.#options;
      const isNew = (await client.query('SELECT 1 FROM kme_stock')).rowCount === 0;
      if (isNew || stock !== undefined || fillRate !== undefined || capacity !== undefined) await writeStock(client, stockOf(this.#options, this.#options.now()));
    });
  }

  async join({ name, saeIds }: Member): Promise<void> {
    await this.#query('INSERT INTO kme_group (name, sae_ids) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET sae_ids = $2, link_is_up = true', [name, saeIds]);
    this.#members = undefined;
  }

  members(): Promise<readonly Member[]> {
    const now = performance.now();
    if (this.#members === undefined || now >= this.#members.until) {
      const list = this.#query<{ name: string; sae_ids: string[] }>('SELECT name, sae_ids FROM kme_group').then((rows) => rows.map(({ name, sae_ids }) => ({ name, saeIds: sae_ids })));
      list.catch(() => (this.#members = undefined));
      this.#members = { list, until: now + MEMBERS_GOOD_FOR };
    }
    return this.#members.list;
  }

  async stock(): Promise<number> {
    return this.#transaction(async (client) => Math.floor((await this.#filled(client)).left));
  }

  async restock(setup: StockSetup): Promise<void> {
    await this.#transaction((client) => writeStock(client, stockOf(setup, this.#options.now())));
  }

  draw(request: DrawRequest): Promise<boolean> {
    return this.#transaction(async (client) => {
      const stock = await this.#filled(client);
      const rest = drawnFrom(stock, request.keys.length);
      if (rest === undefined) return false;
      if (Number.isFinite(rest.left)) await writeStock(client, rest);
      await this.#dropOld(client, request.now);
      if (request.voidsEarlier) await voidEarlier(client, request);
      await insertKeys(client, request);
      return true;
    });
  }

  fetch(request: FetchRequest): Promise<readonly DeliveredKey[] | FetchRefusal> {
    return this.#transaction(async (client) => {
      const asked = request.keyIds.map((keyId) => keyId.toLowerCase());
      const ids = asked.filter((keyId) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(keyId));
      // In one order for everybody: two requests for the same keys do not wait for each other.
      const { rows } = await client.query<KeyRow>('SELECT * FROM keys WHERE id = ANY($1::uuid[]) ORDER BY id, slave_sae_id FOR UPDATE', [ids]);
      const states = statesOf(rows);
      const found = asked.map((keyId) => states.get(keyId));
      const refusal = fetchRefusal(request, found, this.#options.retention * 1000);
      if (refusal !== undefined) return refusal;
      await client.query('UPDATE keys SET active = false, last_modified_at = now() WHERE id = ANY($1::uuid[]) AND slave_sae_id = $2', [ids, request.caller]);
      return found.filter((key) => key !== undefined);
    });
  }

  async setLink(kme: string, isUp: boolean, now: number): Promise<void> {
    await this.#transaction(async (client) => {
      const stock = await this.#filled(client);
      if (Number.isFinite(stock.left)) await writeStock(client, stock);
      await client.query('UPDATE kme_group SET link_is_up = $2 WHERE name = $1', [kme, isUp]);
      if (isUp) await client.query("UPDATE keys SET known_at = $2 WHERE kme = $1 AND known_at = 'Infinity'", [kme, now]);
    });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** The stock as of now, its row locked unless it has no end. */
  async #filled(client: Statements): Promise<Stock> {
    const read = async (more: string): Promise<StockRow | undefined> => (await client.query<StockRow>(`SELECT * FROM kme_stock ${more}`)).rows[0];
    const seen = await read('');
    const row = seen !== undefined && seen.keys_left === Number.POSITIVE_INFINITY ? seen : await read('FOR UPDATE');
    if (row === undefined) throw new StoreFailure(`${this.#where} has lost its stock`);
    const stock = { left: row.keys_left, since: row.since, fillRate: row.fill_rate, capacity: row.capacity };
    if (!Number.isFinite(stock.left)) return stock;
    const { rows } = await client.query<{ up: boolean | null }>('SELECT bool_and(link_is_up) AS up FROM kme_group');
    return stockAt(stock, this.#options.now(), rows[0]?.up !== false);
  }

  async #dropOld(client: Statements, now: number): Promise<void> {
    if (now < this.#cleanAt) return;
    this.#cleanAt = now + CLEANING;
    await client.query('DELETE FROM keys WHERE drawn_at < $1', [now - REMEMBERED * this.#options.retention * 1000]);
  }

  async #query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      return (await this.#pool.query<Row>(text, [...values])).rows;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async #transaction<T>(work: (client: Statements) => Promise<T>): Promise<T> {
    let client: PoolClient | undefined;
    try {
      client = await this.#pool.connect();
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      client.release();
      return result;
    } catch (error) {
      // The connection is given up, and with it the transaction.
      client?.release(true);
      throw this.#failure(error);
    }
  }

  #failure(error: unknown): StoreFailure {
    if (error instanceof StoreFailure) return error;
    const { message, code } = error as { message?: string; code?: string };
    return new StoreFailure(`${this.#where}: ${(message || code || 'no connection').split('\n')[0]}`);
  }
}

async function writeStock(client: Statements, { left, since, fillRate, capacity }: Stock): Promise<void> {
  const text = 'INSERT INTO kme_stock (keys_left, since, fill_rate, capacity) VALUES ($1, $2, $3, $4) ON CONFLICT (one) DO UPDATE SET keys_left = $1, since = $2, fill_rate = $3, capacity = $4';
  await client.query(text, [left, since, fillRate, capacity]);
}

async function insertKeys(client: Statements, { keys, slaves, master, kme, now, knownAt }: DrawRequest): Promise<void> {
  const rows = keys.flatMap((key) => slaves.map((slave) => ({ ...key, slave })));
  // The reference implementation's table takes no key of size 0.
  const columns = [rows.map(({ keyId }) => keyId), rows.map(({ slave }) => slave), rows.map(({ bytes }) => Math.max(1, bytes.length * 8)), rows.map(({ bytes }) => bytes.toString('base64'))];
  const text = `INSERT INTO keys (id, slave_sae_id, size, content, master_sae_id, kme, drawn_at, known_at)
    SELECT id, slave, size, content, $5, $6, $7, $8 FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[]) AS new (id, slave, size, content)`;
  await client.query(text, [...columns, master, kme, now, knownAt]);
}

async function voidEarlier(client: Statements, { master, slaves }: DrawRequest): Promise<void> {
  const text = `DELETE FROM keys WHERE id IN (
    SELECT id FROM keys WHERE master_sae_id = $1 GROUP BY id HAVING bool_and(active) AND array_agg(slave_sae_id) @> $2::text[])`;
  await client.query(text, [master, slaves]);
}

/** Rows of one key, each with a slave, as one key. */
function statesOf(rows: readonly KeyRow[]): Map<string, KeyState> {
  const states = new Map<string, KeyState & { readonly slaves: Set<string>; readonly waiting: Set<string> }>();
  for (const row of rows) {
    const state = states.get(row.id) ?? {
      keyId: row.id, bytes: Buffer.from(row.content, 'base64'), kme: row.kme, master: row.master_sae_id,
      slaves: new Set<string>(), waiting: new Set<string>(), drawnAt: row.drawn_at, knownAt: row.known_at,
    };
    state.slaves.add(row.slave_sae_id);
    if (row.active) state.waiting.add(row.slave_sae_id);
    states.set(row.id, state);
  }
  return states;
}
