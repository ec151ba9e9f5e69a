// One HTTP request to a bench KME, from the caller's certificate to the answer: paths and methods of ETSI GS QKD 014
// clause 5, bounded bodies, refusals in the form of the KME's profile, faults.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { KmeCall } from './key-request.ts';
import { answerFor, type Group } from './answer.ts';
import { callerOf } from './caller.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { Faults } from './faults.ts';
import { StoreFailure } from './key-store.ts';
import { type Limits, type Profile, PROFILES } from './profiles.ts';
import { htmlPage, RefusedRequest, refusalAnswer, type Reason } from './refusals.ts';
import { type Answer, send } from './send.ts';

const MAX_BODY_BYTES = 64 * 1024;

export interface Serving {
  readonly kme: string;
  readonly saeIds: ReadonlySet<string>;
  readonly profile: Profile;
  /** In place of the profile's. */
  readonly limits: Partial<Limits>;
  readonly group: Group;
  readonly faults: Faults;
  /** Milliseconds since 1970, by this KME's clock. */
  readonly now: () => number;
}

/** Answers one request; resolves to the caller and the status for the access log, 0 for no answer. */
export async function serve(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<{ readonly caller: string; readonly status: number }> {
  const now = serving.now();
  const headers = { Date: new Date(now).toUTCString() };
  const caller = callerOf(request.socket as TLSSocket, serving.saeIds, now);
  const { answer, fault } = caller === 'unverified' ? { answer: unverified() } : await answered(serving, request, { caller: caller?.sae, now });
  if (answer !== undefined) await send(response, { ...answer, headers: { ...headers, ...answer.headers } }, fault);
  return { caller: caller === 'unverified' || caller === undefined ? '-' : caller.sae, status: answer === undefined || fault?.fault === 'hang' ? 0 : response.statusCode };
}

/** As web servers in front of a KME that ask for a certificate and do not insist. */
function unverified(): Answer {
  return { status: 400, contentType: 'text/html', body: htmlPage('400 No required SSL certificate was sent') };
}

type Answered = { readonly answer: Answer | undefined; readonly fault?: FaultKind };

async function answered(serving: Serving, request: IncomingMessage, { caller, now }: { caller: string | undefined; now: number }): Promise<Answered> {
  if (caller === undefined) return { answer: refusalAnswer(serving.profile, new RefusedRequest('unknown-caller')) };
  const target = targetOf(request.url ?? '');
  if (target === undefined) return { answer: { status: 404, json: { message: 'no such resource' } } };
  const allowed = target.call === 'status' ? ['GET'] : ['GET', 'POST'];
  const method = request.method ?? '';
  if (!allowed.includes(method)) return { answer: { status: 405, json: { message: 'method not allowed' }, headers: { Allow: allowed.join(', ') } } };
  const body = await bodyOf(request);
  if (body === undefined) return { answer: { status: 413, json: { message: 'request is too large' }, headers: { Connection: 'close' } } };

  const fault = serving.faults.take(target.call);
  const profile = profileUnder(serving, fault);
  const raw = { method, query: target.query, contentType: request.headers['content-type'] ?? '', body };
  try {
    const json = await rightAnswer(serving, { target, caller, raw, now, profile, fault });
    return { answer: { status: 200, json }, ...(fault === undefined ? {} : { fault }) };
  } catch (error) {
    const refusal = error instanceof StoreFailure ? new RefusedRequest('store-failed') : error;
    if (!(refusal instanceof RefusedRequest)) throw error;
    return { answer: refusalAnswer(profile, refusal) };
  }
}

/** Faults that refuse, as the KME would. */
const REFUSALS: Readonly<Partial<Record<FaultKind['fault'], Reason>>> = { 'key-gone': 'not-found', 'key-expired': 'expired', 'stock-empty': 'stock-empty' };
/** Faults that stand in for the whole answer. */
const USES_NO_KEY: readonly FaultKind['fault'][] = ['answer', 'hang', 'html-error'];

interface Understood {
  readonly target: Target;
  readonly caller: string;
  readonly raw: Parameters<typeof answerFor>[1]['raw'];
  readonly now: number;
  readonly profile: Profile;
  readonly fault: FaultKind | undefined;
}

async function rightAnswer({ kme, group, faults }: Serving, { target, caller, raw, now, profile, fault }: Understood): Promise<object> {
  const otherSae = decodeSaeId(target.saeId);
  const reason = fault === undefined ? undefined : REFUSALS[fault.fault];
  if (reason !== undefined) throw new RefusedRequest(reason, profile.messages[reason] ?? (reason === 'expired' ? 'Key expired' : undefined));
  if (fault !== undefined && USES_NO_KEY.includes(fault.fault)) return {};
  const extraDelay = faults.has('link-down') ? Number.POSITIVE_INFINITY : (faults.find('sync-delay')?.milliseconds ?? 0);
  return answerFor(group, { kme, profile, caller, otherSae, call: target.call, raw, now, extraDelay });
}

/** The KME's profile with its own limits, as the fault changes it. */
function profileUnder({ profile, limits }: Serving, fault: FaultKind | undefined): Profile {
  if (fault?.fault === 'profile') return PROFILES[fault.name];
  const own = { ...profile, limits: { ...profile.limits, ...limits } };
  if (fault?.fault === 'default-size') return { ...own, limits: { ...own.limits, keySize: fault.bits, maxKeySize: Math.max(fault.bits, own.limits.maxKeySize) } };
  if (fault?.fault === 'key-expired') return { ...own, refusals: { ...own.refusals, expired: { status: 403 } } };
  if (fault?.fault !== 'gone-401') return own;
  const gone = { status: 401, form: 'none' } as const;
  return { ...own, refusals: { ...own.refusals, 'not-found': gone, 'some-not-found': gone, fetched: gone, expired: gone } };
}

interface Target {
  readonly saeId: string;
  readonly call: KmeCall;
  readonly query: URLSearchParams;
}

function targetOf(url: string): Target | undefined {
  const match = /^\/api\/v1\/keys\/([^/?#]+)\/(status|enc_keys|dec_keys)(?:\?([^#]*))?$/.exec(url);
  if (match === null) return undefined;
  const [, saeId = '', call, query = ''] = match;
  return { saeId, call: call as KmeCall, query: new URLSearchParams(query) };
}

function decodeSaeId(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RefusedRequest('bad-request', 'SAE ID is not percent-encoded UTF-8');
  }
}

/** Undefined when it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
