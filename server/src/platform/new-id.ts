import { v7 } from 'uuid';

/** A UUIDv7 (RFC 9562): time-ordered, so that primary keys grow at the right edge of their index. */
export function newId(): string {
  return v7();
}
