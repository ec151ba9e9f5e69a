import { describe, expect, it } from 'vitest';
import { kmeAddress } from './kme-address.ts';

const at = (url: string, more: { serverName?: string; address?: string } = {}): ReturnType<typeof kmeAddress> =>
  kmeAddress({ url, serverName: more.serverName, address: more.address });

describe('C11 base URLs', () => {
  it.each([
    ['https://kme1', { name: 'kme1', host: 'kme1', port: 443, certificateName: 'kme1', serverName: 'kme1', prefix: '' }],
    ['https://kme1:8443/', { name: 'kme1:8443', port: 8443, prefix: '' }],
    ['https://kme1:8443/qkd/a//', { prefix: '/qkd/a' }],
    ['https://192.0.2.1:8443', { host: '192.0.2.1', certificateName: '192.0.2.1', serverName: '' }],
    ['https://[2001:db8::1]:8443/x', { name: '[2001:db8::1]:8443', host: '2001:db8::1', certificateName: '2001:db8::1', serverName: '', prefix: '/x' }],
  ])('%s', (url, expected) => expect(at(url)).toMatchObject(expected));

  it('connects to another address and still checks the name', () => {
    expect(at('https://kme1:8443', { address: '[2001:db8::7]' })).toMatchObject({ name: 'kme1:8443', host: '2001:db8::7', certificateName: 'kme1', serverName: 'kme1' });
    expect(at('https://192.0.2.1', { serverName: 'kme1' })).toMatchObject({ host: '192.0.2.1', certificateName: 'kme1', serverName: 'kme1' });
  });

  it.each(['kme1:8443', 'http://kme1', 'https://', 'https://user:pw@kme1', 'https://kme1/?a=b', 'https://kme1/#x', ''])('refuses %j', (url) => {
    expect(() => at(url)).toThrow(expect.objectContaining({ code: 'inventory' }) as Error);
  });
});
