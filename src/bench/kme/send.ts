// Sends a bench KME's answer, right or spoilt by a fault. Every answer forbids caching, since it may hold keys.

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultKind } from './faults.ts';

export interface Answer {
  readonly status: number;
  /** Undefined: an empty body. */
  readonly json?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends `answer`, or what `fault` makes of it. */
export async function send(response: ServerResponse, answer: Answer, fault?: FaultKind): Promise<void> {
  switch (fault?.fault) {
    case 'hang':
      return;
    case 'reset':
      response.destroy();
      return;
    case 'slow':
      await pause(fault.milliseconds, undefined, { ref: false });
      return write(response, answer.status, answer);
    case 'drip':
      return drip(response, answer, fault.milliseconds);
    case 'answer': {
      const headers = { 'Content-Type': fault.contentType ?? 'application/json', ...fault.headers };
      return end(response, fault.status, headers, fault.body ?? '');
    }
    case 'html':
      return end(response, 200, { 'Content-Type': 'text/html' }, '<html><head><title>Welcome</title></head></html>');
    case 'garbage': {
      const text = JSON.stringify(answer.json);
      return end(response, 200, { 'Content-Type': 'application/json' }, text.slice(0, text.length / 2));
    }
    case 'key-gone':
      return write(response, 400, { status: 400, json: { message: 'one or more keys specified are not found on KME' } });
    case 'key-expired':
      return write(response, 403, { status: 403, json: { message: 'Key expired' } });
    case 'stock-empty':
      return write(response, 503, { status: 503, json: { message: 'not enough keys available' } });
    case 'key-length':
    case 'other-key-id':
    case 'same-bytes':
    case 'duplicate-key':
      return write(response, answer.status, { ...answer, json: spoilKeys(answer.json, fault) });
    case undefined:
      return write(response, answer.status, answer);
  }
}

function write(response: ServerResponse, status: number, { json, headers = {} }: Answer): void {
  const type = json === undefined ? {} : { 'Content-Type': 'application/json' };
  end(response, status, { ...type, ...headers }, json === undefined ? '' : JSON.stringify(json));
}

function end(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: string): void {
  response.writeHead(status, { 'Cache-Control': 'no-store', 'Content-Length': String(Buffer.byteLength(body)), ...headers });
  response.end(body);
}

async function drip(response: ServerResponse, { status, json }: Answer, milliseconds: number): Promise<void> {
  const body = JSON.stringify(json);
  response.writeHead(status, { 'Cache-Control': 'no-store', 'Content-Type': 'application/json', 'Content-Length': String(body.length) });
  for (const byte of body) {
    if (response.destroyed) return;
    response.write(byte);
    await pause(milliseconds, undefined, { ref: false });
  }
  response.end();
}

interface WrittenKey {
  readonly key_ID: string;
  readonly key: string;
}

type KeySpoiler = Extract<FaultKind, { fault: 'key-length' | 'other-key-id' | 'same-bytes' | 'duplicate-key' }>;

function spoilKeys(json: object | undefined, fault: KeySpoiler): object {
  const { keys = [] } = (json ?? {}) as { keys?: readonly WrittenKey[] };
  switch (fault.fault) {
    case 'key-length':
      return { keys: keys.map((key) => ({ ...key, key: randomBytes(fault.bytes).toString('base64') })) };
    case 'other-key-id':
      return { keys: keys.map((key) => ({ ...key, key_ID: randomUUID() })) };
    case 'same-bytes':
      return { keys: keys.map((key) => ({ ...key, key: createHash('sha256').update('same bytes').digest('base64') })) };
    case 'duplicate-key': {
      const [first] = keys;
      return { keys: first === undefined ? [] : [first, first, ...keys.slice(2)] };
    }
  }
}
