// The colleague who is also logged in: while `lock-held` or `dirty-candidate` is switched on, a real
// mgd session of another user holds the lock or leaves changes in the shared candidate.

import { element, elementWith } from '../../../xml.ts';
import type { Mgd, MgdSession } from '../../mgd/mgd.ts';
import type { Faults } from './faults.ts';

export class OtherUser {
  readonly #mgd: Mgd;
  readonly #faults: Faults;
  #locking: MgdSession | undefined;
  #editing: MgdSession | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(mgd: Mgd, faults: Faults) {
    this.#mgd = mgd;
    this.#faults = faults;
    faults.onChange(() => this.#follow());
  }

  close(): void {
    this.#locking?.close();
    this.#editing?.close();
  }

  /** Changes follow one another, so that a quick set and clear end in the right state. */
  #follow(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#apply());
    return this.#turn;
  }

  async #apply(): Promise<void> {
    const lock = this.#faults.find('lock-held');
    if (lock !== undefined && this.#locking === undefined) {
      this.#locking = this.#login(lock.user);
      await this.#locking.execute(element('lock-configuration'));
    } else if (lock === undefined && this.#locking !== undefined) {
      this.#locking.close();
      this.#locking = undefined;
    }
    const dirty = this.#faults.find('dirty-candidate');
    if (dirty !== undefined && this.#editing === undefined) {
      this.#editing = this.#login(dirty.user);
      const lines = element('configuration-set', 'set system location building uncommitted');
      await this.#editing.execute(elementWith('load-configuration', { action: 'set', format: 'text' }, lines));
    } else if (dirty === undefined && this.#editing !== undefined) {
      await this.#editing.execute(element('discard-changes'));
      this.#editing.close();
      this.#editing = undefined;
    }
  }

  #login(user = 'admin'): MgdSession {
    return this.#mgd.openSession({ name: user, loginClass: 'super-user' });
  }
}
