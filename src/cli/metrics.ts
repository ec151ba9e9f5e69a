// --metrics: what a run saw and did as a Prometheus text file (exposition format 0.0.4), for node_exporter's textfile
// collector or any other reader. Written atomically, so that nobody reads half of it. Counters go on from the file of
// the run before; where that cannot be read they begin anew, which Prometheus takes for a restart.

import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { fileError, writeFileAtomically } from '../atomic-file.ts';
import { grouped } from '../grouped.ts';
import type { Observation } from '../rotation/observation.ts';
import type { Span, SpanListener } from '../profile.ts';
import type { DrawnKeys } from '../workflow/ports.ts';
import type { LinkReport } from '../workflow/report.ts';
import type { Shard } from './arguments.ts';

const OUTCOMES = ['rotated', 'installed', 'confirmed', 'waiting', 'unchanged', 'withdrawn', 'failed'] as const;
const OUTCOMES_TOTAL = 'qkd_macsec_link_outcomes_total';
const DAY = 86_400_000;

type Labels = Readonly<Record<string, string>>;

interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'summary';
  readonly help: string;
  /** Name suffix, labels (or their text), value. */
  readonly samples: readonly (readonly [string, Labels | string, number])[];
}

/** What the metrics of a run are made of; times in milliseconds since 1970 UTC. */
export interface RunFacts {
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly reports: readonly LinkReport[];
  /** What kept the run from working on any link. */
  readonly failed: boolean;
  /** End of each device's client certificate, where it could be read. */
  readonly certificates: ReadonlyMap<string, number>;
  /** Name of each device's KME. */
  readonly kmes: ReadonlyMap<string, string>;
  /** Names of the links of the inventory, or of the part of it that the run is about. */
  readonly links: ReadonlySet<string>;
  /** That part: every sample says so, for the parts' files may meet in one collector, which takes no sample twice. */
  readonly shard: Shard | undefined;
}

/** Gathers on the way what reports do not hold. */
export class RunMeter implements SpanListener {
  readonly #keys = new Map<string, { link: string; device: string; role: string; active: number | undefined; next: number | undefined }>();
  readonly #calls: Span[] = [];

  /** The last look at a link end counts. */
  look({ link, device, role, now, configuration, ownRecord }: Observation): void {
    const started = configuration.binding === 'key-chain' ? configuration.chain.filter((key) => !key.inactive).map((key) => key.startTime) : [ownRecord?.keys.filter((key) => !key.refused).at(-1)?.startTime];
    const times = started.filter((time) => time !== undefined);
    const active = times.filter((time) => time <= now);
    const next = times.filter((time) => time > now);
    this.#keys.set(`${link} ${device}`, { link, device, role, active: active.length === 0 ? undefined : Math.max(...active), next: next.length === 0 ? undefined : Math.min(...next) });
  }

  ended(span: Span): void {
    if (span.name === 'kme') this.#calls.push(span);
  }

