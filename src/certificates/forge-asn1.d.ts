// @types/node-forge describes the whole package, and `fromDer` without its options; this names the one
// file of it that we load, as it is.

declare module 'node-forge/lib/asn1.js' {
  import type { asn1 } from 'node-forge';
  const encoder: Omit<typeof asn1, 'fromDer'> & {
    fromDer(bytes: string, options: { decodeBitStrings: boolean; maxDepth: number }): asn1.Asn1;
  };
  export default encoder;
}
