// Replies made wrong on purpose, in ways that real routers have been seen to (junos.md 3.5).

import type { Faults } from '../faults/faults.ts';
import { rpcError } from './rpc-error.ts';

const COMMITS = new Set(['commit-configuration', 'commit']);

/** The reply with the faults that are on for this RPC applied; unchanged when there are none. */
export function distort(rpc: string, inner: string, faults: Faults): string {
  const warning = faults.take('warning', (fault) => fault.rpc === rpc);
  const warned = warning === undefined ? inner : withWarning(inner, warning.message);
  if (!COMMITS.has(rpc) || !/<\/routing-engine>/.test(warned)) return warned;
  return faults.take('malformed-commit-reply') ? unclosed(warned) : warned;
}

/** The warning goes inside the results element when there is one, and <ok/> is there in any case. */
function withWarning(inner: string, message: string): string {
  const text = rpcError('operation-failed', message, { severity: 'warning' });
  const results = /^\s*<(?:commit-results|load-configuration-results)[^>/]*>/.exec(inner);
  const at = results === null ? 0 : results[0].length;
  const ok = /<ok\/>/.test(inner) ? '' : '\n<ok/>';
  return `${inner.slice(0, at)}\n${text}${inner.slice(at)}${ok}`;
}

/** The last <routing-engine> stays open and <ok/> follows in it: what ncclient's Junos repair expects. */
function unclosed(inner: string): string {
  const at = inner.lastIndexOf('</routing-engine>');
  const rest = inner.slice(at + '</routing-engine>'.length).replace(/\s*<ok\/>/, '');
  return `${inner.slice(0, at)}<ok/>${rest}`;
}
