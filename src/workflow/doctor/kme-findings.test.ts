// What doctor says of a KME's stock: needed, in stock, and how fast it was seen to grow.

import { expect, test } from 'vitest';
import type { LinkEndWork } from '../link-end.ts';
import type { KmeStatus } from '../ports.ts';
import { budgetFinding, neededRetention, retentionFinding } from './kme-findings.ts';

const rotation = { interval: 600, wait: 120, keysPerCommit: 2 };
const end = { run: { settings: { rotation, kme: { deadline: 30 } } }, site: { device: { name: 'mx1' }, kme: { name: 'kme1:8443' } }, link: { name: 'a' } } as unknown as LinkEndWork;
const NEED = 'one key every 600 s (0.00167 a second); ';

test.each<[string, Partial<KmeStatus>, number | undefined, string, string]>([
  ['growing', { storedKeyCount: 100, maxKeyCount: 900 }, 0.5, 'ok', `${NEED}100 in stock last 17 h without new ones, the stock grows by 0.500 a second`],
  ['full', { storedKeyCount: 900, maxKeyCount: 900 }, 0, 'ok', `${NEED}900 in stock last 6 days without new ones, the stock is full`],
  ['shrinking', { storedKeyCount: 100, maxKeyCount: 900 }, -0.5, 'warning', `${NEED}100 in stock last 17 h without new ones; it shrinks: others draw from it`],
  ['not watched', { storedKeyCount: 5 }, undefined, 'ok', `${NEED}5 in stock last 50 min without new ones`],
  ['too few for one commit', { storedKeyCount: 1, maxKeyCount: 900 }, 0, 'warning', `${NEED}1 in stock last 10 min without new ones, the stock grows by 0.000 a second`],
  ['not told', { storedKeyCount: undefined }, 0, 'not checked', 'one key every 600 s (0.00167 a second); the KME does not tell its stock'],
])('a stock that is %s', (_, status, perSecond, verdict, evidence) => {
  expect(budgetFinding(end, { doubts: [], ...status } as unknown as KmeStatus, perSecond)).toMatchObject({ check: 'key-budget', subject: 'mx1, link a, KME kme1:8443', verdict, evidence });
});

test('a key must be kept from the draw to the last attempt of the slave\'s next run', () => {
  expect(neededRetention({ ...rotation } as never, 30)).toBe(750);
  expect([undefined, 750, 749].map((kept) => retentionFinding(end, kept).verdict)).toEqual(['not checked', 'ok', 'warning']);
});
