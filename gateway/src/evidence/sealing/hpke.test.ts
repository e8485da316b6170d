import { createPrivateKey, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AES_128_GCM, hpkeSeal, x25519PublicKey } from './hpke.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

function privateKey(raw: string): KeyObject {
  const prefix = hex('302e020100300506032b656e04220420');
  return createPrivateKey({ key: Buffer.concat([prefix, hex(raw)]), format: 'der', type: 'pkcs8' });
}

describe('a wrapped key', () => {
  it('is what RFC 9180, appendix A.1.1, says for its keys', () => {
    const sealed = hpkeSeal(hex('4265617574792069732074727574682c20747275746820626561757479'), {
      recipient: x25519PublicKey(hex('3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d')),
      ephemeral: privateKey('52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736'),
      info: hex('4f6465206f6e2061204772656369616e2055726e'),
      aad: hex('436f756e742d30'),
      aead: AES_128_GCM,
    });
    expect(sealed.encapsulated.toString('hex')).toBe(
      '37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431',
    );
    expect(sealed.ciphertext.toString('hex')).toBe(
      'f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a',
    );
  });

  it('is refused for a public key of small order, with which the shared secret would be known to all', () => {
    const recipient = x25519PublicKey(Buffer.alloc(32));
    const ephemeral = privateKey('52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736');
    expect(() => hpkeSeal(Buffer.alloc(32), { recipient, ephemeral, info: hex(''), aad: hex('') })).toThrow();
  });
});
