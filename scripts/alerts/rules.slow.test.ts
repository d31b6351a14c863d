import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ALERT_RULES, prometheusRules } from '../../server/src/observability/index.ts';
import { findTool } from '../chart/helm.ts';
import { promtoolTests } from './promtool-tests.ts';

const rulesFile = path.resolve(import.meta.dirname, '../../helm/casemate/files/alert-rules.yaml');
const promtool = findTool('promtool');

if (promtool === null)
  it.skip('the rules by promtool (untested: scripts/chart/build-tools.sh was not run)', () => {
    expect(promtool).toBeNull();
  });
else
  describe('OBS-01: the rules of the alerts, in Prometheus', () => {
    let dir: string;
    beforeAll(() => {
      dir = mkdtempSync(path.join(tmpdir(), 'cmr-'));
    });
    afterAll(() => rmSync(dir, { recursive: true }));
    const run = (...words: string[]) => {
      const { status, stdout, stderr } = spawnSync(promtool, words, { encoding: 'utf8' });
      return { status, said: stdout + stderr };
    };
    const write = (name: string, text: string): string => {
      const file = path.join(dir, name);
      writeFileSync(file, text);
      return file;
    };

    it('OBS-01: a rule that promtool can not read, and one that fires too late, are noticed', () => {
      const broken = readFileSync(rulesFile, 'utf8').replace(
        'casemate_part_up == 0',
        'casemate_part_up ==',
      );
      expect(run('check', 'rules', write('broken.yaml', broken)).status).not.toBe(0);
      const late = ALERT_RULES.map((rule) => ({ ...rule, forMinutes: rule.forMinutes + 5 }));
      const lateFile = write('late.yaml', prometheusRules(late));
      const { status, said } = run(
        'test',
        'rules',
        write('t.json', promtoolTests(ALERT_RULES, lateFile)),
      );
      expect(status).not.toBe(0);
      for (const { name } of ALERT_RULES) expect(said).toContain(name);
    });

    it('OBS-01: promtool reads all of them', () => {
      const { status, said } = run('check', 'rules', rulesFile);
      expect([status, said]).toEqual([
        0,
        expect.stringContaining(`${ALERT_RULES.length + 1} rules found`),
      ]);
    });

    it('OBS-01: each is silent in calm, fires when it has lasted, and ends', () => {
      const tests = write('tests.json', promtoolTests(ALERT_RULES, rulesFile));
      expect(run('test', 'rules', tests)).toEqual({
        status: 0,
        said: expect.stringContaining('SUCCESS'),
      });
    });

    it('OBS-01: the cases worth a look hold', () => {
      const text = readFileSync(path.join(import.meta.dirname, 'rules.promtool.yaml'), 'utf8');
      const tests = write('cases.yaml', text.replace('- FILE', `- ${rulesFile}`));
      expect(run('test', 'rules', tests)).toEqual({
        status: 0,
        said: expect.stringContaining('SUCCESS'),
      });
    });
  });
