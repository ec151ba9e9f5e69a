// What a test wants to know of a call that must fail.

import { isQkdError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';

export interface Refused {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** The QkdError that `work` ends with; fails when it ends well or with anything else. */
export async function refusal(work: Promise<unknown>): Promise<Refused> {
  try {
    await work;
  } catch (error) {
    if (isQkdError(error)) return { code: error.code, message: error.message, hint: error.hint ?? '' };
    throw error;
  }
  throw new Error('expected a refusal');
}