  /** `before`: the text that the run before has written. */
  text(facts: RunFacts, before = ''): string {
    const metrics = [...runMetrics(facts), outcomes(facts, before), ...drawn(facts, before), ...this.#keyMetrics(facts), this.#latency(facts), certificates(facts)];
    return metrics.map((metric) => textOf(metric, partLabels(facts))).join('');
  }

  #keyMetrics({ finishedAt }: RunFacts): Metric[] {
    const ends = [...this.#keys.values()];
    const labels = ({ link, device, role }: (typeof ends)[number]): Labels => ({ link, device, role });
    return [
      { name: 'qkd_macsec_active_key_age_seconds', type: 'gauge', help: 'Age of the key in use at the end of the run.', samples: ends.flatMap((end) => (end.active === undefined ? [] : [['', labels(end), (finishedAt - end.active) / 1000] as const])) },
      { name: 'qkd_macsec_next_key_start_timestamp_seconds', type: 'gauge', help: 'When the next scheduled key comes into use, seconds since 1970 UTC.', samples: ends.flatMap((end) => (end.next === undefined ? [] : [['', labels(end), end.next / 1000] as const])) },
    ];
  }

  #latency({ kmes }: RunFacts): Metric {
    const byKme = grouped(this.#calls, ({ device = '' }) => kmes.get(device) ?? '');
    const samples = [...byKme].flatMap(([kme, calls]): Metric['samples'] => {
      const sorted = calls.map(({ ms }) => ms / 1000).sort((a, b) => a - b);
      const at = (quantile: number): number => sorted[Math.ceil(quantile * sorted.length) - 1] ?? 0;
      const quantiles = [0.5, 0.9, 1].map((quantile) => ['', { kme, quantile: String(quantile) }, at(quantile)] as const);
      return [...quantiles, ['_sum', { kme }, sorted.reduce((sum, time) => sum + time, 0)], ['_count', { kme }, sorted.length]];
    });
    return { name: 'qkd_macsec_kme_request_duration_seconds', type: 'summary', help: 'Calls to the KME in this run.', samples };
  }
}

function runMetrics({ startedAt, finishedAt, reports, failed }: RunFacts): Metric[] {
  const gauge = (name: string, help: string, value: number): Metric => ({ name: `qkd_macsec_run_${name}`, type: 'gauge', help, samples: [['', {}, value]] });
  const good = !failed && reports.every((report) => report.error === undefined);
  return [
    gauge('finished_timestamp_seconds', 'When the last run ended, seconds since 1970 UTC.', finishedAt / 1000),
    gauge('duration_seconds', 'How long it took.', (finishedAt - startedAt) / 1000),
    gauge('success', '1 when no link failed in it.', good ? 1 : 0),
    { name: 'qkd_macsec_link_failed', type: 'gauge', help: '1 where the end of a link failed in the last run.', samples: reports.map(({ link, device, error }) => ['', { link, device }, error === undefined ? 0 : 1]) },
  ];
}

function outcomes(facts: RunFacts, before: string): Metric {
  const earlier = samplesBefore(before, OUTCOMES_TOTAL, facts);
  const samples = OUTCOMES.map((outcome) => ['', { outcome }, (earlier.get(labelText({ outcome })) ?? 0) + facts.reports.filter((report) => report.outcome === outcome).length] as const);
  return { name: OUTCOMES_TOTAL, type: 'counter', help: 'Ends of links by the outcome of their runs.', samples };
}

/** Every key is accounted for, link by link and KME by KME; the links of other runs keep what they have as long as there is such a link. */
function drawn(facts: RunFacts, before: string): Metric[] {
  const { reports, links } = facts;
  const isGone = (labels: string): boolean => {
    const [, name = ''] = /^\{link="((?:[^"\\]|\\.)*)"/.exec(labels) ?? [];
    return !links.has(name.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character)));
  };
  const counter = (name: string, help: string, now: (keys: DrawnKeys) => number): Metric => {
    const totals = samplesBefore(before, name, facts);
    for (const labels of totals.keys()) if (isGone(labels)) totals.delete(labels);
    for (const { link, device, drawn: draws = [] } of reports) {
      for (const { kme, ...keys } of draws) {
        const labels = { link, device, kme };
        const key = labelText(labels);
        totals.set(key, (totals.get(key) ?? 0) + now(keys));
      }
    }
    return { name, type: 'counter', help, samples: [...totals].map(([labels, count]) => ['', labels, count] as const) };
  };
  return [
    counter('qkd_macsec_keys_drawn_total', 'Keys that enc_keys gave, by link and KME.', ({ received }) => received),
    counter('qkd_macsec_keys_lost_total', 'Keys that enc_keys may have used up without a usable answer.', ({ lost }) => lost),
  ];
}

/** The samples of one counter in a file of ours, by the text of their own labels; those of another part of the fleet count as nothing. */
function samplesBefore(text: string, name: string, facts: RunFacts): Map<string, number> {
  const part = Object.entries(partLabels(facts)).map(([label, value]) => `,${label}="${value}"`).join('');
  const found = text.matchAll(new RegExp(`^${name}\\{((?:(?!shard)[a-z]+="(?:[^"\\\\\n]|\\\\[\\\\"n])*",?)+?)${part}\\} (\\d{1,15})$`, 'gm'));
  return new Map([...found].map(([, labels = '', count]) => [`{${labels}}`, Number(count)]));
}

/** What every sample of a part of the fleet has beside its own labels, at their end. */
function partLabels({ shard }: RunFacts): Labels {
  return shard === undefined ? {} : { shard: `${shard.index}/${shard.count}` };
}

function certificates({ certificates: ends, finishedAt }: RunFacts): Metric {
  const samples = [...ends].map(([device, until]) => ['', { device }, Math.round(((until - finishedAt) / DAY) * 100) / 100] as const);
  return { name: 'qkd_macsec_certificate_days_left', type: 'gauge', help: 'Days until the client certificate ends.', samples };
}

/** A metric without samples is left out. */
function textOf({ name, type, help, samples }: Metric, part: Labels): string {
  if (samples.length === 0) return '';
  const ofPart = labelText(part).slice(1, -1);
  const inPart = (own: string): string => (ofPart === '' ? own : own === '' ? `{${ofPart}}` : `${own.slice(0, -1)},${ofPart}}`);
  const lines = samples.map(([suffix, labels, value]) => `${name}${suffix}${inPart(labelText(labels))} ${value}\n`);
  return `# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Labels | string): string {
  if (typeof labels === 'string') return labels;
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/**
 * Throws `file` when the metrics could not be written now: better known before a run than after it. The file is replaced,
 * so anything but a file (a device, a pipe) is refused.
 */
export function checkMetricsFile(path: string): void {
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.isDirectory() === true) throw Object.assign(new Error('is a directory'), { errno: -constants.errno.EISDIR, code: 'EISDIR' });
    if (there?.isFile() === false) throw Object.assign(new Error('is no file'), { code: 'EEXIST' });
    const probe = `${path}.${randomBytes(6).toString('hex')}.tmp`;
    closeSync(openSync(probe, 'wx', 0o600));
    rmSync(probe);
  } catch (error) {
    throw fileError('write metrics', path, error);
  }
}

/** Replaces the file; readable by all, as the collector runs as another user. Throws `file`. */
export async function writeMetrics(path: string, text: (before: string) => string): Promise<void> {
  await writeFileAtomically(path, text(textBefore(path)), 0o644);
}

/** At most a few megabytes of our own; whatever else is there counts as nothing. */
function textBefore(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
