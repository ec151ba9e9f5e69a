import { describe, expect, it } from 'vitest';
import { Faults } from './faults.ts';
import { faultyKme } from './faulty-kme.ts';

describe('faults of a KME, set from another process', () => {
  it('by kind, until cleared, listed with what is left', async () => {
    let changes = 0;
    const faults = new Faults(() => void (changes += 1));
    const faulty = faultyKme(faults);
    const html = await faulty.set({ kind: 'html', call: 'status' });
    const twice = await faulty.set({ kind: 'stock-empty', times: 2 });
    const down = await faulty.set({ kind: 'down' });
    expect(faulty.list()).toEqual([
      { id: html, fault: { kind: 'html', call: 'status' }, times: undefined },
      { id: twice, fault: { kind: 'stock-empty' }, times: 2 },
      { id: down, fault: { kind: 'down' }, times: undefined },
    ]);
    expect([1, 2, 3].map(() => faults.take('enc_keys')?.fault)).toEqual(['stock-empty', 'stock-empty', undefined]);
    expect([1, 2, 3].map(() => faults.take('status')?.fault)).toEqual(['html', 'html', 'html']);
    expect(faults.has('down')).toBe(true);
    expect(await faulty.clear(999)).toEqual({ known: false });
    expect(await faulty.clear(down)).toEqual({ known: true });
    expect(faults.has('down')).toBe(false);
    await faulty.clear(undefined);
    expect(faulty.list()).toEqual([]);
    expect(changes).toBe(6);
  });

  it.each<[unknown, string]>([
    [1, 'a fault is a JSON object'],
    [null, 'a fault is a JSON object'],
    [{ kind: 'toString' }, 'kind: one of'],
    [{ kind: 'slow' }, 'milliseconds: missing'],
    [{ kind: 'slow', milliseconds: 'x' }, 'milliseconds: a whole number'],
    [{ kind: 'hang', call: 'x' }, 'call: one of status'],
    [{ kind: 'down', times: 1 }, 'times: not a field of down'],
    [{ kind: 'answer', status: 500, headers: { a: 1 } }, 'headers: an object of texts'],
  ])('%j is refused', (fault, words) => {
    expect(() => faultyKme(new Faults(() => undefined)).set(fault)).toThrow(words);
  });
});
