// A run that is locked out by one that hangs: it looks, changes nothing, and raises the alarms that are due, above all
// that the rotation is stalled. The one that hangs cannot.

import { asQkdError } from '../errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { atMost } from '../workflow/at-most.ts';
import { endStatus } from '../workflow/status/end-status.ts';
import { isOutOfService } from '../workflow/witness.ts';
import { Alarms } from './alarms.ts';
import type { Invocation } from './arguments.ts';
import { certificateEnd } from './certificate-end.ts';
import { type Mode, withLook } from './look.ts';
import type { World } from './world.ts';

/** Judges what `status` would see, and tells which alarms begin and end. Changes nothing else, draws no key. Never rejects. */
export async function alarmsOfOnlooker(world: World, invocation: Invocation, { mode, inventory, log }: { mode: Mode; inventory: Inventory; log: Log }): Promise<void> {
  const alarms = new Alarms({ inventory, mode, log, now: () => world.clock.now() });
  try {
    await withLook(world, invocation, async ({ ends, devices, parallel }) => {
      const limits = inventory.system.alarms;
      const statuses = await atMost(parallel, ends, (work) => endStatus(work, { certificate: certificateEnd(work.site.device), limits }));
      for (const { device, sight, kme } of statuses) {
        if ('observation' in sight) alarms.look(sight.observation, sight.sessions);
        if (!('message' in kme.answer)) alarms.kme(device, kme.otherSaeId, undefined);
        else if (isOutOfService(kme.answer)) alarms.kme(device, kme.otherSaeId, kme.answer);
      }
      await alarms.close(devices.map(({ name }) => name));
    });
  } catch (cause) {
    log.write('WARNING', 'alarm', asQkdError('alarms', cause).message);
  }
}
