import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sanitiseFileName } from './sanitise-file-name.ts';

describe('INP-04: sanitiseFileName', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\win.ini', 'win.ini'],
    ['%2e%2e%2f%2e%2e%2fsecret.txt', 'secret.txt'],
    ['%252e%252e%255csecret.txt', 'secret.txt'],
    ['․․∕secret.txt', 'secret.txt'],
    ['C:\\Users\\me\\notes.txt', 'notes.txt'],
    ['..%c0%af..%c0%afsecret.txt', '.._.._secret.txt'],
  ])('keeps only the last segment of %p', (name, expected) => {
    expect(sanitiseFileName(name)).toBe(expected);
  });

  it.each([
    ['report.pdf\0.exe', 'report.pdf.exe'],
    ['report%00.exe', 'report.exe'],
    ['re\u202efdp.exe', 'refdp.exe'],
    ['a\u200bb\ufeff.txt', 'ab.txt'],
    ['line\nbreak.txt', 'linebreak.txt'],
    ['page.aspx::$DATA', 'page.aspx__$DATA'],
    ['.env', 'env'],
    ['name.txt. . .', 'name.txt'],
  ])('removes what can hide in %p', (name, expected) => {
    expect(sanitiseFileName(name)).toBe(expected);
  });

  it.each(['NUL', 'con.txt', 'COM1.pdf', 'lpt9', 'aux.html'])(
    'defuses the device name %p',
    (name) => {
      expect(sanitiseFileName(name)).toBe(`_${name}`);
    },
  );

  it.each(['', '.', '..', '/', '...', ' ', '\0', '%2e%2e'])(
    'names %p as nothing else could',
    (name) => {
      expect(sanitiseFileName(name)).toBe('document');
    },
  );

  it('cuts a long name but keeps its ending', () => {
    const name = sanitiseFileName(`${'é'.repeat(4_000)}.docx`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
    expect(name).toMatch(/^é+\.docx$/);
  });

  it.each([
    '日本語.txt',
    'résumé.PDF',
    'a.b.c.txt',
    '100% ferdig.pptx',
    '..foo.txt',
    'Årsrapport 2024 (endelig).xlsx',
  ])('leaves the ordinary name %p as it is', (name) => expect(sanitiseFileName(name)).toBe(name));

  it('gives one visible segment for any name, and the same again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const safe = sanitiseFileName(name);
        expect(safe).not.toMatch(/[/\\:*?"<>|\p{C}]|^\.{1,2}$|^\s|[\s.]$/u);
        expect(Buffer.byteLength(safe)).toBeGreaterThan(0);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200);
        expect(sanitiseFileName(safe)).toBe(safe);
      }),
    );
  });

  it('never leaves a separator, whatever mixture of dots, slashes and escapes comes in', () => {
    const piece = fc.constantFrom(
      '.',
      '..',
      '/',
      '\\',
      '%2f',
      '%5c',
      '%2e',
      '%25',
      '%00',
      '2f',
      'a',
      ' ',
      '․',
      '∕',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        expect(sanitiseFileName(pieces.join(''))).not.toMatch(/[/\\]|^\.\.?$/);
      }),
    );
  });
});
