import { describe, expect, it } from 'vitest';
import { refusalOf } from './http-errors.ts';
import type { Again } from './http-errors.ts';
import type { ErrorCode } from '../errors.ts';
import type { KmeCall } from './wire.ts';

type Row = [call: KmeCall, status: number, body: string, code: ErrorCode, again: Again, message: string];

const KEY = Buffer.from('2b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfe', 'hex').toString('base64');
const NONE = { unknownKeyStatus: [], noStockStatus: [] };
const quKayDee = '{"message":"Not enough key material available","details":[{"key_stream_ID":"x"},{"key_bits_requested":256},{"key_bits_available":0}]}';

describe('answers seen in the field', () => {
  it.each<Row>([
    ['dec_keys', 400, '{"message":"one or more keys specified are not found on KME"}', 'kme-key-gone', 'propagation', '400 bad request: one or more keys specified are not found on KME'],
    ['dec_keys', 400, "{\"message\":\"Key bc490419 not found\"}", 'kme-key-gone', 'propagation', '400 bad request: Key bc490419 not found'],
    ['dec_keys', 404, '{"message":"Key not found","details":[{"key_ID":"x"}]}', 'kme-key-gone', 'propagation', '404 not found: Key not found'],
    ['dec_keys', 404, '{"error":"key not found"}', 'kme-key-gone', 'propagation', '404 not found: key not found'],
    ['dec_keys', 403, '{"message":"Key expired"}', 'kme-key-gone', 'never', '403 forbidden: Key expired'],
    ['dec_keys', 410, '', 'kme-key-gone', 'never', '410 gone'],
    ['dec_keys', 401, '<h1>Unauthorized</h1>', 'kme-refused-us', 'never', '401 unauthorized: a page of HTML'],
    ['dec_keys', 400, '{"message":"Invalid key id supplied"}', 'kme-request', 'never', '400 bad request: Invalid key id supplied'],
    ['dec_keys', 404, '<html><title>404 Not Found</title></html>', 'kme-request', 'never', '404 not found: a page of HTML: 404 Not Found'],
    ['dec_keys', 500, '{"title":"500 Internal Server Error"}', 'kme-unavailable', 'later', '500 internal server error: 500 Internal Server Error'],
    ['enc_keys', 400, quKayDee, 'kme-unavailable', 'later', '400 bad request: Not enough key material available: key_bits_available is too low'],
    ['enc_keys', 400, '{"message":"size shall be a multiple of 8"}', 'kme-request', 'never', '400 bad request: size shall be a multiple of 8'],
    ['enc_keys', 400, '<html><head><title>400 The SSL certificate error</title></head></html>', 'kme-refused-us', 'never', '400 bad request: a page of HTML: 400 The SSL certificate error'],
    ['enc_keys', 400, '<title>400 No required SSL certificate was sent</title>', 'kme-refused-us', 'never', '400 bad request: a page of HTML: 400 No required SSL certificate was sent'],
    ['enc_keys', 403, '{"message":"certificate expired"}', 'kme-refused-us', 'never', '403 forbidden: certificate expired'],
    ['enc_keys', 404, '{"detail":[{"loc":1}]}', 'kme-request', 'never', '404 not found: JSON without a message'],
    ['enc_keys', 422, '{"detail":"bad"}', 'kme-request', 'never', '422 unprocessable entity: bad'],
    ['enc_keys', 429, '', 'kme-unavailable', 'later', '429 too many requests'],
    ['enc_keys', 502, '<html>', 'kme-unavailable', 'later', '502 bad gateway: a page of HTML'],
    ['enc_keys', 503, '{"message":"no keys"}', 'kme-unavailable', 'later', '503 service unavailable: no keys'],
    ['enc_keys', 301, '', 'kme-request', 'never', '301 moved permanently'],
    ['enc_keys', 204, '', 'kme-answer', 'never', '204 no content'],
    ['enc_keys', 299, '', 'kme-answer', 'never', '299 unknown status'],
    ['status', 404, '', 'kme-request', 'never', '404 not found'],
    ['enc_keys', 400, '"a string"', 'kme-request', 'never', '400 bad request: a string'],
    ['enc_keys', 400, '{"message":"a","message":"b"}', 'kme-request', 'never', '400 bad request: text that is no JSON'],
    ['enc_keys', 400, `{"keys":[{"key_ID":"a","key":"${KEY}"}]},`, 'kme-request', 'never', '400 bad request: text that is no JSON'],
    ['enc_keys', 400, `{"message":"key ${KEY} of bc490419-7d60-487f-adc1-4ddcc177c139 with additional_slave_SAE_IDs"}`, 'kme-request', 'never', '400 bad request: key [left out] of bc490419-7d60-487f-adc1-4ddcc177c139 with additional_slave_SAE_IDs'],
    ['enc_keys', 500, `<title>${KEY}</title>`, 'kme-unavailable', 'later', '500 internal server error: a page of HTML: [left out]'],
    ['enc_keys', 400, `got ${Buffer.from(KEY, 'base64').toString('hex')}`, 'kme-request', 'never', '400 bad request: got [left out]'],
    ['enc_keys', 400, '\u001b[2J\u0007bell\r\nline', 'kme-request', 'never', '400 bad request: bell line'],
  ])('%s %i %s', (call, status, body, code, again, message) => {
    const refusal = refusalOf({ status, contentType: '', retryAfter: undefined, date: undefined, body: Buffer.from(body) }, call, NONE);
    expect({ code: refusal.error.code, again: refusal.again, message: refusal.error.message }).toEqual({ code, again, message });
  });

  it('keeps 200 characters of a long text, and survives bytes that are no text', () => {
    const body = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.alloc(9000, 0x41)]);
    const { error } = refusalOf({ status: 400, contentType: 'text/plain', retryAfter: undefined, date: undefined, body }, 'enc_keys', NONE);
    expect(error.message.length).toBeLessThanOrEqual('400 bad request: '.length + 200);
    expect(error.message).not.toMatch(/[\u0000-\u001f]/);
  });
});
