import { describe, expect, it } from '@jest/globals';
import { AppError } from '../app-error.ts';
import { VaultError } from '../vault/vault-client.ts';
import { judgeModel } from './guard-models.ts';
import { judgeVault } from './guard-vault.ts';
import { asUnavailable, isTransient, judgeDatabase, wasRolledBack } from './judge-database.ts';

const coded = (code: string, message = ''): Error => Object.assign(new Error(message), { code });
const judgeControl = (error: unknown) => judgeDatabase(error, { ofTenant: false });
const unavailable = (cause?: unknown): AppError => new AppError('unavailable', 'away', { cause });

describe('what counts as a failure of the database', () => {
  it.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOENT',
    'ETIMEDOUT',
    '57P01',
    '57P03',
    '53300',
    '08006',
  ])('RES-01: %s does, and passes by itself', (code) => {
    expect(judgeControl(coded(code))).toBe('failure');
    expect(isTransient(coded(code))).toBe(true);
  });
  it.each(['23505', '23503', '42501', '42P01', '22P02', '40001', '40P01', '55P03', 'P0001'])(
    'RES-01: %s is an answer',
    (code) => expect(judgeControl(coded(code))).toBe('answer'),
  );
  it('RES-01: a lost line and a pool that gets no connection do', () => {
    expect(judgeControl(new Error('Connection terminated unexpectedly'))).toBe('failure');
    expect(judgeControl(new Error('timeout exceeded when trying to connect'))).toBe('failure');
    expect(judgeControl(new AggregateError([coded('ECONNREFUSED')]))).toBe('failure');
  });
  it('RES-01: a statement that its timeout ends says nothing: the database itself ended it', () => {
    // Five slow lists of one administrator would else close sign-in for everybody.
    expect(judgeControl(coded('57014'))).toBe('nothing');
    // One that does not even say so, does: the driver gave up, or the line.
    expect(judgeControl(new Error('Query read timeout'))).toBe('failure');
    expect(judgeControl(coded('ETIMEDOUT'))).toBe('failure');
  });
  it('RAT-01: slow statements and broken pages of one tenant take the database from nobody', () => {
    const judge = (code: string) => judgeDatabase(coded(code), { ofTenant: true });
    expect(['57014', 'XX001', 'XX002'].map(judge)).toEqual(['nothing', 'nothing', 'nothing']);
    expect(['ECONNREFUSED', '53300', '57P01', '58030', '08006'].map(judge)).toEqual(
      Array.from({ length: 5 }, () => 'failure'),
    );
    expect(judgeControl(coded('XX001'))).toBe('failure');
  });
  it('RES-01: a refusal of ours is an answer; a slip and the key service say nothing of it', () => {
    expect(judgeControl(new AppError('not_found', 'no'))).toBe('answer');
    expect(judgeControl(unavailable())).toBe('nothing');
    expect(judgeControl(new TypeError('slip'))).toBe('nothing');
  });
  it('RES-02: only a refused COMMIT is known not to have happened', () => {
    expect(wasRolledBack(coded('40001'))).toBe(true);
    expect(wasRolledBack(coded('57P01'))).toBe(false);
    expect(wasRolledBack(coded('ECONNRESET'))).toBe(false);
  });
  it('RES-03: what a client is told names no internals, and says when the outcome is unknown', () => {
    const refused = coded('ECONNREFUSED', 'connect ECONNREFUSED /run/casemate/postgresql');
    expect(asUnavailable(refused, false)).toMatchObject({
      status: 503,
      message: 'The database does not answer; try again in a moment',
      retryAfterSeconds: 5,
    });
    expect(String(asUnavailable(refused, true))).toContain('look whether it did');
    expect(asUnavailable(coded('55P03'), false)).toMatchObject({
      status: 503,
      message: 'Somebody is changing the same; try again in a moment',
      retryAfterSeconds: 2,
    });
    const broken = coded('23505');
    expect(asUnavailable(broken, false)).toBe(broken);
  });
});

describe('what counts as a failure of the key service', () => {
  it('RES-01: no answer, 5xx and sealed do; a refusal and one tenant’s seal do not', () => {
    expect(judgeVault(unavailable({ response: { statusCode: 503 } }))).toBe('failure');
    expect(judgeVault(unavailable())).toBe('failure');
    expect(judgeVault(new VaultError(429, 'busy', undefined))).toBe('failure');
    for (const status of [400, 403, 404])
      expect(judgeVault(new VaultError(status, 'no', undefined))).toBe('answer');
    expect(judgeVault(new AppError('sealed', 'one tenant'))).toBe('answer');
    expect(judgeVault(new TypeError('slip'))).toBe('nothing');
  });
});

describe('what counts as a failure of the model server', () => {
  it('RES-01: no answer, 5xx and patience that ended do', () => {
    expect(judgeModel(unavailable(coded('ECONNREFUSED')))).toBe('failure');
    expect(judgeModel(new AppError('model_failed', 'x', { cause: { status_code: 500 } }))).toBe(
      'failure',
    );
    expect(judgeModel(new DOMException('slow', 'TimeoutError'))).toBe('failure');
  });
  it('RES-01: a model that is not installed and a reader that went away do not', () => {
    expect(judgeModel(unavailable({ status_code: 404 }))).toBe('answer');
    expect(judgeModel(new Error('stopped'), AbortSignal.abort())).toBe('nothing');
  });
});
