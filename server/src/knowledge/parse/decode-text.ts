import { ParseError } from './parse-error.ts';

// Latin-1 as people mean it: byte for byte, with the typographic characters of windows-1252.
const LEGACY = 'windows-1252';

/**
 * Turns bytes into text: a byte order mark decides, then UTF-8 if it is valid, UTF-16 if every
 * other byte is zero, else the declared charset or Latin-1.
 *
 * @param declared charset named inside the document, as HTML may do
 * @throws ParseError wrong_type when the bytes are no text in any of these
 */
export function decodeText(bytes: Uint8Array, declared?: string): string {
  const text = new TextDecoder(findCharset(bytes) ?? declaredCharset(declared)).decode(bytes);
  if (looksBinary(text)) {
    throw new ParseError(
      'wrong_type',
      'The file holds no text. Check that it is what its name says.',
    );
  }
  return text;
}

/** The charset that the bytes themselves show; undefined for an 8-bit one that they can't tell. */
export function findCharset(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(bytes, [0xfe, 0xff])) return 'utf-16be';
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) return 'utf-8';
  return wideCharset(bytes.subarray(0, 4096)) ?? (isUtf8(bytes) ? 'utf-8' : undefined);
}

/** True for text that people could not have written: many control characters, or any NUL. */
export function looksBinary(text: string): boolean {
  let control = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0) return true;
    if (code < 32 && (code < 8 || code > 13) && code !== 27) control++;
  }
  return control > 2 + text.length / 200;
}

function wideCharset(bytes: Uint8Array): string | undefined {
  const pairs = Math.floor(bytes.length / 2);
  if (pairs < 2) return undefined;
  let [low, high] = [0, 0];
  for (let i = 0; i < pairs * 2; i += 2) {
    if (bytes[i] === 0) high++;
    if (bytes[i + 1] === 0) low++;
  }
  if (low > pairs * 0.4 && high < pairs * 0.05) return 'utf-16le';
  if (high > pairs * 0.4 && low < pairs * 0.05) return 'utf-16be';
  return undefined;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    // Streaming, because a sample may end inside a character.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function declaredCharset(label = LEGACY): string {
  try {
    const charset = new TextDecoder(label).encoding;
    // The bytes were no valid UTF-8 or UTF-16, whatever they claim.
    return charset.startsWith('utf-') ? LEGACY : charset;
  } catch {
    return LEGACY;
  }
}

const startsWith = (bytes: Uint8Array, prefix: readonly number[]): boolean =>
  prefix.every((byte, i) => bytes[i] === byte);
