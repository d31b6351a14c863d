const MAX_BYTES = 200;
const FALLBACK = 'document';

// Names that Windows gives to devices, whatever ending follows.
const RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|$)/i;

// Letters that look like a dot or a slash, and that some systems turn into one.
const LOOKALIKES: readonly (readonly [RegExp, string])[] = [
  [/[\u2024\uFE52\uFF0E]/gu, '.'],
  [/[\u2025\uFE30]/gu, '..'],
  [/[\u2044\u2215\u2571\u29F8\uFF0F]/gu, '/'],
  [/[\u2216\u29F5\u29F9\uFE68\uFF3C]/gu, '\\'],
];

/**
 * Turns the name of an upload into a name to show. It is never used as a path: files are stored
 * under ids. The result is one NFC segment of 1 to 200 bytes without separators, control or
 * invisible characters, and never a name that a file system treats in a special way.
 */
export function sanitiseFileName(name: string): string {
  const segment = lastSegment(withoutLookalikes(decodePercent(name.toWellFormed())));
  const visible = segment
    .normalize('NFC')
    // Control, bidi and other invisible characters, and what Unicode has not assigned.
    .replace(/[\p{C}\u2028\u2029]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/gu, ' ')
    .trim()
    // A single leading dot hides a file.
    .replace(/^~+|^\.(?!\.)/, '');
  const end = trimmedLength(visible);
  const named = end > 0 ? visible.slice(0, end) : FALLBACK;
  return shorten(RESERVED.test(named) ? `_${named}` : named);
}

/** Length without the dots and spaces at the end, which vanish on Windows. */
function trimmedLength(name: string): number {
  let end = name.length;
  while (end > 0 && ' .'.includes(name.charAt(end - 1))) end--;
  return end;
}

/** Undoes percent-encoding, several layers deep; what does not decode becomes harmless. */
function decodePercent(name: string): string {
  let current = name;
  for (let layer = 0; layer < 5; layer++) {
    const next = current.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return '_';
      }
    });
    if (next === current) break;
    current = next;
  }
  return current.replace(/%(?=u?[0-9a-f]{2})/gi, '_');
}

const withoutLookalikes = (name: string): string =>
  LOOKALIKES.reduce((text, [pattern, plain]) => text.replace(pattern, plain), name);

const lastSegment = (name: string): string =>
  name
    // Control characters first: they could hide between the dots of a segment.
    .replace(/\p{C}/gu, '')
    .split(/[/\\]/)
    .findLast((part) => /[^.\s]/u.test(part)) ?? '';

/** Cuts the stem, not the ending, and never inside a character. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name;
  const ending = /\.[^.\s]{1,16}$/u.exec(name)?.[0] ?? '';
  let stem = '';
  for (const { segment } of new Intl.Segmenter().segment(
    name.slice(0, name.length - ending.length),
  )) {
    if (Buffer.byteLength(stem + segment) > MAX_BYTES - Buffer.byteLength(ending)) break;
    stem += segment;
  }
  return stem.trimEnd() === '' ? FALLBACK + ending : stem.trimEnd() + ending;
}
