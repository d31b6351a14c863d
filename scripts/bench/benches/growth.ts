import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { drawGrowth, type Level } from '../fleet/draw-growth.ts';
import { measureLevel } from '../fleet/measure-level.ts';
import { openFleet } from '../fleet/fleet.ts';
import { makeMembers } from '../fleet/traffic.ts';
import type { Bench, Figure } from '../figure.ts';

const LEVELS = [10, 30, 100, 300, 1_000, 3_000, 10_000];
const images = resolve(import.meta.dirname, '../../../docs/images');

/** What grows with the number of tenants, and what does not; draws docs/images/growth.svg. */
export const growth: Bench = {
  name: 'growth',
  title: 'what each number of tenants costs, from 10 to --tenants; draws the curve',
  run: async ({ report, tenants }) => {
    const fleet = await openFleet(report);
    const levels: Level[] = [];
    for (const count of LEVELS.filter((level) => level <= tenants)) {
      const grown = await fleet.growTo(count);
      const [token = ''] = await makeMembers(fleet, 1);
      const level = await measureLevel(fleet, token);
      const provision = grown.made === 0 ? null : (grown.seconds / grown.made) * 1_000;
      levels.push({ tenants: count, ...level, provisionMs: provision });
      report(JSON.stringify(levels.at(-1)));
    }
    mkdirSync(images, { recursive: true });
    writeFileSync(join(images, 'growth.svg'), drawGrowth(levels));
    const last = levels.at(-1);
    if (!last) throw new Error('--tenants is below the first level');
    return { figures: figuresOf(last), deviations: [] };
  },
};

function figuresOf(level: Level): Figure[] {
  const measured: [string, number, string, number][] = [
    ['set-role', level.setRoleMs, 'ms', 10],
    ['light', level.lightMs, 'ms', 8],
    ['list', level.listMs, 'ms', 50],
    ['noop', level.noopSeconds, 's', level.tenants > 5_000 ? 1 : 0.1],
    ['checks', level.checksSeconds, 's', 30],
    ['backend', level.backendMb, 'MB', 60],
    ['catalog', level.catalogKb, 'kB per tenant', 500],
    ['files', level.files, 'files per tenant', 150],
  ];
  return measured.map(([id, value, unit, target]) => ({
    id: `growth.${id}`,
    value,
    unit,
    target,
    better: 'lower',
    reference: null,
  }));
}
