import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { findOutsideOrigins, outsideOrigins } from './find-outside-origins.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'cmd-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('origins in the dashboard', () => {
  it.each([
    ['a script', '<script src="https://cdn.example/a.js">', 'https://cdn.example/a.js'],
    ['a font', "@font-face{src:url('//fonts.example/x.woff2')}", '//fonts.example/x.woff2'],
    ['a beacon', 'navigator.sendBeacon(`https://t.example/v1`)', 'https://t.example/v1'],
    ['a socket', 'new WebSocket("wss://push.example/")', 'wss://push.example/'],
    ['a port', 'fetch("http://localhost:9999/x")', 'http://localhost:9999/x'],
    ['a host that begins alike', '"http://localhost.example"', 'http://localhost.example'],
  ])('DEP-07: finds an address of another origin: %s', (_what, text, url) => {
    expect(outsideOrigins(text)).toEqual([url]);
  });

  it('leaves names of vocabularies, texts of errors and comments in paths alone', () => {
    const text = `a("http://www.w3.org/2000/svg");throw Error("https://react.dev/errors/123");"/api//x"; // y`;
    expect(outsideOrigins(text)).toEqual([]);
  });

  it('DEP-07: a built page that loads from elsewhere is named, and nothing built is no proof', () => {
    expect(() => findOutsideOrigins(dir)).toThrow('build the dashboard first');
    writeFileSync(path.join(dir, 'index.html'), '<link href="https://fonts.example/css">');
    writeFileSync(path.join(dir, 'a.js'), 'fetch("/api/me")');
    writeFileSync(path.join(dir, 'a.css'), '.a{color:red}');
    expect(findOutsideOrigins(dir)).toEqual([
      { file: 'index.html', url: 'https://fonts.example/css' },
    ]);
  });
});
