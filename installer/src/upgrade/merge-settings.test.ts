import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { InstanceSettings } from '../instance/settings.ts';
import { mergeSettings } from './merge-settings.ts';
import { shippedDefaults } from './shipped-defaults.ts';

const settingsWith = (more: Partial<InstanceSettings>): InstanceSettings =>
  ({
    bindAddress: '0.0.0.0',
    databasePort: 5432,
    release: {
      version: '0.1.0',
      released: '',
      defaults: { bindAddress: '0.0.0.0', 'limits.ROUTE_PER_MINUTE': 100 },
    },
    ...more,
  }) as InstanceSettings;

describe('merging settings three ways', () => {
  it('DEP-06: keeps what the operator chose, and tells where the default changed too', () => {
    const settings = settingsWith({ bindAddress: '10.0.0.1', limits: 'ROUTE_PER_MINUTE=50' });
    const merged = mergeSettings(settings, {
      bindAddress: '127.0.0.1',
      'limits.ROUTE_PER_MINUTE': 200,
    });
    expect(merged.settings).toMatchObject({
      bindAddress: '10.0.0.1',
      limits: 'ROUTE_PER_MINUTE=50',
    });
    expect(merged.conflicts).toEqual([
      'bindAddress: you set 10.0.0.1; the default was 0.0.0.0, now 127.0.0.1',
      'limits.ROUTE_PER_MINUTE: you set 50; the default was 100, now 200',
    ]);
  });

  it('DEP-06: lets what was only the default follow the new one', () => {
    const merged = mergeSettings(settingsWith({ limits: 'ROUTE_PER_MINUTE=100' }), {
      bindAddress: '127.0.0.1',
      'limits.ROUTE_PER_MINUTE': 200,
    });
    expect(merged.settings).toMatchObject({ bindAddress: '127.0.0.1', limits: '' });
    expect(merged.taken).toHaveLength(2);
    expect(merged.conflicts).toEqual([]);
  });

  it('leaves everything as it is where no default changed, or none was noted', () => {
    const chosen = settingsWith({ bindAddress: '10.0.0.1' });
    expect(mergeSettings(chosen, { bindAddress: '0.0.0.0' })).toMatchObject({
      settings: chosen,
      taken: [],
      conflicts: [],
    });
    const { release: _, ...unknown } = settingsWith({});
    expect(mergeSettings(unknown, { bindAddress: '::' }).settings.bindAddress).toBe('0.0.0.0');
  });

  it('ships the defaults that the server has', () => {
    const config = path.resolve(import.meta.dirname, '../../../server/src/platform/config');
    const text = ['limit-settings.ts', 'resilience-settings.ts']
      .map((file) => readFileSync(path.join(config, file), 'utf8'))
      .join('');
    const found = [...text.matchAll(/CASEMATE_(\w+): .*\.default\(([\d_]+)\)/g)].map(
      ([, name = '', value = '']) => [`limits.${name}`, Number(value.replaceAll('_', ''))] as const,
    );
    expect(found.length).toBeGreaterThan(10);
    for (const [name, value] of found) expect([name, shippedDefaults[name]]).toEqual([name, value]);
  });
});
