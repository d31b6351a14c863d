const language = 'en';
const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Bytes in the unit a person would use: 1536 → "1.5 kB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return plural(bytes, { one: '# byte', other: '# bytes' });
  const step = Math.min(
    units.length - 1,
    Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)),
  );
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** step);
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(language).format(value);
}

/** A day and time, short: "21 Nov 2026, 09:15". */
export function formatTime(iso: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  );
}

/** A day alone: "21 Nov 2026". */
export function formatDay(iso: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' }).format(new Date(iso));
}

/** One of two wordings by number, with the number in place of `#`. */
export function plural(count: number, words: { one: string; other: string }): string {
  const rule = new Intl.PluralRules(language).select(count);
  return (rule === 'one' ? words.one : words.other).replace('#', formatNumber(count));
}
