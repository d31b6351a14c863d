/** One decoded DER value: its tag, its content, and the whole of its encoding. */
export type DerValue = { tag: number; content: Buffer; whole: Buffer };

/**
 * Reads the value at the start of `bytes` and returns it with what follows it. Refuses whatever is
 * not DER: long tags, indefinite or padded lengths, truncation.
 */
export function readValue(bytes: Buffer): { value: DerValue; rest: Buffer } {
  const [tag, lead] = bytes;
  if (tag === undefined || lead === undefined) throw new RangeError('DER: the value is cut short');
  if ((tag & 0x1f) === 0x1f) throw new RangeError('DER: long tags are not supported');
  const { length, start } = readLength(bytes, lead);
  const end = start + length;
  if (end > bytes.length) throw new RangeError('DER: the value is cut short');
  const value = { tag, content: bytes.subarray(start, end), whole: bytes.subarray(0, end) };
  return { value, rest: bytes.subarray(end) };
}

function readLength(bytes: Buffer, lead: number): { length: number; start: number } {
  if (lead < 0x80) return { length: lead, start: 2 };
  const count = lead & 0x7f;
  if (count === 0 || count > 4) throw new RangeError('DER: this form of length is not allowed');
  if (bytes.length < 2 + count) throw new RangeError('DER: the value is cut short');
  const length = bytes.readUIntBE(2, count);
  if (length < 0x80 || bytes[2] === 0) throw new RangeError('DER: the length is not minimal');
  return { length, start: 2 + count };
}

/** All values of a constructed value's content, in order. */
export function readMembers(content: Buffer): DerValue[] {
  const members: DerValue[] = [];
  for (let left = content; left.length > 0;) {
    const { value, rest } = readValue(left);
    members.push(value);
    left = rest;
  }
  return members;
}
