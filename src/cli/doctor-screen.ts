// doctor's findings for people and for machines. What is well is one line, on a fleet one line a check for all of it;
// what is not has its remedy below.

import type { QkdError } from '../errors.ts';
import { CHECKS, type CheckVerdict, type Finding } from '../workflow/doctor/finding.ts';
import { utc } from './results.ts';

/** More findings of one check than this are a fleet's: those that are well are counted. */
const EACH = 8;

const ANSI: Readonly<Record<CheckVerdict, number>> = { ok: 32, warning: 33, fault: 31, 'not checked': 36 };

export function doctorScreen(findings: readonly Finding[], { colours }: { colours: boolean }): string {
  const paint = (text: string, verdict: CheckVerdict): string => (colours ? `\u001b[${ANSI[verdict]}m${text}\u001b[0m` : text);
  const lines = [...new Set(findings.map(({ check }) => check))].flatMap((name) => {
    const ofCheck = findings.filter(({ check }) => check === name);
    const well = ofCheck.filter(({ verdict }) => verdict === 'ok').length;
    const counted = ofCheck.length > EACH && well > 1;
    const told = counted ? ofCheck.filter(({ verdict }) => verdict !== 'ok') : ofCheck;
    return [...(counted ? [`${paint('ok         ', 'ok')}  ${CHECKS[name]}: ${well} of ${ofCheck.length}`] : []), ...told.flatMap((finding) => findingLines(finding, paint))];
  });
  const count = (verdict: CheckVerdict): number => findings.filter((finding) => finding.verdict === verdict).length;
  const parts = (['fault', 'warning', 'not checked', 'ok'] as const).filter((verdict) => count(verdict) > 0).map((verdict) => paint(`${count(verdict)} ${verdict}`, verdict));
  return `${[...lines, '', parts.join(', ')].join('\n')}\n`;
}

function findingLines({ check, subject, verdict, evidence, remedy }: Finding, paint: (text: string, verdict: CheckVerdict) => string): string[] {
  return [`${paint(verdict.padEnd(11), verdict)}  ${CHECKS[check]}, ${subject}: ${evidence}`, ...(remedy === undefined || verdict === 'ok' ? [] : [`             remedy: ${remedy}`])];
}

/** One line; `error`: what kept doctor from looking at all. */
export function doctorDocument(report: { mode: string; now: number; findings: readonly Finding[] }, error?: QkdError): string {
  const { mode, now, findings } = report;
  const document = {
    command: 'doctor',
    mode,
    at: utc(now),
    ok: error === undefined && !findings.some(({ verdict }) => verdict === 'fault'),
    findings: findings.map(({ check, subject, verdict, evidence, remedy }) => ({ check, subject, verdict, evidence, remedy: remedy ?? null })),
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message, hint: error.hint ?? null } }),
  };
  return `${JSON.stringify(document)}\n`;
}
