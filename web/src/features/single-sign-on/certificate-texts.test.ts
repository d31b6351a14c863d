import { describe, expect, it } from '@jest/globals';
import { readCertificates, writeCertificates } from './certificate-texts.ts';

describe('certificates as text', () => {
  const [one, two] = ['A'.repeat(100), 'B'.repeat(64)];

  it('are read as they were written, each by itself', () => {
    const read = readCertificates(writeCertificates([one, two]));
    expect(read.map((text) => text.replace(/-----[A-Z ]+-----|\n/g, ''))).toEqual([one, two]);
  });

  it('are taken without their frame, too, with an empty line between them', () => {
    expect(readCertificates(`${one}\n \n\n${two}\n`)).toEqual([one, two]);
    expect(readCertificates(' \n\n')).toEqual([]);
  });
});
