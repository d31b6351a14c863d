import { describe, expect, it } from '@jest/globals';
import { GATES } from './gates.ts';
import { parseRequest } from './parse-request.ts';

const names = (...args: string[]) => parseRequest(args, GATES).gates.map(({ name }) => name);

describe('parseRequest', () => {
  it('refuses a path without a suite', () => {
    expect(() => names('server/src')).toThrow('paths follow a suite');
    expect(() => names('lint', 'server/src')).toThrow('paths follow a suite');
  });
  it('refuses an unknown flag', () => {
    expect(() => names('--everything')).toThrow('--everything');
  });
  it('runs every quick gate when none is named, and the slow ones with --all or by name', () => {
    const slow = GATES.filter((gate) => gate.slow).map(({ name }) => name);
    expect(slow).toContain('sabotage');
    expect(names()).toEqual(GATES.filter((gate) => !gate.slow).map(({ name }) => name));
    expect(names('--all')).toEqual(GATES.map(({ name }) => name));
    expect(names('sabotage')).toEqual(['sabotage']);
  });
  it('keeps the order of the table', () => {
    expect(names('unit', 'lint')).toEqual(['lint', 'unit']);
  });
  it('hands paths to the suite', () => {
    expect(parseRequest(['db', 'a', 'b'], GATES)).toMatchObject({ paths: ['a', 'b'], all: false });
  });
  it('needs no part of the appliance for --fast', () => {
    const { gates } = parseRequest(['--fast'], GATES);
    expect(gates.flatMap(({ needs }) => needs)).toEqual([]);
    expect(gates.length).toBeGreaterThan(3);
  });
});
