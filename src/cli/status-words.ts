// Words that both forms of status for people have in common.

import type { Problem } from '../workflow/status/problems.ts';
import type { EndReport } from './status.ts';

export type Paint = (text: string, as: EndReport['state'] | Problem['severity']) => string;

/** What was seen of the router; undefined when it could not be asked. */
export function seen({ status }: EndReport) {
  return 'observation' in status.sight ? status.sight : undefined;
}

/** A trouble and what to do about it, below the end that has it. */
export function problemLines({ severity, text, hint }: Problem, paint: Paint): string[] {
  return [`  ${paint(severity, severity)}: ${text}`, ...(hint === undefined ? [] : [`    hint: ${hint}`])];
}

/** "45 s", "7 min", "3 h 5 min", "2 d 4 h". */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
