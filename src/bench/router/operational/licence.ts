// `show system license`, the summary of features; names of fields as PyEZ's tables read them. Without the licence Junos
// takes every commit of MACsec and secures nothing.

import { element, elementWith, type XmlElement } from '../../../xml.ts';
import { junosNamespace, writeReply } from './reply.ts';
import { macsecInterfaces } from '../mka/association.ts';
import type { RouterState } from './router-state.ts';

/** get-license-summary-information: one feature a bound interface. */
export function licenceSummary(state: RouterState, request: XmlElement): string {
  const used = macsecInterfaces(state.committed()).length;
  const licensed = state.macsecLicensed();
  const feature = element(
    'feature-summary',
    element('name', 'macsec'),
    element('description', 'MACsec'),
    element('licensed', String(licensed ? used : 0)),
    element('used-licensed', String(used)),
    element('needed', String(licensed ? 0 : used)),
  );
  const attributes = { xmlns: junosNamespace(state.release, 'smgd') };
  return writeReply(request, { xml: elementWith('license-summary-information', attributes, element('license-usage-summary', feature)) });
}
