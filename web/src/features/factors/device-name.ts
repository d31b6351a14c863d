/** A first name for a new factor: by what kind of device it was made. */
export function deviceName(agent = navigator.userAgent): string {
  const known = [
    [/iPhone|iPad/, 'iPhone or iPad'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'Mac'],
    [/Linux/, 'Linux'],
  ] as const;
  return known.find(([pattern]) => pattern.test(agent))?.[1] ?? 'This device';
}
