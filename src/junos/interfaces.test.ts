// The physical state of an interface, in the spellings of real replies: padded with line breaks, and absent.

import { expect, test } from 'vitest';
import { element } from '../xml.ts';
import { isUp } from './interfaces.ts';

const reply = (status: string | undefined) =>
  element('interface-information', element('physical-interface', element('name', '\net-0/0/1\n'), element('admin-status', 'up'), status === undefined ? undefined : element('oper-status', status)));

test.each<[string | undefined, boolean | undefined]>([
  ['up', true],
  ['\nup\n', true],
  ['down', false],
  [undefined, undefined],
])('%j', (status, up) => expect(isUp(reply(status), 'et-0/0/1')).toBe(up));

test('another interface says nothing', () => expect(isUp(reply('up'), 'et-0/0/10')).toBeUndefined());
