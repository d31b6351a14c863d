import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tempDir } from '../components/testing/temp-dir.ts';
import { findWalls, wordsInside, type Walls } from './drill-walls.ts';

/** Null where this host (a container, say) lets nobody make namespaces: then a drill says so itself. */
function walls(asRoot: boolean): Walls | null {
  try {
    return findWalls(asRoot);
  } catch {
    return null;
  }
}

describe.each([
  ['root', process.getuid?.() === 0 ? walls(true) : null],
  ['an ordinary user', walls(false)],
])('the walls of a drill of %s', (_who, found) => {
  const where = found ? it : it.skip;
  const dir = tempDir();
  const [stageDir, place, modelsDir, original] = ['stage', 'place', 'models', 'original'].map(
    (name) => path.join(dir, name),
  ) as [string, string, string, string];
  for (const made of [stageDir, place, modelsDir, original]) mkdirSync(made);
  writeFileSync(path.join(original, 'instance.json'), '{}');
  writeFileSync(path.join(stageDir, 'order.json'), '{}');
  const inside = (script: string) => {
    const places = { stageDir, place, modelsDir, hidden: [original] };
    const words = found ? wordsInside(found, places, ['sh', '-c', script]) : [];
    return spawnSync(found?.program ?? '', words, { encoding: 'utf8' });
  };

  where('RES-04: hide the originals, and show the stage in its place', () => {
    expect(inside(`ls ${original}; ls ${place}`)).toMatchObject({
      status: 0,
      stdout: 'models\norder.json\n',
    });
  });

  where('RES-04: leave no way to the network, nor to a process outside', () => {
    const { stdout } = inside(`ip -o link | wc -l; ls -d /proc/${process.pid} 2>&1 | wc -w`);
    expect(stdout.trim().split('\n')[0]).toBe('1');
    expect(inside(`kill -0 ${process.pid}`).status).not.toBe(0);
  });

  where('RES-04: run as the same account as before', () => {
    expect(inside('id -u').stdout.trim()).toBe(String(process.getuid?.()));
  });
});

describe('the walls of a drill of an ordinary user', () => {
  const found = walls(false);
  (found ? it : it.skip)('RES-04: can not be taken down from inside', () => {
    const dir = tempDir();
    const names = ['stage', 'place', 'models', 'original'];
    const [stageDir = '', place = '', modelsDir = '', original = ''] = names.map((name) =>
      path.join(dir, name),
    );
    for (const made of [stageDir, place, modelsDir, original]) mkdirSync(made);
    writeFileSync(path.join(original, 'instance.json'), '{}');
    const places = { stageDir, place, modelsDir, hidden: [original] };
    const tries = `umount ${original}; unshare --user --map-root-user --mount umount ${original}; ls ${original}`;
    const words = found ? wordsInside(found, places, ['sh', '-c', tries]) : [];
    expect(spawnSync(found?.program ?? '', words, { encoding: 'utf8' }).stdout).toBe('');
  });
});
