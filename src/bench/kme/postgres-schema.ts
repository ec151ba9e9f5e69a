// The tables of a bench KME in PostgreSQL: `keys` as the ETSI-014 reference implementation has it in its database
// key_store (one row for each key and slave, the key in base64), with columns of ours beside it, and two tables for the
// group. Made at start; what is there stays.

/** Numbers the lock under which the schema is made: two KMEs may start at the same moment. */
export const SCHEMA_LOCK = 0x514b4431;

export const SCHEMA = `
CREATE TABLE IF NOT EXISTS keys (
  id uuid NOT NULL,
  master_sae_id text NOT NULL,
  slave_sae_id text NOT NULL,
  size integer NOT NULL CHECK (size > 0),
  content text NOT NULL,
  active boolean NOT NULL DEFAULT true,
  last_modified_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (master_sae_id <> slave_sae_id),
  PRIMARY KEY (id, master_sae_id, slave_sae_id)
);
ALTER TABLE keys ADD COLUMN IF NOT EXISTS kme text NOT NULL DEFAULT '';
ALTER TABLE keys ADD COLUMN IF NOT EXISTS drawn_at double precision NOT NULL DEFAULT 1000 * extract(epoch FROM now());
ALTER TABLE keys ADD COLUMN IF NOT EXISTS known_at double precision NOT NULL DEFAULT 0;
CREATE INDEX IF NOT EXISTS keys_drawn_at ON keys (drawn_at);
CREATE TABLE IF NOT EXISTS kme_group (
  name text PRIMARY KEY,
  sae_ids text[] NOT NULL,
  link_is_up boolean NOT NULL DEFAULT true
);
CREATE TABLE IF NOT EXISTS kme_stock (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  keys_left double precision NOT NULL,
  since double precision NOT NULL,
  fill_rate double precision NOT NULL,
  capacity double precision NOT NULL
);`;
