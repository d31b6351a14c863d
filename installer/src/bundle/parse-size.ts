import { Fault } from '../fault.ts';

const units: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9 };

/** `700M`, `4G`: thousands, as media are sold. At least one megabyte. */
export function parseSize(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,9})([KMG]?)B?$/i.exec(text) ?? [];
  const size = Number(digits) * (units[unit.toUpperCase()] ?? Number.NaN);
  if (size >= 1e6) return size;
  throw new Fault(`"${text}" is no size of a part`, {
    next: 'Give megabytes or gigabytes, such as 700M or 4G.',
    code: 'usage',
  });
}
