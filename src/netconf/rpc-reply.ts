// What an <rpc-reply> says: all rpc-errors at any depth (a warning may come before the error that matters),
// xnm:error and xnm:warning of older Junos, and which of our error codes they mean. Pure. Warnings never
// fail a reply; an error beside <ok/> does (RFC 6241 section 4.3, and Junos as it is). Error elements may
// quote the values that were loaded, so every text passes secret-data.ts before it leaves this file.

import { QkdError, oneLine, type ErrorCode } from '../errors.ts';
import { descendants, textAt, type XmlElement } from '../xml.ts';
import { describeHolders, parseLockHolders, unlockHint } from './lock-holder.ts';
import { withoutSecretData } from './secret-data.ts';

/** One rpc-error element (RFC 6241 appendix A); texts are as the router wrote them, line breaks included. */
export interface RpcError {
  readonly severity: 'error' | 'warning';
  /** error-tag; '' when Junos left it out. */
  readonly tag: string;
  readonly message: string;
  /** error-path or edit-path; '' when absent. */
  readonly path: string;
  /** bad-element; '' when absent. */
  readonly badElement: string;
}

/** The router answered an RPC with at least one error of severity error. */
export class RpcFailure extends QkdError {
  /** Errors and warnings in document order. */
  readonly errors: readonly RpcError[];
  readonly reply: XmlElement;

  constructor(code: ErrorCode, message: string, hint: string | undefined, exchange: { errors: readonly RpcError[]; reply: XmlElement }) {
    super(code, message, { hint });
    this.errors = exchange.errors;
    this.reply = exchange.reply;
  }
}

/** Every rpc-error, xnm:error and xnm:warning in the reply, in document order. */
export function rpcErrors(reply: XmlElement): RpcError[] {
  const found: RpcError[] = [];
  const visit = (node: XmlElement): void => {
    if (node.name === 'rpc-error') found.push(readRpcError(node));
    else if (isXnmReport(node)) found.push(readXnmReport(node));
    else node.children.forEach(visit);
  };
  visit(reply);
  return found;
}

/** True when <ok/> stands anywhere in the reply; errors beside it still win. */
export function saysOk(reply: XmlElement): boolean {
  return descendants(reply, 'ok').length > 0;
}

/** The failure that the reply to `rpcName`, with these errors, means; undefined when none is of severity error. */
export function rpcFailure(rpcName: string, reply: XmlElement, errors: readonly RpcError[] = rpcErrors(reply)): RpcFailure | undefined {
  const failures = errors.filter((error) => error.severity === 'error');
  if (failures.length === 0) return undefined;
  const { code, message, hint } = classify(rpcName, failures);
  return new RpcFailure(code, `${rpcName}: ${message}`, hint, { errors, reply });
}

/** One rpc-error as one line without secrets: path, message, bad element. */
export function describeRpcError(error: RpcError): string {
  const message = error.message === '' ? error.tag || 'error without a message' : error.message;
  const path = /^\[?edit\]?$/.test(error.path) ? '' : error.path;
  const bad = error.badElement === '' || message.includes(error.badElement) ? '' : `(${error.badElement})`;
  return oneLine(withoutSecretData([path, message, bad].filter((part) => part !== '').join(' ')));
}

function readRpcError(node: XmlElement): RpcError {
  return {
    severity: textAt(node, 'error-severity') === 'warning' ? 'warning' : 'error',
    tag: textAt(node, 'error-tag') ?? '',
    // Junos 12 and older sends <message> without the prefix.
    message: textAt(node, 'error-message') ?? textAt(node, 'message') ?? String(node.text),
    path: textAt(node, 'error-path') ?? '',
    badElement: textAt(node, 'error-info/bad-element') ?? '',
  };
}

/** `error` and `warning` are names that operational data may use too; xnm reports always carry a message. */
function isXnmReport(node: XmlElement): boolean {
  return (node.name === 'error' || node.name === 'warning') && textAt(node, 'message') !== undefined;
}

function readXnmReport(node: XmlElement): RpcError {
  return {
    severity: node.name === 'warning' ? 'warning' : 'error',
    tag: '',
    message: textAt(node, 'message') ?? '',
    path: textAt(node, 'edit-path') ?? '',
    badElement: textAt(node, 'token') ?? textAt(node, 'statement') ?? '',
  };
}

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | undefined;
}

function classify(rpcName: string, failures: readonly RpcError[]): Meaning {
  const locked = failures.find((error) => error.tag === 'lock-denied' || /configuration database (?:is )?locked/i.test(error.message));
  if (locked !== undefined) return lockedBy(locked);
  if (failures.some((error) => /configuration database (?:has been )?modified/i.test(error.message))) {
    return {
      code: 'configuration-modified',
      message: 'the shared candidate holds uncommitted changes',
      hint: 'commit or roll back what `show | compare` lists in configuration mode on the router',
    };
  }
  if (failures.some(isDenial)) {
    return {
      code: 'permission-denied',
      message: 'permission denied',
      hint: `allow ${rpcName} in the login class of this user (permissions, allow-commands, allow-configuration)`,
    };
  }
  return { code: 'rpc-error', message: describeAll(failures), hint: "read the router's words in the message; its messages log may say more" };
}

function isDenial(error: RpcError): boolean {
  return error.tag === 'access-denied' || /^(?:error: *)?permission denied\b/i.test(error.message.trim());
}

function lockedBy(error: RpcError): Meaning {
  const holders = parseLockHolders(error.message);
  return {
    code: 'configuration-locked',
    message: `configuration locked${holders.length === 0 ? '' : ` by ${describeHolders(holders)}`}`,
    hint: unlockHint(holders),
  };
}

const MAX_DESCRIBED = 3;

function describeAll(failures: readonly RpcError[]): string {
  const texts = [...new Set(failures.map(describeRpcError))];
  const rest = texts.length - MAX_DESCRIBED;
  return texts.slice(0, MAX_DESCRIBED).join('; ') + (rest > 0 ? `; and ${rest} more` : '');
}
