import { describe, expect, it } from '@jest/globals';
import { lintSample } from './lint-sample.ts';

describe('the bans', () => {
  it.each([
    ['process.env.HOME', 'Environment read'],
    ["process['env']", 'Environment read'],
    ['const { env } = process', 'Environment read'],
    ["import { env } from 'node:process'; env.HOME", 'Environment read'],
  ])('SEC-02: refuses the environment read %s', (code, message) => {
    expect(lintSample(code)).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    '<p dangerouslySetInnerHTML={{ __html: text }} />',
    "createElement('p', { dangerouslySetInnerHTML: { __html: text } })",
    'element.innerHTML = text',
  ])('INP-03: refuses raw HTML: %s', (code) => {
    expect(lintSample(code)).toEqual([expect.stringContaining('Raw HTML')]);
  });

  it.each([
    "import { exec } from 'node:child_process'; exec(text)",
    "import { execSync } from 'child_process'; execSync(text)",
    "import cp from 'node:child_process'; cp.exec(text)",
    "import * as cp from 'node:child_process'; cp.exec(text)",
    "spawn('ls', [], { shell: true })",
    "spawn('ls', [], { shell: '/bin/sh' })",
    "await import('node:child_process')",
  ])('AGT-08: refuses a shell: %s', (code) => {
    expect(lintSample(code)).toHaveLength(1);
  });

  it.each([
    ['<p style={{ color: "red" }} />', 'inline style'],
    ['export default 1', 'Named exports'],
    ["import vm from 'node:vm'; vm.runInThisContext(text)", 'No evaluation'],
  ])('refuses %s', (code, message) => {
    expect(lintSample(code)).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    "import { spawn } from 'node:child_process'; spawn('ls', ['-l'], { shell: false })",
    '<p className="quiet">{text}</p>',
    'config.env.HOME',
    'export const one = 1',
  ])('allows %s', (code) => {
    expect(lintSample(code)).toEqual([]);
  });
});

describe('room-boundaries', () => {
  it.each([
    ["import { a } from '../tenancy/repo.ts'", 'index.ts'],
    ["export * from '../app/index.ts'", 'go down only'],
    ["export { a } from '../trust/index.ts'", 'go down only'],
    ["await import('../app/index.ts')", 'go down only'],
  ])('refuses %s', (code, message) => {
    expect(lintSample(code)).toEqual([expect.stringContaining(message)]);
  });

  it('allows a lower room through its index.ts', () => {
    expect(lintSample("import { a } from '../knowledge/index.ts'")).toEqual([]);
  });
});
