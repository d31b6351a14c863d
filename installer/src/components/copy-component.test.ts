import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { copyComponent } from './copy-component.ts';
import { tempDir } from './testing/temp-dir.ts';
import type { Component } from './types.ts';

function componentOf(text: string): Component {
  const dir = tempDir();
  mkdirSync(path.join(dir, 'bin'), { mode: 0o700 });
  writeFileSync(path.join(dir, 'bin', 'node'), text);
  chmodSync(path.join(dir, 'bin', 'node'), 0o700);
  return { name: 'node', version: '24.0.1', dir, source: 'cache', sha256: text, executables: {} };
}

describe('copyComponent', () => {
  it('leaves what the host installed where it is', async () => {
    const installed = { ...componentOf('a'), source: 'installed' as const };
    expect(await copyComponent(installed, '/nonexistent/place')).toBe(installed);
  });

  it('copies what every account can run, and replaces another version whole', async () => {
    const parent = tempDir();
    const destDir = path.join(parent, 'opt', 'node');
    mkdirSync(`${destDir}.incoming`, { recursive: true });
    writeFileSync(path.join(`${destDir}.incoming`, 'of-a-killed-run'), '');
    await copyComponent(componentOf('first'), destDir);
    const copied = await copyComponent(componentOf('second'), destDir);
    expect(copied.executables).toEqual({ node: path.join(destDir, 'bin', 'node') });
    expect(readFileSync(path.join(destDir, 'bin', 'node'), 'utf8')).toBe('second');
    expect(statSync(path.join(destDir, 'bin')).mode & 0o777).toBe(0o755);
    expect(statSync(path.join(destDir, 'bin', 'node')).mode & 0o777).toBe(0o755);
    expect(readdirSync(path.dirname(destDir))).toEqual(['node']);
  });

  it('does not touch the same copy again', async () => {
    const destDir = path.join(tempDir(), 'node');
    const component = componentOf('same');
    await copyComponent(component, destDir);
    writeFileSync(path.join(destDir, 'trace'), '');
    await copyComponent(component, destDir);
    expect(readdirSync(destDir)).toContain('trace');
  });
});
