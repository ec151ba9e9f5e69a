// The metrics file: every line as the exposition format wants it, whatever names hold, and counters that go on. Where
// promtool is installed it is asked too.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { QkdError } from '../errors.ts';
import type { Observation } from '../rotation/observation.ts';
import type { LinkReport } from '../workflow/report.ts';
import { has } from '../ssh/test-peers.ts';
import { type RunFacts, RunMeter, checkMetricsFile, writeMetrics } from './metrics.ts';

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads the text exposition format, version 0.0.4; throws on anything that it does not allow. */
function parse(text: string): { samples: Sample[]; types: Map<string, string> } {
  const [samples, types, helped]: [Sample[], Map<string, string>, Set<string>] = [[], new Map(), new Set()];
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.slice(0, -1).split('\n')) {
    const meta = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line);
    if (meta?.[1] === 'HELP') helped.add(meta[2] ?? '');
    else if (meta !== null) {
      expect(['gauge', 'counter', 'summary']).toContain(meta[3]);
      expect(types.has(meta[2] ?? '')).toBe(false);
      types.set(meta[2] ?? '', meta[3] ?? '');
    } else samples.push(sampleOf(line));
  }
  for (const { name } of samples) {
    const base = [name, name.replace(/_(sum|count)$/, '')].find((one) => types.has(one)) ?? '';
    expect(helped.has(base), name).toBe(true);
    if (base !== name) expect(types.get(base)).toBe('summary');
  }
  return { samples, types };
}

