// From the inventory to the links of one run, ready to be worked on: on-box this router's ends, off-box every chosen
// link with both ends in one process, within bounds on routers and connections (workflow/router-slots.ts,
// link-admission.ts), the ends waking each other (workflow/meeting.ts).

import type { Clock } from '../clock.ts';
import type { Inventory, Link, SystemSettings } from '../inventory/inventory.ts';
import { recordOfLink } from '../inventory/shard.ts';
import { localExchange } from '../keyids/local-exchange.ts';
import { runExchange } from '../keyids/run-exchange.ts';
import { noProfile } from '../profile.ts';
import type { LinkWork } from '../workflow/fleet.ts';
import { LinkAdmission } from '../workflow/link-admission.ts';
import type { LinkEndWork, Run } from '../workflow/link-end.ts';
import { Meeting } from '../workflow/meeting.ts';
import { OwnRecord } from '../workflow/own-record.ts';
import type { RecordExchange } from '../workflow/ports.ts';
import { RouterSlots } from '../workflow/router-slots.ts';
import type { Invocation } from './arguments.ts';
import { chosenDevices, chosenLinks, linkEnds, ownDevice } from './scope.ts';
import { measuredSession } from './measured.ts';
import { type Sites, makeSites } from './sites.ts';
import { unlessStopped } from './stopping.ts';
import type { World } from './world.ts';

export interface PreparedLinks {
  readonly sites: Sites;
  /** Links without an end of this process are left out. */
  readonly links: readonly LinkWork[];
  readonly admission: LinkAdmission | undefined;
}

/** On-box. Throws invocation, inventory, and what asking the router for its name throws. */
export async function onBoxLinks(world: World, inventory: Inventory, invocation: Invocation, run: Run): Promise<PreparedLinks> {
  const { device, opened } = await unlessStopped(world, ownDevice(inventory, invocation, run.log));
  const sites = makeSites(inventory, [device], { mode: 'onbox', run });
  if (opened !== undefined) sites.byDevice.get(device.name)?.router.adopt(measuredSession(device.name, opened.session, run.profile), opened.configuration);
  const links = chosenLinks(inventory, invocation).map((link) => linkEnds(inventory, link, { run, sites }));
  return { sites, links: links.filter((ends) => ends.length > 0), admission: undefined };
}

/** Off-box; nothing is connected yet. Throws invocation. */
export function offBoxLinks(world: World, inventory: Inventory, invocation: Invocation, run: Run): PreparedLinks {
  const limit = invocation.threads ?? inventory.system.maxThreads;
  const slots = new RouterSlots(limit);
  const admission = new LinkAdmission(limit, slots);
  const meetings = new Map<string, Meeting>();
  const sites = makeSites(inventory, chosenDevices(inventory, invocation), {
    mode: 'offbox',
    run,
    talkTo: (device) => slots.talkTo(device),
    turn: paced(inventory.system.ssh.pace, run.clock),
    onPublished: (device, link) => published(meetings.get(link), sites.byDevice.get(device)?.ownRecord, device),
  });
  const together = (link: Link): LinkWork => {
    const ends = linkEnds(inventory, link, { run, sites });
    const complete = ends.length === 1 + link.slaves.length;
    const meeting = new Meeting(ends.map((end) => end.site.device.name), { complete, stopping: world.stopping });
    meetings.set(link.name, meeting);
    const records = invocation.shard === undefined ? undefined : runExchange(localExchange(recordOfLink(inventory.paths.record, link.name), run.log), () => run.clock.now());
    return ends.map((end) => inCompany(records === undefined ? end : withOwnRecords(end, records, meeting), meeting, admission));
  };
  const links = chosenLinks(inventory, invocation).map(together);
  return { sites, links: links.filter((ends) => ends.length > 0), admission };
}

/** Where another process works on an end of the link it sees the file alone. */
async function published(meeting: Meeting | undefined, record: OwnRecord | undefined, device: string): Promise<void> {
  if (meeting?.isComplete !== true) await record?.save();
  meeting?.published(device);
}

/** Of a part of the fleet: another part may work on other links of the same router at the same time. */
function withOwnRecords(end: LinkEndWork, records: RecordExchange, meeting: Meeting): LinkEndWork {
  const { device } = end.site;
  const ownRecord: OwnRecord = new OwnRecord(device.name, records, end.run.clock, () => published(meeting, ownRecord, device.name));
  return { ...end, site: { ...end.site, records, ownRecord } };
}

/** An end whose waits end with the others' news, take no room from other links, and stop when nobody is left to wait for. */
function inCompany(end: LinkEndWork, meeting: Meeting, admission: LinkAdmission): LinkEndWork {
  const { run } = end;
  const device = end.site.device.name;
  const place = { device, link: end.link.name };
  const waiting = (wait: number): SystemSettings => ({ ...run.settings, rotation: { ...run.settings.rotation, wait } });
  const impatient = waiting(0);
  let patient: SystemSettings | undefined;
  const sleep = (ms: number): Promise<void> => (run.profile ?? noProfile).measure('wait', place, () => admission.waiting(device, () => meeting.pause(device, ms, run.clock)));
  const own: Run = {
    ...run,
    clock: { now: () => run.clock.now(), sleep },
    // The ends of a link that begins late in a large fleet's run wait for each other as long as those of the first one.
    get settings() {
      patient ??= waiting(run.settings.rotation.wait + Math.max(0, run.clock.now() - run.startedAt) / 1000);
      return meeting.isAlone(device) ? impatient : patient;
    },
  };
  return { ...end, run: own, onEnded: () => meeting.ended(device) };
}

/** The turn of each new connection: so many a second. */
function paced(perSecond: number, clock: Clock): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = clock.now();
    const at = Math.max(now, next);
    next = at + 1000 / perSecond;
    if (at > now) await clock.sleep(at - now);
  };
}
