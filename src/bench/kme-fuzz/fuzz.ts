// The fuzz campaign: cases from a seed, each one call of the real client against a server that answers it wrongly in
// one to four ways (or not at all), over real mutual TLS. Counts what came of them and keeps the first complaints.

import type { KmeSettings } from '../../inventory/inventory.ts';
import { kmeClient } from '../../kme/client.ts';
import { endpoint, kmeSettings, NO_QUIRKS } from '../../kme/test-settings.ts';
import type { KeySource } from '../../workflow/ports.ts';
import type { PairFiles, Pki } from '../pki/pki.ts';
import { Random } from '../simulation/random.ts';
import { startFuzzServer } from './fuzz-server.ts';
import type { FuzzServer } from './fuzz-server.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateHeaders, mutateTiming } from './mutate-delivery.ts';
import { mutateJson } from './mutate-json.ts';
import { complaintAbout } from './oracle.ts';
import type { Outcome } from './oracle.ts';
import type { Asked, PlannedAnswer } from './planned-answer.ts';
import { seededBytes } from './seeded-bytes.ts';

export interface FuzzOptions {
  /** Made with one KME and the SAE "sae". */
  readonly pki: Pki;
  readonly seed: number;
  readonly runs: number;
  /** How many at a time. */
  readonly lanes: number;
  /** Told after every thousandth case. */
  readonly onProgress?: (done: number) => void;
}

export interface FuzzResult {
  readonly runs: number;
  readonly accepted: number;
  /** Refusals by code. */
  readonly refused: ReadonlyMap<string, number>;
  /** Number of the case (its seed is seed + number), mutations, complaint; at most 20. */
  readonly complaints: readonly string[];
  /** Longest case in milliseconds. */
  readonly longest: number;
}

const TIMES = { attemptTimeout: 0.5, deadline: 0.6, propagationAttempts: 3 };
/** No case may last longer, however busy the machine is. */
const HANG = 30_000;
/** A client remembers what it gave; a run of the program makes few calls, too. */
const CALLS_PER_CLIENT = 200;
const MOST_COMPLAINTS = 20;
const ENCODINGS = ['base64', 'base64', 'base64', 'base64', 'base64-unpadded', 'base64url', 'hex'] as const;

