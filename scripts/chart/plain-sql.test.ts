import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { plainSql } from './plain-sql.ts';

describe('SQL for whoever has no psql', () => {
  it('refuses a command of psql that it does not know, and a loop over nothing', () => {
    expect(() => plainSql('begin;\n\\copy a from b\n')).toThrow('\\copy a from b');
    expect(() => plainSql('begin;\n\\gexec\n')).toThrow('behind no select');
  });

  it('turns what is executed for each row into a loop, and leaves out what hangs on variables', () => {
    const text = `\\set ON_ERROR_STOP on\nbegin;\nselect format('a %s', b)\nfrom c as b\n\\gexec\n\\if :{?d}\nselect 1\n\\gexec\n\\endif\ncommit;\n`;
    expect(plainSql(text)).toBe(
      `begin;\ndo $each$ declare statement text; begin\nfor statement in select format('a %s', b)\nfrom c as b loop execute statement; end loop;\nend $each$;\ncommit;\n`,
    );
  });

  it('leaves no command of psql in bootstrap.sql', () => {
    const file = path.resolve(import.meta.dirname, '../../server/migrations/bootstrap.sql');
    expect(plainSql(readFileSync(file, 'utf8'))).not.toMatch(/^\\|:'|:\{/m);
  });
});
