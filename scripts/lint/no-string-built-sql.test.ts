import { describe, expect, it } from '@jest/globals';
import { lintSample } from './lint-sample.ts';

const built = expect.stringContaining('SQL built from strings');
const opaque = expect.stringContaining('not a constant of this file');

describe('no-string-built-sql', () => {
  it.each([
    ['a template with a value', 'tx.query(`select ${column} from t`)'],
    ['a sum with a value', "tx.query('select * from t where id = ' + id)"],
    ['a sum of templates', 'tx.query(`select 1 ` + `where ${what}`)'],
    ['an object with a built text', 'client.query({ text: `select ${a}`, values: [] })'],
    ['a built constant', 'const sql = `select ${a}`; tx.query(sql)'],
    [
      'a fragment in a constant',
      'const where = `id = ${id}`; tx.execute(`select 1 where ${where}`)',
    ],
    [
      'an imported fragment',
      "import { order } from './x.ts'; tx.query(`select 1 order by ${order}`)",
    ],
  ])('INP-01: refuses %s', (_what, code) => {
    expect(lintSample(code)).toContainEqual(built);
  });

  it.each([
    'const text = `delete from t where id = ${id}`',
    "const text = 'insert into t values (' + value + ')'",
    'run(`update ${table} set a = 1`)',
    'run(`SET LOCAL ROLE "${role}"`)',
  ])('INP-01: refuses what only looks like SQL: %s', (code) => {
    expect(lintSample(code)).toEqual([built]);
  });

  it.each([
    'function list(tx, sql) { return tx.query(sql) }',
    "let sql = 'select 1'; tx.query(sql)",
    'tx.query(make())',
    'tx.query(parts.join(" "))',
    'const { sql } = options; tx.query(sql)',
  ])('INP-01: refuses a text that is not a constant: %s', (code) => {
    expect(lintSample(code)).toEqual([opaque]);
  });

  it.each([
    "tx.query('select a from t where id = $1', [id])",
    'tx.query(`select a\n from t where id = $1`, [id])',
    "const COLUMNS = 'a, b'; tx.query(`select ${COLUMNS} from t`)",
    "const SQL = 'select 1'; tx.query(SQL)",
    "import { SQL } from './sql.ts'; tx.query(SQL)",
    'tx.query(`create schema "${tenantName(id)}"`)',
    'const name = tenantName(id); tx.query(`create schema "${name}"`)',
    'log.info(`selected ${count} rows`)',
    'const say = `Update the settings of ${name}`',
  ])('allows %s', (code) => {
    expect(lintSample(code)).toEqual([]);
  });
});
