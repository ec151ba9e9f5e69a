// The program's own checks on a router after an installation: `op qkd-macsec command doctor` as the script's user, so
// that Node, launcher, files and rights are those of the event policy; of two routing engines on the master. What is not
// well is told; what is well is counted.

import { QkdError, oneLine } from '../errors.ts';
import { type JsonObject, isJsonObject, parseJson } from '../json.ts';
import type { Finding } from '../workflow/doctor/finding.ts';
import { childrenOf, element } from '../xml.ts';
import type { Installation } from './installation.ts';

type Told = Pick<Finding, 'evidence' | 'verdict'> & { readonly check: string; readonly subject: string; readonly remedy: string | undefined };

const VERDICTS: readonly Finding['verdict'][] = ['fault', 'warning', 'not checked', 'ok'];

export interface Opinion {
  /** For people: a line that counts, then two for each finding that is not ok. */
  readonly lines: readonly string[];
  readonly faults: number;
}

/** Throws `link` when the program does not run there. */
export async function runDoctor(installation: Installation): Promise<Opinion> {
  const { job, name } = installation;
  const engine = await installation.master();
  const session = await engine.session('script');
  const argument = (name: string, value: string) => element('argument', element('name', name), element('value', value));
  const reply = await session.rpc(element('op-script', element('script', 'qkd-macsec'), argument('command', 'doctor'), argument('json', 'yes')));
  job.log.write('DEBUG', 'install', 'doctor has run', { router: engine.name });
  return opinionOf(name, childrenOf(reply, 'output').map((output) => String(output.text)).join('\n'));
}

/** `output`: standard output and error in one. */
export function opinionOf(router: string, output: string): Opinion {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const document = lines.map(documentIn).find((one) => one !== undefined);
  const findings = document?.['findings'];
  const error = document?.['error'];
  if (isJsonObject(error)) throw didNotRun(router, String(error['message']), typeof error['hint'] === 'string' ? error['hint'] : undefined);
  if (!Array.isArray(findings) || findings.length === 0) throw didNotRun(router, lines.find((line) => !line.startsWith('hint: ')) ?? 'it printed nothing', lines.find((line) => line.startsWith('hint: '))?.slice('hint: '.length));
  const told = findings.flatMap((one) => (isJsonObject(one) ? [toldOf(one)] : []));
  const count = (verdict: Finding['verdict']): number => told.filter((one) => one.verdict === verdict).length;
  const counted = VERDICTS.filter((verdict) => count(verdict) > 0).map((verdict) => `${count(verdict)} ${verdict}`).join(', ');
  const bad = VERDICTS.filter((verdict) => verdict !== 'ok').flatMap((verdict) => told.filter((one) => one.verdict === verdict));
  return {
    lines: [`${router}: doctor: ${counted}`, ...bad.flatMap(({ verdict, check, subject, evidence, remedy }) => [`  ${verdict}: ${check}, ${subject}: ${evidence}`, ...(remedy === undefined ? [] : [`    remedy: ${remedy}`])])],
    faults: count('fault'),
  };
}

function documentIn(line: string): JsonObject | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = parseJson(line);
    return isJsonObject(value) && value['command'] === 'doctor' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Text of the router's own program, made safe to print all the same. */
function toldOf(finding: JsonObject): Told {
  const text = (name: string): string => oneLine(String(finding[name] ?? ''));
  const verdict = VERDICTS.find((one) => one === finding['verdict']) ?? 'not checked';
  return { verdict, check: text('check'), subject: text('subject'), evidence: text('evidence'), remedy: typeof finding['remedy'] === 'string' ? text('remedy') : undefined };
}

function didNotRun(router: string, why: string, hint = `try on ${router}: op qkd-macsec command doctor`): QkdError {
  return new QkdError('link', `${router}: doctor does not run there: ${oneLine(why.replace(/^error: /, ''))}`, { hint: oneLine(hint) });
}
