import { describe, expect, it } from '@jest/globals';
import { decrypt, encrypt, identityText, isRecipient, makeIdentity, readIdentity } from './age.ts';
import { encodeBech32 } from './bech32.ts';

// Made by age 1.3.1 (age-keygen, age --recipient), so that both sides are seen to speak one format.
const foreign = {
  secret: encodeBech32(
    'age-secret-key-',
    Buffer.from('999888570436f0a3b4b35277deae9e14f96845658c752988627276d242da508c', 'hex'),
  ).toUpperCase(),
  recipient: 'age1ygxe4a8rgzaqet4k8j2tm2esk2uxx5jxdm27yrcwj3vrnnap4v0qtyj8z0',
  sealed:
    'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBVTFVZOXlnNkZlczVmUmF1OXZ6RHBPc2ZsQmROeUlZayt5eXpuNzZXZndnClRQV1AxNVdpM3haZC9aYW5PYUVYMG9wSmNhZE1TTWpaQU9yeWozMTRvcTAKLS0tIDdEWkQrNlRxa2taQ2FyV1l5N2I4UUJEZWVjMk5nb1FScTJhUW00ZkN6ZHcKM7dYlmT5O4M9GEFhWx1WDG4xeyOQORxrbMB679AbGHfQadjd+Ub0IDl/GF24iHuOmvptuts=',
};

describe('age', () => {
  it('does not open what was wrapped to another key', () => {
    const sealed = encrypt(makeIdentity().recipient, Buffer.from('seal'));
    expect(() => decrypt(makeIdentity(), sealed)).toThrow('wrapped to another key');
  });

  it('does not open what was altered, in whichever byte', () => {
    const identity = makeIdentity();
    const sealed = encrypt(identity.recipient, Buffer.from('seal'));
    for (let at = 0; at < sealed.length; at += 7) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => decrypt(identity, altered)).toThrow();
    }
  });

  it('takes no mistyped key', () => {
    const text = identityText(makeIdentity());
    expect(readIdentity(text.replace(/.\n$/, (end) => (end[0] === 'Q' ? 'P\n' : 'Q\n')))).toBe(
      undefined,
    );
    expect(isRecipient('age1xyz')).toBe(false);
  });

  it('opens its own', () => {
    const identity = makeIdentity();
    const read = readIdentity(identityText(identity));
    expect(read?.recipient).toBe(identity.recipient);
    const plain = Buffer.from('the seal key');
    expect(read && decrypt(read, encrypt(identity.recipient, plain))).toEqual(plain);
  });

  it('opens what age itself has wrapped', () => {
    const identity = readIdentity(foreign.secret);
    expect(identity?.recipient).toBe(foreign.recipient);
    const plain = identity && decrypt(identity, Buffer.from(foreign.sealed, 'base64'));
    expect(plain?.toString()).toBe('wrapped by age itself');
  });
});
