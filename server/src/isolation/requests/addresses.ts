import { randomInt } from 'node:crypto';

export type Addresses = {
  /** The local address of the next request; undefined lets the system choose. */
  next(): string | undefined;
  change(): void;
  readonly many: boolean;
};

const PER_ADDRESS = 30;

/**
 * Strangers are limited by address, and people share the address of the appliance itself: where the
 * server listens on loopback, the test uses up addresses of 127.0.0.0/8 that nobody else has.
 */
export function createAddresses(host: string): Addresses {
  const many = /^127\./.test(host);
  const draw = (): string => `127.${randomInt(64, 224)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  let address = draw();
  let used = 0;
  const change = (): void => {
    address = draw();
    used = 0;
  };
  return {
    many,
    change,
    next: () => {
      if (!many) return undefined;
      used += 1;
      if (used > PER_ADDRESS) change();
      return address;
    },
  };
}
