// Does a KME accept a client certificate? Answered by one status call with it at each of the device's KMEs: a KME that
// the router goes over to when another fails must know the CA too. What follows from the answer is renewal.ts.

import { type ErrorCode, QkdError } from '../errors.ts';
import type { PairFiles } from './pair-files.ts';

/** Makes one status call at one KME with these files; throws what the KME, or the way to it, says. */
export type KmeQuestion = (files: PairFiles) => Promise<unknown>;

export type Proof =
  /** By every KME. */
  | { readonly state: 'accepted' }
  /** `partly`: by a KME, while another cannot be asked. `refused`: by one at least. */
  | { readonly state: 'partly' | 'refused' | 'unknown'; readonly error: QkdError };

/** Answers that a KME gives only after it has accepted our certificate. */
const ACCEPTED: readonly ErrorCode[] = ['kme-request', 'kme-answer', 'kme-unavailable', 'kme-key-gone'];
const REFUSED: readonly ErrorCode[] = ['kme-refused-us', 'certificate'];

/** Throws only what is no QkdError. */
export async function proofOf(files: PairFiles, questions: readonly KmeQuestion[]): Promise<Proof> {
  const answers = await Promise.all(questions.map((ask) => answerTo(ask, files)));
  const errors = answers.flatMap((answer) => answer ?? []);
  const refused = errors.find(({ code }) => REFUSED.includes(code));
  if (refused !== undefined) return { state: 'refused', error: refused };
  const [first] = errors;
  if (first !== undefined) return { state: errors.length < answers.length ? 'partly' : 'unknown', error: first };
  if (answers.length > 0) return { state: 'accepted' };
  return { state: 'unknown', error: new QkdError('certificate', 'no KME can be asked about it: the device is in no link', { hint: 'try it by hand' }) };
}

/** Undefined: accepted. */
async function answerTo(ask: KmeQuestion, files: PairFiles): Promise<QkdError | undefined> {
  try {
    await ask(files);
    return undefined;
  } catch (error) {
    if (!(error instanceof QkdError)) throw error;
    return ACCEPTED.includes(error.code) ? undefined : error;
  }
}
