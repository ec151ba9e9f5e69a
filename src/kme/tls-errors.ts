// What went wrong on the way to an answer, in the operator's words: TCP, the KME's certificate (verified by us),
// ours (verified by the KME, whose alert may come after our side of a TLS 1.3 handshake is done), the protocol.

import { oneLine, QkdError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';

type Explanation = readonly [pattern: RegExp, code: ErrorCode, message: string, hint: string];

const TRUST = 'check ca_file: it must hold the CA that signed the KME certificate';
const KME_SIDE = 'ask the operator of the KME for a new certificate';
const OUR_SIDE = 'check that the KME trusts the CA of our client certificate and that the certificate is current';
const REACH = 'check the KME address, port and route';

// Matched in this order against `CODE: message` in upper case with underscores.
const EXPLANATIONS: readonly Explanation[] = [
  [
    /\bCERT_NOT_YET_VALID\b/,
    'kme-identity',
    'the KME certificate is not yet valid',
    "check this machine's clock, then the KME certificate",
  ],
  [/\bCERT_HAS_EXPIRED\b/, 'kme-identity', 'the KME certificate has expired', `${KME_SIDE}, and check this machine's clock`],
  [/\bDEPTH_ZERO_SELF_SIGNED_CERT\b/, 'kme-identity', 'the KME certificate is self-signed and not in ca_file', TRUST],
  [/\bSELF_SIGNED_CERT_IN_CHAIN\b/, 'kme-identity', 'the root of the KME certificate is not in ca_file', TRUST],
  [
    /\bUNABLE_TO_(?:GET_ISSUER_CERT(?:_LOCALLY)?|VERIFY_LEAF_SIGNATURE)\b/,
    'kme-identity',
    'the issuer of the KME certificate is neither in ca_file nor sent by the KME',
    TRUST,
  ],
  [/\bCERT_SIGNATURE_FAILURE\b/, 'kme-identity', 'the signature on the KME certificate is wrong', TRUST],
  [
    /\bINVALID_PURPOSE\b|UNSUITABLE_CERTIFICATE_PURPOSE|UNSUPPORTED_CERTIFICATE_PURPOSE/,
    'kme-identity',
    'the KME certificate is not for a TLS server',
    KME_SIDE,
  ],
  [
    /\bINVALID_CA\b|PATH_LENGTH_EXCEEDED|INVALID_CA_CERTIFICATE/,
    'kme-identity',
    'the KME certificate is signed by a certificate that is no CA',
    KME_SIDE,
  ],
  [/\bCERT_REVOKED\b/, 'kme-identity', 'the KME certificate is revoked', KME_SIDE],
  [
    /EE_KEY_TOO_SMALL|CA_KEY_TOO_SMALL|(?:EE|CA)_CERTIFICATE_KEY_TOO_WEAK|CA_MD_TOO_WEAK|CA_SIGNATURE_DIGEST_ALGORITHM_TOO_WEAK|DH_KEY_TOO_SMALL|WRONG_SIGNATURE_TYPE/,
    'kme-identity',
    'the KME certificate has a weak key or signature',
    `${KME_SIDE} (RSA 2048 or more, SHA-256)`,
  ],
  [
    /\bCERT_(?:REJECTED|UNTRUSTED|CHAIN_TOO_LONG)\b|\bERROR_IN_CERT|\bUNABLE_TO_D/,
    'kme-identity',
    'the KME certificate cannot be verified',
    TRUST,
  ],
  [
    /ALERT_CERTIFICATE_EXPIRED/,
    'kme-refused-us',
    'the KME says that our certificate has expired',
    'compare the clocks, then issue a new client certificate',
  ],
  [/ALERT_CERTIFICATE_REVOKED/, 'kme-refused-us', 'the KME says that our certificate is revoked', 'issue a new client certificate'],
  [/ALERT_UNKNOWN_CA/, 'kme-refused-us', 'the KME does not know the CA of our certificate', OUR_SIDE],
  [
    /ALERT_(?:BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNSUPPORTED_CERTIFICATE|CERTIFICATE_REQUIRED|ACCESS_DENIED|NO_CERTIFICATE|DECRYPT_ERROR)/,
    'kme-refused-us',
    'the KME refuses our certificate',
    OUR_SIDE,
  ],
  [
    /ALERT_HANDSHAKE_FAILURE|ALERT_INSUFFICIENT_SECURITY|NO_SHARED_CIPHER|NO_CIPHERS_AVAILABLE/,
    'kme-unreachable',
    'no cipher suite in common with the KME, or it refuses our certificate',
    'check that the KME offers TLS 1.3, or TLS 1.2 with ECDHE and AES-GCM, and trusts our certificate',
  ],
  [
    /UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|VERSION_TOO_LOW/,
    'kme-unreachable',
    'the KME offers no TLS 1.2 or 1.3',
    'ask the operator of the KME to enable TLS 1.2 or 1.3',
  ],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL/,
    'kme-unreachable',
    'no TLS at this address',
    'check the port in the KME url',
  ],
  [/\bECONNREFUSED\b/, 'kme-unreachable', 'connection refused', REACH],
  [/\b(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EHOSTDOWN)\b/, 'kme-unreachable', 'no route to the KME', REACH],
  [/\bETIMEDOUT\b/, 'kme-unreachable', 'connection timed out', REACH],
  [
    /\b(?:ENOTFOUND|EAI_\w+)\b/,
    'kme-unreachable',
    'the name of the KME cannot be resolved',
    'check the KME url, or give its address in the inventory',
  ],
];

/** For a certificate whose names do not include `wanted`: with them, or without any (a common name does not count, RFC 9525). */
export function wrongName(wanted: string, names: string | undefined): QkdError {
  if (names === undefined) {
    return new QkdError('kme-identity', 'the KME certificate has no subject alternative name', {
      hint: `${KME_SIDE}: a common name alone is not enough (RFC 9525)`,
    });
  }
  return new QkdError('kme-identity', `the KME certificate is for ${oneLine(names)}, not for ${wanted}`, {
    hint: 'check url and server_name against the subject alternative names of the KME certificate',
  });
}

/** For a certificate, right in every other way, whose public key is not pinned. */
export function wrongKey(pin: string): QkdError {
  return new QkdError('kme-identity', `the KME certificate has the public key sha256/${pin}, which is not one of spki`, {
    hint: 'ask the operator of the KME whether its key has changed; then add this pin to spki in the inventory',
  });
}

/** The error of a connection that gave no answer: the code says whose fault it is, the cause keeps the original. */
export function connectionError(error: NodeJS.ErrnoException): QkdError {
  const text = `${error.code ?? ''}: ${error.message.replace(/[ -]+/g, '_')}`.toUpperCase();
  const known = EXPLANATIONS.find(([pattern]) => pattern.test(text));
  if (known === undefined) {
    return new QkdError('kme-unreachable', `connection failed: ${oneLine(`${error.code ?? ''} ${error.message}`)}`, { hint: REACH, cause: error });
  }
  const [, code, message, hint] = known;
  return new QkdError(code, message, { hint, cause: error });
}
