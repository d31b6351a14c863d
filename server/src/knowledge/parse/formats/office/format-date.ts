const DAY_MS = 86_400_000;
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);

/**
 * Shows a serial date of a spreadsheet as ISO 8601: whole days as a date, fractions of a day as a
 * time, both as both.
 */
export function formatDate(serial: number, epoch1904: boolean): string {
  const time = Math.round((serial * DAY_MS) / 1000) * 1000 + (epoch1904 ? EPOCH_1904 : EPOCH_1900);
  const date = new Date(time);
  if (!Number.isFinite(time) || Number.isNaN(date.getTime()) || serial < 0) return String(serial);
  const [day = '', clock = ''] = date.toISOString().split('T');
  const hours = clock.slice(0, 8).replace(/:00$/, '');
  if (serial < 1) return hours;
  return Number.isInteger(serial) ? day : `${day} ${hours}`;
}
