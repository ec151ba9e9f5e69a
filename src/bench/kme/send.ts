// Sends a bench KME's answer, right or spoilt by a fault. Every answer forbids caching, since it may hold keys.

import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultKind } from './fault-kinds.ts';
import { htmlPage } from './refusals.ts';
import { spoilt } from './spoil.ts';

export interface Answer {
  readonly status: number;
  /** Undefined: `body`. */
  readonly json?: object;
  /** Empty unless given. */
  readonly body?: string;
  /** Of `body`; '' for none. */
  readonly contentType?: string;
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
      return write(response, answer);
    case 'drip':
      return drip(response, answer, fault.milliseconds);
    case 'answer': {
      const { status, body = '', contentType = 'application/json', headers } = fault;
      return write(response, { status, body, contentType, headers: { ...answer.headers, ...headers } });
    }
    case 'html':
      return write(response, { ...html(200, 'Welcome'), headers: answer.headers ?? {} });
    case 'html-error':
      return write(response, { ...html(fault.status, `${fault.status} error`), headers: answer.headers ?? {} });
    case 'garbage': {
      const text = JSON.stringify(answer.json);
      return write(response, { status: 200, body: text.slice(0, text.length / 2), contentType: 'application/json', headers: answer.headers ?? {} });
    }
    default:
      return write(response, answer.json === undefined || fault === undefined ? answer : { ...answer, json: spoilt(answer.json, fault) });
  }
}

function html(status: number, title: string): Answer {
  return { status, body: htmlPage(title), contentType: 'text/html' };
}

function write(response: ServerResponse, answer: Answer): void {
  const { status, headers = {} } = answer;
  const { body, type } = bodyOf(answer);
  response.writeHead(status, { 'Cache-Control': 'no-store', 'Content-Length': String(Buffer.byteLength(body)), ...type, ...headers });
  response.end(body);
}

function bodyOf({ json, body = '', contentType = '' }: Answer): { body: string; type: Readonly<Record<string, string>> } {
  if (json !== undefined) return { body: JSON.stringify(json), type: { 'Content-Type': 'application/json' } };
  return { body, type: contentType === '' ? {} : { 'Content-Type': contentType } };
}

async function drip(response: ServerResponse, answer: Answer, milliseconds: number): Promise<void> {
  const { body, type } = bodyOf(answer);
  response.writeHead(answer.status, { 'Cache-Control': 'no-store', 'Content-Length': String(Buffer.byteLength(body)), ...type, ...answer.headers });
  for (const character of body) {
    if (response.destroyed) return;
    response.write(character);
    await pause(milliseconds, undefined, { ref: false });
  }
  response.end();
}