/** Runs the cases `seed` to `seed + runs - 1`. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const counts = { next: 0, accepted: 0, refused: new Map<string, number>(), complaints: [] as string[], longest: 0 };
  const lane = async (): Promise<void> => {
    const server = await startFuzzServer(options.pki);
    const clients = new Clients(options.pki, server);
    try {
      while (counts.next < options.runs) {
        const number = counts.next++;
        const { complaint, code, milliseconds, mutations } = await fuzzCase(options.seed + number, server, clients);
        if (code === undefined) counts.accepted += 1;
        else counts.refused.set(code, (counts.refused.get(code) ?? 0) + 1);
        counts.longest = Math.max(counts.longest, milliseconds);
        if (complaint !== undefined && counts.complaints.length < MOST_COMPLAINTS) counts.complaints.push(`seed ${options.seed + number}: ${mutations.join(', ') || 'no mutation'}: ${complaint}`);
        if (number % 1000 === 999) options.onProgress?.(number + 1);
      }
    } finally {
      await server.close();
    }
  };
  await Promise.all(Array.from({ length: options.lanes }, lane));
  return { runs: counts.next, accepted: counts.accepted, refused: counts.refused, complaints: counts.complaints, longest: counts.longest };
}

interface CaseResult {
  readonly complaint: string | undefined;
  readonly code: string | undefined;
  readonly milliseconds: number;
  readonly mutations: readonly string[];
}

async function fuzzCase(seed: number, server: FuzzServer, clients: Clients): Promise<CaseResult> {
  const peer = `peer-${seed}`;
  const answer = plan(new Random(seed));
  server.plan(peer, answer);
  const { client, lines } = clients.for(answer.asked);
  lines.length = 0;
  const began = performance.now();
  const outcome = await withinTime(call(client, peer, answer.asked));
  const complaint = complaintAbout(answer, outcome, lines.join('\n'));
  if ('keys' in outcome) for (const { key } of outcome.keys) key.wipe();
  const error = 'error' in outcome ? outcome.error : undefined;
  return { complaint, code: error === undefined ? undefined : ((error as { code?: string }).code ?? 'unknown'), milliseconds: performance.now() - began, mutations: answer.mutations };
}

async function withinTime(work: Promise<Outcome>): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => (timer = setTimeout(() => resolve({ error: new Error(`no end within ${HANG / 1000} s`) }), HANG)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function call(client: KeySource, peer: string, asked: Asked): Promise<Outcome> {
  const { number, size, keyIds } = asked;
  try {
    if (asked.call === 'status') return { status: await client.status(peer) };
    if (asked.call === 'dec_keys') return { keys: await client.decKeys({ masterSaeId: peer, keyIds, size }) };
    return { keys: await client.encKeys({ slaveSaeId: peer, number, size }) };
  } catch (error) {
    return { error };
  }
}

/** A right answer, then its mutations; none in one case of ten. */
function plan(random: Random): PlannedAnswer {
  const number = random.chance(0.8) ? 1 : 2;
  const keys = Array.from({ length: number }, () => ({ keyId: keyId(random), bytes: seededBytes(random, 32) }));
  const encoding = random.pick(ENCODINGS);
  const asked: Asked = { call: random.pick(['enc_keys', 'enc_keys', 'dec_keys', 'dec_keys', 'status']), keyIds: keys.map(({ keyId }) => keyId), number, size: 256, encoding };
  const json = asked.call === 'status' ? statusJson() : { keys: keys.map(({ keyId, bytes }) => ({ key_ID: keyId, key: bytes.toString(encoding === 'base64-unpadded' ? 'base64' : encoding) })) };
  const answer: PlannedAnswer = { asked, json, body: Buffer.alloc(0), status: 200, headers: ['Content-Type: application/json'], preamble: '', chunked: undefined, lengthError: 0, pieces: 1, ending: 'whole', mutations: [], mustRefuse: false };
  const stages = Array.from({ length: random.chance(0.1) ? 0 : random.pick([1, 1, 1, 2, 2, 3, 4]) }, () => random.pick(['json', 'json', 'bytes', 'bytes', 'headers', 'timing']));
  for (const stage of stages) if (stage === 'json') mutateJson(answer, random);
  answer.body = Buffer.from(JSON.stringify(answer.json) ?? '', 'utf8');
  for (const stage of stages) {
    if (stage === 'bytes') mutateBytes(answer, random);
    else if (stage === 'headers') mutateHeaders(answer, random);
    else if (stage === 'timing') mutateTiming(answer, random);
  }
  return answer;
}

function keyId(random: Random): string {
  return seededBytes(random, 16).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function statusJson(): object {
  const counts = { key_size: 256, stored_key_count: 5, max_key_count: 10, max_key_per_request: 8, max_key_size: 1024, min_key_size: 64, max_SAE_ID_count: 0 };
  return { source_KME_ID: 'a', target_KME_ID: 'b', master_SAE_ID: 'sae', slave_SAE_ID: 'peer', ...counts };
}

/** The clients of one lane: one for each encoding, made anew now and then. */
class Clients {
  readonly #pki: Pki;
  readonly #server: FuzzServer;
  readonly #made = new Map<string, { client: KeySource; lines: string[]; calls: number }>();

  constructor(pki: Pki, server: FuzzServer) {
    this.#pki = pki;
    this.#server = server;
  }

  for({ encoding }: Asked): { client: KeySource; lines: string[] } {
    const known = this.#made.get(encoding);
    if (known !== undefined && known.calls++ < CALLS_PER_CLIENT) return known;
    const lines: string[] = [];
    const log = { write: (...line: unknown[]): void => void lines.push(JSON.stringify(line)) };
    const made = { client: kmeClient(this.#settings({ quirks: { ...NO_QUIRKS, keyEncoding: encoding } }), TIMES, log, { firstPause: 0.001, saeId: 'sae' }), lines, calls: 1 };
    this.#made.set(encoding, made);
    return made;
  }

  #settings(more: Partial<KmeSettings>): KmeSettings {
    const files = this.#pki.saes.get('sae') as PairFiles;
    return kmeSettings([endpoint(`https://127.0.0.1:${this.#server.port}`)], { caFile: this.#pki.kmeCa.certificateFile, ...files }, more);
  }
}
