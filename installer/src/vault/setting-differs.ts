type Fields = Readonly<Record<string, unknown>>;

/** Whether any wanted field is otherwise in what was read back, which has more fields. Pure. */
export function settingDiffers(found: Fields, wanted: Fields): boolean {
  return Object.entries(wanted).some(
    ([name, value]) => JSON.stringify(plain(found[name])) !== JSON.stringify(plain(value)),
  );
}

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** OpenBao answers "10m" with 600, and hands texts back with their blank ends trimmed. */
function plain(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(value) ?? [];
  return count === undefined ? value.trim() : Number(count) * (seconds[unit] ?? 1);
}
