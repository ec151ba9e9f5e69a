// What the parts of one inventory share while they are read: where relative file names begin, which shape
// the messages name, and which secrets stood in the file itself.

import type { Secret } from '../secret.ts';
import { type InventoryContext, resolvePath } from './defaults.ts';
import { type SecretMembers, secretFrom } from './secret-source.ts';

export interface Reading {
  readonly context: InventoryContext;
  /** Absolute path of the inventory's folder. */
  readonly folder: string;
  /** True for the original dictionary: messages name its members, defaults follow its file names. */
  readonly original: boolean;
  /** Members in which a secret stands in clear, for one warning. */
  readonly inline: string[];
}

/** A secret by inline text, file or environment variable; notes an inline one. Throws `inventory`. */
export function readSecret(path: string, members: SecretMembers, reading: Reading): Secret | undefined {
  const { context, folder, inline } = reading;
  const file = members.file === undefined ? undefined : resolvePath(context, folder, members.file);
  const secret = secretFrom(path, { ...members, file }, context.environment);
  if (members.inline !== undefined) inline.push(path);
  return secret;
}
