import type { Manifest } from '../bundle/manifest.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { mergeSettings } from './merge-settings.ts';
import type { PendingMigrations } from './pending-migrations.ts';

export type Plan = {
  lines: string[];
  value: {
    from: string | null;
    to: string;
    components: { name: string; from: string | null; to: string }[];
    migrations: string[];
    contracts: string[];
    settings: string[];
    conflicts: string[];
  };
};

/** What an upgrade would do, for a person and as data. */
export function describePlan(
  settings: InstanceSettings,
  { manifest, pending }: { manifest: Manifest; pending: PendingMigrations },
): Plan {
  const { taken, conflicts } = mergeSettings(settings, manifest.defaults);
  const components = manifest.components
    .map(({ name, version }) => ({
      name,
      from: settings.components[name]?.version ?? null,
      to: version,
    }))
    .filter(({ from, to }) => from !== to);
  const { all, contracts } = pending;
  const way =
    contracts.length > 0
      ? `${contracts.join(', ')} take away what ${settings.server?.version ?? 'it'} needs: the server stops meanwhile, and a way back restores the data`
      : 'they serve both versions: a way back loses nothing';
  return {
    lines: [
      `From ${settings.server?.version ?? 'nothing'} to ${manifest.version} of ${manifest.released}`,
      `Components: ${components.map(({ name, from, to }) => `${name} ${from ?? '-'} → ${to}`).join(', ') || 'the same versions'}`,
      `Migrations: ${all.join(', ') || 'none'}${all.length > 0 ? `; ${way}` : ''}`,
      ...taken.map((text) => `Setting: ${text}`),
      ...conflicts.map((text) => `Setting kept: ${text}`),
    ],
    value: {
      from: settings.server?.version ?? null,
      to: manifest.version,
      components,
      migrations: all,
      contracts,
      settings: taken,
      conflicts,
    },
  };
}
