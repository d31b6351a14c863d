import type { InstanceSettings } from '../instance/settings.ts';

type Values = Readonly<Record<string, string | number>>;

export type Merge = {
  /** What the instance goes on with. */
  settings: InstanceSettings;
  /** Defaults that changed and that nobody had chosen otherwise: taken over. */
  taken: string[];
  /** Both sides changed it: the operator's value stays, and this is told. */
  conflicts: string[];
};

/**
 * Three ways: the defaults that were shipped, those that are shipped now, and what the operator has.
 * A value that is still the old default follows the new one; any other stays. What is not stored (a
 * limit that nobody set) follows by itself.
 */
export function mergeSettings(settings: InstanceSettings, now: Values): Merge {
  const before: Values = settings.release?.defaults ?? {};
  const values = storedValues(settings);
  const merge: Merge = { settings, taken: [], conflicts: [] };
  for (const [name, value] of Object.entries(values)) {
    const [old, next] = [before[name], now[name]];
    if (old === undefined || next === undefined || old === next || value === String(next)) continue;
    if (value === String(old)) {
      values[name] = String(next);
      merge.taken.push(`${name}: ${value} becomes ${next}, the new default`);
    } else merge.conflicts.push(`${name}: you set ${value}; the default was ${old}, now ${next}`);
  }
  merge.settings = withValues(settings, values, now);
  return merge;
}

const limit = 'limits.';

function storedValues(settings: InstanceSettings): Record<string, string> {
  const { bindAddress, databasePort, limits = '' } = settings;
  const entries = limits.split(';').flatMap((entry): [string, string][] => {
    const at = entry.indexOf('=');
    if (at < 0) return [];
    const name = entry
      .slice(0, at)
      .trim()
      .replace(/^CASEMATE_/, '');
    return [[`${limit}${name}`, entry.slice(at + 1).trim()]];
  });
  return { bindAddress, databasePort: String(databasePort), ...Object.fromEntries(entries) };
}

function withValues(settings: InstanceSettings, values: Record<string, string>, now: Values) {
  const limits = Object.entries(values)
    // The new default needs no entry of its own.
    .filter(([name, value]) => name.startsWith(limit) && value !== String(now[name]))
    .map(([name, value]) => `${name.slice(limit.length)}=${value}`)
    .join('; ');
  return {
    ...settings,
    bindAddress: values['bindAddress'] ?? settings.bindAddress,
    databasePort: Number(values['databasePort'] ?? settings.databasePort),
    ...(settings.limits === undefined ? {} : { limits }),
  };
}
