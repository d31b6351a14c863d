type Part = { tag: number; value: Buffer };

const [BOOLEAN, INTEGER, OCTETS, ENUMERATED, SEQUENCE, SET] = [1, 2, 4, 0x0a, 0x30, 0x31];
const CONTROLS = 0xa0;
const [BIND, ENTRY, DONE, REFERENCE] = [0x61, 0x64, 0x65, 0x73];
export const EXTENDED = 0x78;

/** How long a message is that begins here, with its head; null while its head is not whole. */
export function lengthOfMessage(bytes: Buffer): number | null {
  const head = headOf(bytes, 0);
  return head === null ? null : head.start + head.length;
}

/**
 * Whether a message is one of those that a directory answers with (RFC 4511, 4), whole and in every part as
 * long as it says. What is not is never shown to the library, which takes a result that is missing for a good
 * one and reads for ever what is shorter than it says.
 */
export function isSoundMessage(bytes: Buffer): boolean {
  const [message, ...none] = partsOf(bytes) ?? [];
  if (message?.tag !== SEQUENCE || none.length > 0) return false;
  const [id, answer, controls, ...more] = partsOf(message.value) ?? [];
  if (id?.tag !== INTEGER || !isShort(id) || !answer || more.length > 0) return false;
  return isSoundAnswer(answer) && (controls === undefined || areSoundControls(controls));
}

/** Of a sound message that holds a result: to what it answers, of what kind it is, and how it went. */
export function readResult(bytes: Buffer): { id: number; tag: number; code: number } | null {
  const [id, answer] = partsOf(partsOf(bytes)?.[0]?.value ?? Buffer.alloc(0)) ?? [];
  const [code] = answer && answer.tag !== REFERENCE ? (partsOf(answer.value) ?? []) : [];
  if (!id || !answer || code?.tag !== ENUMERATED) return null;
  const numberOf = ({ value }: Part): number => value.readIntBE(0, value.length);
  return { id: numberOf(id), tag: answer.tag, code: numberOf(code) };
}

function isSoundAnswer({ tag, value }: Part): boolean {
  const parts = partsOf(value);
  if (!parts) return false;
  switch (tag) {
    case BIND:
    case DONE:
    case EXTENDED: {
      const [code, matched, words] = parts;
      return code?.tag === ENUMERATED && isShort(code) && areAll([matched, words], OCTETS);
    }
    case ENTRY: {
      const [name, attributes, ...more] = parts;
      if (name?.tag !== OCTETS || attributes?.tag !== SEQUENCE || more.length > 0) return false;
      return partsOf(attributes.value)?.every(isSoundAttribute) === true;
    }
    case REFERENCE:
      return areAll(parts, OCTETS);
    default:
      return false;
  }
}

function isSoundAttribute({ tag, value }: Part): boolean {
  const [name, values, ...more] = partsOf(value) ?? [];
  if (tag !== SEQUENCE || name?.tag !== OCTETS || values?.tag !== SET || more.length > 0)
    return false;
  return areAll(partsOf(values.value), OCTETS);
}

function areSoundControls({ tag, value }: Part): boolean {
  return tag === CONTROLS && partsOf(value)?.every(isSoundControl) === true;
}

function isSoundControl({ tag, value }: Part): boolean {
  const [name, ...rest] = partsOf(value) ?? [];
  const tags = rest.map((part) => part.tag).join();
  const known = ['', `${OCTETS}`, `${BOOLEAN}`, `${BOOLEAN},${OCTETS}`];
  return tag === SEQUENCE && name?.tag === OCTETS && known.includes(tags);
}

function areAll(parts: readonly (Part | undefined)[] | null, tag: number): boolean {
  return parts !== null && parts.every((part) => part?.tag === tag);
}

function isShort({ value }: Part): boolean {
  return value.length >= 1 && value.length <= 4;
}

/** The parts that fill these bytes exactly; null where they don't. */
function partsOf(bytes: Buffer): Part[] | null {
  const parts: Part[] = [];
  for (let at = 0; at < bytes.length;) {
    const head = headOf(bytes, at);
    if (!head || head.start + head.length > bytes.length) return null;
    const end = head.start + head.length;
    parts.push({ tag: bytes.readUInt8(at), value: bytes.subarray(head.start, end) });
    at = end;
  }
  return parts;
}

const UNBOUNDED = Number.MAX_SAFE_INTEGER;

/** Where the value begins and how long it is; without bounds where the length is no definite one of four bytes. */
function headOf(bytes: Buffer, at: number): { start: number; length: number } | null {
  if (bytes.length < at + 2) return null;
  const first = bytes.readUInt8(at + 1);
  if (first < 0x80) return { start: at + 2, length: first };
  const count = first - 0x80;
  if (count === 0 || count > 4) return { start: at + 2, length: UNBOUNDED };
  if (bytes.length < at + 2 + count) return null;
  return { start: at + 2 + count, length: bytes.readUIntBE(at + 2, count) };
}
