import type { Manifest } from '../bundle/manifest.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { majorStep, postgresqlOf, type MajorStep } from './major-step.ts';
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
    major: MajorStep | null;
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
  const before = settings.server?.version ?? 'it';
  const major = majorStep(postgresqlOf(settings), versionIn(manifest, 'postgresql'));
  const way =
    contracts.length > 0
      ? `${contracts.join(', ')} take away what ${before} needs: the server stops meanwhile, and a way back restores the data`
      : `they serve both versions${major ? '' : ': a way back loses nothing'}`;
  return {
    lines: [
      `From ${settings.server?.version ?? 'nothing'} to ${manifest.version} of ${manifest.released}`,
      `Components: ${components.map(({ name, from, to }) => `${name} ${from ?? '-'} → ${to}`).join(', ') || 'the same versions'}`,
      `Migrations: ${all.join(', ') || 'none'}${all.length > 0 ? `; ${way}` : ''}`,
      ...(major
        ? [
            `PostgreSQL ${major.from} → ${major.to}: the data is taken over while nobody is served, and a way back restores it`,
          ]
        : []),
      ...taken.map((text) => `Setting: ${text}`),
      ...conflicts.map((text) => `Setting kept: ${text}`),
    ],
    value: {
      from: settings.server?.version ?? null,
      to: manifest.version,
      components,
      migrations: all,
      contracts,
      major,
      settings: taken,
      conflicts,
    },
  };
}

export function versionIn({ components }: Manifest, name: string): string | undefined {
  return components.find((component) => component.name === name)?.version;
}
