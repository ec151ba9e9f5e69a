// On a router with two routing engines: which of them a session is on, and whether a commit is for both. The event policy
// is configuration, so it fires on both engines, and only the master's run may act. Asked only where it decides
// something, so that a tick with nothing to do on a router with one engine costs no RPC for it.

import { isQkdError } from '../errors.ts';
import { OWN_ENGINE_RPC, ROUTING_ENGINES_RPC, type RoutingEngine, ownMastership, routingEngines } from '../junos/system.ts';
import type { XmlElement } from '../xml.ts';
import { Remembered } from './remembered.ts';

export class RoutingEngines {
  readonly #all: Remembered<readonly RoutingEngine[]>;
  readonly #own: Remembered<string | undefined>;

  /** `ask` sends one RPC to the router. Each thing is read once a run. */
  constructor(ask: (request: XmlElement) => Promise<XmlElement>, now: () => number) {
    const answer = (request: XmlElement): Promise<XmlElement | undefined> => ask(request).catch(withheld);
    this.#all = new Remembered(Number.POSITIVE_INFINITY, now, async () => ofReply(await answer(ROUTING_ENGINES_RPC)));
    this.#own = new Remembered(Number.POSITIVE_INFINITY, now, async () => ownOfReply(await answer(OWN_ENGINE_RPC)));
  }

  /** All of them; none where the router does not show them. */
  all(): Promise<readonly RoutingEngine[]> {
    return this.#all.get();
  }

  /** True when the other engine is there to take over: it then needs every commit too. */
  async isDual(): Promise<boolean> {
    return (await this.all()).some(({ mastership }) => mastership === 'backup');
  }

  /** True when the session is on the backup; `slot` from the host name, where that tells. On a router that shows neither the slot nor the address it is taken for the master. */
  async isBackup(slot: number | undefined): Promise<boolean> {
    if (!(await this.isDual())) return false;
    if (slot === undefined) return (await this.#own.get()) === 'backup';
    return (await this.all()).some((engine) => engine.slot === slot && engine.mastership === 'backup');
  }
}

function ofReply(reply: XmlElement | undefined): readonly RoutingEngine[] {
  return reply === undefined ? [] : routingEngines(reply);
}

function ownOfReply(reply: XmlElement | undefined): string | undefined {
  return reply === undefined ? undefined : ownMastership(reply);
}

/** A platform without the RPC, or a login without the right, has nothing to say here. */
function withheld(error: unknown): undefined {
  if (!isQkdError(error, 'rpc-error', 'permission-denied')) throw error;
  return undefined;
}