function sampleOf(line: string): Sample {
  const found = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(line);
  if (found === null) throw new Error(`not a sample: ${line}`);
  const labels = [...(found[2] ?? '').matchAll(/([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"/g)].map(([, name = '', value = '']) => [name, value.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c))]);
  return { name: found[1] ?? '', labels: Object.fromEntries(labels) as Record<string, string>, value: Number(found[3]) };
}

const report = (changes: Partial<LinkReport> = {}): LinkReport => ({ link: 'a-b', device: 'a', role: 'master', outcome: 'rotated', reason: '', ...changes });

const facts = (changes: Partial<RunFacts> = {}): RunFacts => ({
  startedAt: NOW - 12_500,
  finishedAt: NOW,
  reports: [report(), report({ device: 'b', role: 'slave', outcome: 'failed', error: new QkdError('scp', 'no') })],
  failed: false,
  certificates: new Map([['a', NOW + 30.5 * 86_400_000]]),
  kmes: new Map([['a', 'kme1:8443']]),
  links: new Set(['a-b', 'c "d"\\']),
  shard: undefined,
  ...changes,
});

function observed(changes: object = {}): Observation {
  const key = (seconds: number, inactive = false) => ({ slot: 0, ckn: '', keyId: '', startTime: NOW + seconds * 1000, inactive });
  const chain = [key(-900), key(-300), key(-10, true), key(600), key(1200)];
  return { link: 'a-b', device: 'a', role: 'master', now: NOW, configuration: { binding: 'key-chain', chain }, ownRecord: undefined, ...changes } as unknown as Observation;
}

function metered(): RunMeter {
  const meter = new RunMeter();
  meter.look(observed());
  for (const ms of [10, 20, 30, 400]) meter.ended({ name: 'kme', device: 'a', start: NOW, ms });
  meter.ended({ name: 'rpc', device: 'a', start: NOW, ms: 9999 });
  return meter;
}

function valueOf(text: string, name: string, labels: Record<string, string> = {}): number | undefined {
  return parse(text).samples.find((sample) => sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value))?.value;
}

test('what a run saw and did', () => {
  const text = metered().text(facts());
  expect(parse(text).types.size).toBe(9);
  const end = { link: 'a-b', device: 'a', role: 'master' };
  expect(valueOf(text, 'qkd_macsec_active_key_age_seconds', end)).toBe(300);
  expect(valueOf(text, 'qkd_macsec_next_key_start_timestamp_seconds', end)).toBe(NOW / 1000 + 600);
  expect(valueOf(text, 'qkd_macsec_run_duration_seconds')).toBe(12.5);
  expect(valueOf(text, 'qkd_macsec_run_success')).toBe(0);
  expect(valueOf(text, 'qkd_macsec_link_failed', { device: 'b' })).toBe(1);
  expect(valueOf(text, 'qkd_macsec_link_outcomes_total', { outcome: 'rotated' })).toBe(1);
  expect(valueOf(text, 'qkd_macsec_kme_request_duration_seconds', { kme: 'kme1:8443', quantile: '0.5' })).toBe(0.02);
  expect(valueOf(text, 'qkd_macsec_kme_request_duration_seconds', { quantile: '1' })).toBe(0.4);
  expect(valueOf(text, 'qkd_macsec_kme_request_duration_seconds_count')).toBe(4);
  expect(valueOf(text, 'qkd_macsec_certificate_days_left', { device: 'a' })).toBe(30.5);
});

test('method pre-shared-key: the newest key of the record is the one in use', () => {
  const meter = new RunMeter();
  const ownRecord = { writtenAt: NOW, keys: [{ keyId: '1', startTime: NOW - 60_000, confirmed: false, refused: false }, { keyId: '2', startTime: NOW - 1000, confirmed: false, refused: true }] };
  meter.look(observed({ configuration: { binding: 'pre-shared-key', chain: [] }, ownRecord }));
  expect(valueOf(meter.text(facts()), 'qkd_macsec_active_key_age_seconds')).toBe(60);
});

describe('counters', () => {
  test('account for every key that was drawn, link by link and KME by KME', () => {
    const at = (kme: string, received: number, lost: number) => ({ kme, received, lost });
    const other = { link: 'c "d"\\', device: 'c' };
    const meter = metered();
    const once = meter.text(facts({ reports: [report({ drawn: [at('k1', 2, 0), at('k2', 0, 3)] }), report({ ...other, drawn: [at('k2:1', 1, 1)] })] }));
    const twice = meter.text(facts({ reports: [report({ drawn: [at('k1', 1, 4)] })] }), once);
    /** Of one name with these labels. */
    const count = (what: string, labels: object): number | undefined => valueOf(twice, `qkd_macsec_keys_${what}_total`, labels as Record<string, string>);
    expect([count('drawn', { link: 'a-b', device: 'a', kme: 'k1' }), count('lost', { link: 'a-b', kme: 'k1' })]).toEqual([3, 4]);
    expect([count('drawn', { kme: 'k2' }), count('lost', { kme: 'k2' })]).toEqual([0, 3]);
    // A run that does not work on a link leaves its counters as they are.
    expect([count('drawn', other), count('lost', other)]).toEqual([1, 1]);
    expect(parse(twice).types.get('qkd_macsec_keys_drawn_total')).toBe('counter');
  });

  test('of a link that the inventory does not have any more are gone', () => {
    const drawn = [{ kme: 'k1', received: 1, lost: 0 }];
    const once = metered().text(facts({ reports: [report({ drawn }), report({ link: 'c "d"\\', drawn })] }));
    const twice = metered().text(facts({ reports: [], links: new Set(['c "d"\\']) }), once);
    expect(parse(twice).samples.filter(({ name }) => name === 'qkd_macsec_keys_drawn_total').map(({ labels }) => labels['link'])).toEqual(['c "d"\\']);
  });

  test('go on from the file before', () => {
    const meter = metered();
    const once = meter.text(facts());
    const twice = meter.text(facts(), once);
    expect(valueOf(meter.text(facts(), twice), 'qkd_macsec_link_outcomes_total', { outcome: 'failed' })).toBe(3);
  });

  test('begin anew after a file that is damaged', () => {
    for (const before of ['', 'qkd_macsec_link_outcomes_total{outcome="rotated"} 1e9\n', 'qkd_macsec_link_outcomes_total{outcome="rotated"} -4', '\u0000'.repeat(1000)]) {
      expect(valueOf(metered().text(facts(), before), 'qkd_macsec_link_outcomes_total', { outcome: 'rotated' })).toBe(1);
    }
  });
});

describe('of the parts of a fleet', () => {
  const part = (index: number, before = ''): string => metered().text(facts({ shard: { index, count: 2 }, reports: [report({ drawn: [{ kme: 'k1', received: 1, lost: 0 }] })] }), before);
  const series = (text: string): string[] => parse(text).samples.map(({ name, labels }) => JSON.stringify([name, labels]));

  test('no two files have a sample in common', () => {
    expect(series(part(1)).filter((one) => series(part(2)).includes(one))).toEqual([]);
    expect(parse(part(1)).samples.every(({ labels }) => labels['shard'] === '1/2')).toBe(true);
  });

  test('each counts on from its own file, and not from that of another part or of a whole run', () => {
    const counts = (text: string): (number | undefined)[] => [valueOf(text, 'qkd_macsec_keys_drawn_total'), valueOf(text, 'qkd_macsec_link_outcomes_total', { outcome: 'rotated' })];
    expect(counts(part(1, part(1)))).toEqual([2, 2]);
    expect(counts(part(2, part(1)))).toEqual([1, 1]);
    expect(counts(part(1, metered().text(facts({ reports: [report({ drawn: [{ kme: 'k1', received: 1, lost: 0 }] })] }))))).toEqual([1, 1]);
    expect(series(part(2, part(1)))).toEqual(series(part(2)));
  });
});

test('any name stays one label', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const text = new RunMeter().text(facts({ reports: [report({ link: name, device: name })], certificates: new Map([[name, NOW]]) }));
      expect(valueOf(text, 'qkd_macsec_link_failed', { link: name })).toBe(0);
    }),
  );
});

test('the file is replaced whole, and readable by the collector', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qkd-metrics-'));
  try {
    const file = join(folder, 'qkd.prom');
    for (let n = 0; n < 2; n += 1) await writeMetrics(file, (before) => metered().text(facts(), before));
    expect(valueOf(readFileSync(file, 'utf8'), 'qkd_macsec_link_outcomes_total', { outcome: 'rotated' })).toBe(2);
    expect(statSync(file).mode & 0o777).toBe(0o644);
    await expect(writeMetrics(join(folder, 'none', 'qkd.prom'), () => '')).rejects.toMatchObject({ code: 'file' });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    for (const [path, why] of [[join(folder, 'pipe'), /is no file/], ['/dev/null', /\/dev\/null: is no file/], [folder, /directory/]] as const) expect(() => checkMetricsFile(path)).toThrow(why);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

// No package of the CI machine has it: there it is the parser above that counts.
describe.skipIf(process.env['CI'] !== undefined || !has('promtool'))('promtool', () => {
  test('finds nothing to object to', () => {
    expect(execFileSync('promtool', ['check', 'metrics'], { input: metered().text(facts()), encoding: 'utf8' })).toBe('');
  });
});
