const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** BIP 173, as age writes its keys: bytes with a readable prefix and a checksum against typing errors. */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  const values = regroup([...bytes], 8, 5) ?? [];
  const sum = polymod([...expand(prefix), ...values, 0, 0, 0, 0, 0, 0]) ^ 1;
  const check = [25, 20, 15, 10, 5, 0].map((shift) => (sum >> shift) & 31);
  return `${prefix}1${[...values, ...check].map((value) => alphabet.charAt(value)).join('')}`;
}

/** The bytes of a well-formed key of this prefix, which is given in small letters; else undefined. */
export function decodeBech32(prefix: string, text: string): Uint8Array | undefined {
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) return undefined;
  const small = text.toLowerCase();
  if (!small.startsWith(`${prefix}1`)) return undefined;
  const values = [...small.slice(prefix.length + 1)].map((one) => alphabet.indexOf(one));
  if (values.length < 6 || values.includes(-1)) return undefined;
  if (polymod([...expand(prefix), ...values]) !== 1) return undefined;
  const bytes = regroup(values.slice(0, -6), 5, 8);
  return bytes && Uint8Array.from(bytes);
}

function expand(prefix: string): number[] {
  const codes = [...prefix].map((one) => one.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    generators.forEach((generator, bit) => {
      if ((top >> bit) & 1) sum ^= generator;
    });
  }
  return sum;
}

/** Padded on the way out; refuses a padding that holds anything on the way in. */
function regroup(values: readonly number[], from: number, to: number): number[] | undefined {
  const grouped: number[] = [];
  let [held, bits] = [0, 0];
  for (const value of values) {
    held = (held << from) | value;
    bits += from;
    while (bits >= to) {
      bits -= to;
      grouped.push((held >> bits) & ((1 << to) - 1));
    }
    held &= (1 << bits) - 1;
  }
  if (from > to) {
    if (bits > 0) grouped.push((held << (to - bits)) & ((1 << to) - 1));
    return grouped;
  }
  return bits >= from || held !== 0 ? undefined : grouped;
}
